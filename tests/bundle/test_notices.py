"""What an author is told reaches the author."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SOURCE = (
    "import warnings\nimport colorsys, time\nimport kfpkit\nfrom kfp import dsl\n{first}\n"
    "time.sleep(0)\n\n"
    "@kfpkit.component(base_image='x')\ndef score(a: int) -> int:\n    return a\n\n"
    "@kfpkit.component(base_image='x')\ndef other(a: int) -> int:\n    return a\n\n"
    "@dsl.pipeline(name='fraud')\ndef fraud():\n    score(a=1)\n    other(a=1)\n"
)
IGNORING = [
    "",
    "warnings.filterwarnings('ignore')",
    "warnings.simplefilter('ignore')",
    "warnings.filterwarnings('ignore', category=UserWarning)",
]


def compiled(project, first: str, **environment: str) -> str:
    root = project({"fraud/pipeline.py": SOURCE.format(first=first)})
    done = subprocess.run(
        [sys.executable, "-m", "kfpkit", "compile", "fraud"],
        cwd=root,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.parametrize("first", IGNORING)
def test_each_is_told_also_where_the_file_ignores_warnings(project, first):
    told = compiled(project, first)
    assert told.count("`time.sleep(0)` does not ship: it acts on `time.sleep`") >= 1
    assert "pipeline.py:6" in told


def test_a_user_may_ignore_them(project):
    assert "does not ship" not in compiled(project, "", PYTHONWARNINGS="ignore")


def test_a_file_may_ignore_them_by_their_category(project):
    first = (
        "from kfpkit.bundle import LeftOutWarning\nwarnings.simplefilter('ignore', LeftOutWarning)"
    )
    assert "does not ship" not in compiled(project, first)
