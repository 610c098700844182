"""The decorator as a container and an importing program see it."""

from __future__ import annotations

import subprocess
import sys

import kfpkit


def run(code: str, **environment: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    return result.stdout.strip()


def test_the_public_face_is_the_decorator_and_a_constant():
    assert kfpkit.__all__ == ["COMPILE_TIME", "component"]


def test_importing_the_package_loads_neither_kfp_nor_pydantic():
    code = "import sys, kfpkit; print(sorted({'kfp', 'pydantic', 'rich'} & set(sys.modules)))"

    assert run(code) == "[]"


def test_the_command_line_shows_its_help_without_kfp():
    code = (
        "import sys\nfrom kfpkit.cli import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'kfp', 'pydantic', 'rich'} & set(sys.modules)))"
    )

    assert run(code).splitlines()[-1] == "[]"


def test_in_a_container_the_decorator_hands_the_plain_function_back():
    code = (
        "import kfpkit, sys\n"
        "@kfpkit.component\ndef one(a: int) -> int:\n    return a + 1\n"
        "@kfpkit.component(environment='gcp', helpers=['x'])\ndef two(a: int) -> int:\n"
        "    return one(a) + 1\n"
        "print(two(1), 'kfp' in sys.modules)"
    )

    assert run(code, _KFP_RUNTIME="true") == "3 False"
