"""What you write is what runs: inert, kept, or told.

Python itself is the yardstick: the whole module is imported and the function called directly.
"""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import pytest

import kfpkit
from kfpkit.bundle import LeftOutWarning
from kfpkit.bundle.own_module.deciding.decisions import Verdict

from .own_module_cases import CASES, Case

_SOURCES = Path(kfpkit.__file__).parent.parent
_CALL = "from fraud.pipeline import score; print(getattr(score, 'python_func', score)(a=1))"


@dataclass(frozen=True)
class Environment:
    """An environment that has some packages and this Python."""

    import_names: dict[str, Environment]
    name: str = "small"
    python: str = "{}.{}".format(*sys.version_info)

    @property
    def description(self) -> Environment:
        """What has its Python version."""
        return self

    @classmethod
    def of(cls, names: tuple[str, ...]) -> Environment | None:
        """Return an environment with packages; None without any, for a foreign image."""
        return cls(dict.fromkeys(names, cls({}))) if names else None


def answer_of(root: Path) -> str:
    """Call the function as Python does, with the whole module imported."""
    path = os.pathsep.join([str(root), str(_SOURCES)])
    called = subprocess.run(
        [sys.executable, "-c", _CALL],
        env={**os.environ, "PYTHONPATH": path, "_KFP_RUNTIME": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert called.returncode == 0, called.stderr
    return called.stdout.splitlines()[-1]


@pytest.mark.parametrize("case", [pytest.param(CASES[name], id=name) for name in CASES])
def test_a_task_answers_as_the_function_does_or_the_author_is_told(
    bundled, run, project, case: Case
):
    files = {"fraud/pipeline.py": case.module, **case.files}
    root = project(files)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        bundle = bundled(files, environment=Environment.of(case.provided))
    told = [each for each in caught if each.category is LeftOutWarning]
    if case.verdict == "told":
        assert [each.lineno for each in told] == [case.line]
        decision = next(each for each in bundle.decisions if each.line == case.line)
        assert decision.verdict is Verdict.TOLD
        assert "COMPILE_TIME" in str(told[0].message)
        assert run(bundle, {"a": 1}).code == 0
        return
    assert not told
    done = run(bundle, {"a": 1})
    assert done.code == 0, done.stderr
    assert done.value == answer_of(root)
