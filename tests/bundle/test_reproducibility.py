"""The same files give the same bytes, and an edit costs what reaches it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kfpkit.bundle import encode

SCRIPT = """
import os, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
os.umask(int(sys.argv[2], 8))
from conftest import function_of
from kfpkit.bundle import collect, encode
from kfpkit.project.project import find_project
root = Path(sys.argv[1])
bundle = collect(
    function_of(root / "fraud/pipeline.py"), project=find_project(root), helpers=["rules"],
    embedded_artifact=root / "assets",
)
print(bundle.digest, *encode(bundle, carry_runtime=True))
"""
FILES = {
    "fraud/pipeline.py": (
        "from fraud import a, b\nX, Y, Z = 1, 2, 3\nT = {}\nT['x'] = 1\n"
        "def score(v: Optional[int], m: List[Any]) -> Dict:\n    return a.f(b, X, Y, Z, T, Model)\n"
    ),
    "fraud/a.py": "from fraud import b\nimport numpy, pandas\ndef f(): pass\n",
    "fraud/b.py": "",
    "rules/__init__.py": "",
    "rules/one.sql": "",
    "rules/two.yaml": "",
    "assets/one.bin": "1",
    "assets/deep/two.bin": "2",
}


def compiled(root, umask="022", **environment):
    script = SCRIPT.format(tests=str(Path(__file__).parent))
    return subprocess.run(
        [sys.executable, "-c", script, str(root), umask],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    ).stdout


def test_another_clone_at_another_time_gives_the_same_bytes(project, tmp_path):
    root = project(FILES)
    first = compiled(root, TZ="UTC", PYTHONHASHSEED="1")
    other = tmp_path / "elsewhere" / "clone"
    shutil.copytree(root, other)
    for index, file in enumerate(sorted(other.rglob("*"))):
        os.utime(file, (index, 10**9 + index))
        file.chmod(0o700)
    again = compiled(
        other, umask="077", TZ="Asia/Tokyo", PYTHONHASHSEED="2", USER="other", LC_ALL="C"
    )
    assert again == first


def test_byte_code_beside_embedded_files_does_not_ship(project):
    root = project(FILES)
    first = compiled(root)
    (root / "assets/deep/__pycache__").mkdir()
    (root / "assets/deep/__pycache__/two.cpython-311.pyc").write_bytes(b"time")
    assert compiled(root) == first


def digest(bundle):
    return hashlib.sha256("".join(encode(bundle)).encode()).hexdigest()


PIPELINE = """\
from fraud import first, second

def one(a: int) -> int:
    return first.f(a)

def two(a: int) -> int:
    return second.f(a)
"""
PROJECT = {
    "fraud/pipeline.py": PIPELINE,
    "fraud/first.py": "def f(a): return a\n",
    "fraud/second.py": "def f(a): return a\n",
    "fraud/unrelated.py": "",
}


@pytest.mark.parametrize(
    ("file", "content", "changed"),
    [
        ("fraud/first.py", "def f(a): return -a\n", {"one"}),
        ("fraud/second.py", "def f(a): return -a\n", {"two"}),
        ("fraud/unrelated.py", "# a comment\n", set()),
        ("fraud/pipeline.py", PIPELINE.replace("first.f(a)", "first.f(a) + 1"), {"one"}),
        ("fraud/pipeline.py", PIPELINE.replace("second.f(a)", "second.f(a) + 1"), {"two"}),
        ("fraud/pipeline.py", PIPELINE + "\n# the end\nX = 1\n", set()),
    ],
)
def test_an_edit_changes_exactly_what_reaches_it(bundled, file, content, changed):
    before = {name: digest(bundled(PROJECT, name=name)) for name in ("one", "two")}
    edited = {**PROJECT, file: content}
    after = {name: digest(bundled(edited, name=name)) for name in ("one", "two")}
    assert {name for name in before if before[name] != after[name]} == changed


def test_the_digest_depends_on_paths_and_contents(bundled):
    first = bundled(PROJECT, name="one")
    assert first.digest == bundled(PROJECT, name="one").digest
    assert first.digest == hashlib.sha256(first.serialized).hexdigest()
    assert first.digest != bundled(PROJECT, name="two").digest
