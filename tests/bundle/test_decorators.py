"""Decorators between `@kfpkit.component` and `def` ship and run, as Python runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import kfpkit

_SOURCES = Path(kfpkit.__file__).parent.parent
DOUBLED = (
    "import functools\nimport kfpkit\n\ndef doubled(f):\n    @functools.wraps(f)\n"
    "    def inner(*args, **kwargs):\n        return 2 * f(*args, **kwargs)\n    return inner\n\n"
    "def times(n):\n    def wrap(f):\n        @functools.wraps(f)\n        def inner(**k):\n"
    "            return n * f(**k)\n        return inner\n    return wrap\n\n"
)
SCORE = "def score(a: int) -> int:\n    return a + 1\n"
COMPONENT = "@kfpkit.component(base_image='x')\n"
CASES = {
    "one": f"{DOUBLED}{COMPONENT}@doubled\n{SCORE}",
    "several, with arguments": f"{DOUBLED}{COMPONENT}@doubled\n@times(\n    5,\n)\n{SCORE}",
    "above as well": f"{DOUBLED}def seen(c):\n    return c\n@seen\n{COMPONENT}@doubled\n{SCORE}",
    "annotations as text": (
        f"from __future__ import annotations\n{DOUBLED}{COMPONENT}@doubled\n{SCORE}"
    ),
    "a call in place of a decorator": (
        f"{DOUBLED}@doubled\n{SCORE}\nmade = kfpkit.component(base_image='x')(score)\n"
    ),
    "a partial": (
        f"{DOUBLED}component = functools.partial(kfpkit.component, base_image='x')\n"
        f"@component\n@doubled\n{SCORE}"
    ),
    "a function around KFP's decorator": (
        "from kfp import dsl\n"
        f"{DOUBLED}def lean(f):\n    return dsl.component(f, base_image='x')\n"
        f"@lean\n@doubled\n{SCORE}"
    ),
    "a helper around KFP's decorator": (
        f"from fraud.made import lean\n{DOUBLED}@lean(image='x')\n@doubled\n{SCORE}"
    ),
    "a helper's decorator": (
        f"from fraud.timing import tripled\nimport kfpkit\n{COMPONENT}@tripled\n{SCORE}"
    ),
    "a component that another calls": (
        f"{DOUBLED}{COMPONENT}@doubled\ndef half(a: int) -> int:\n    return a\n\n"
        f"{COMPONENT}def score(a: int) -> int:\n    return half(a=a) if callable(half) else 0\n"
    ),
}
FILES = {
    "fraud/made.py": (
        "from kfp import dsl\n\ndef lean(image):\n"
        "    return lambda f: dsl.component(f, base_image=image)\n"
    ),
    "fraud/timing.py": (
        "import functools\n\ndef tripled(f):\n    @functools.wraps(f)\n"
        "    def inner(**k):\n        return 3 * f(**k)\n    return inner\n"
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_decorators_of_the_function_ship_and_run(bundled, run, project, case):
    files = {"fraud/pipeline.py": CASES[case], **FILES}
    done = run(bundled(files), {"a": 1})
    assert done.code == 0, done.stderr
    called = subprocess.run(
        [
            sys.executable,
            "-c",
            "from fraud.pipeline import score; print(getattr(score, 'python_func', score)(a=1))",
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(project({})), str(_SOURCES)])},
        capture_output=True,
        text=True,
        check=False,
    )
    expected = {"a component that another calls": "2"}.get(case) or called.stdout.strip()
    assert str(done.value) == expected, called.stderr


def test_a_decorator_that_hides_the_function_is_refused(project):
    root = project(
        {
            "fraud/pipeline.py": (
                "import kfpkit\n\ndef hidden(f):\n    def inner(a: int) -> int:\n"
                f"        return f(a)\n    return inner\n\n{COMPONENT}@hidden\n{SCORE}"
            )
        }
    )
    shown = subprocess.run(
        [sys.executable, "-m", "kfpkit", "bundle", "show", "fraud/pipeline.py:score"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 1
    assert "pipeline.py:5" in shown.stderr
    assert "functools.wraps" in shown.stderr
