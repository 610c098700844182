"""Files that ship and cannot be read are named, with the component that ships them."""

from __future__ import annotations

from pathlib import Path

import pytest
from bundle.conftest import function_of

from kfpkit.bundle import collect
from kfpkit.errors import UnreadableFileError
from kfpkit.project import find_project
from tests.permissions import make_shared_folder, withdraw_rights

CHECK = """
from pathlib import Path
from fraud import rates


def check():
    return rates.RATE, Path(__file__).with_name("limits.json").read_text()
"""


def write_project(root: Path) -> None:
    (root / "fraud").mkdir()
    (root / "pyproject.toml").write_text("[tool.kfpkit]\n")
    (root / "fraud/limits.json").write_text("{}")
    for name, text in (("__init__", ""), ("rates", "RATE = 1\n"), ("check", CHECK)):
        (root / f"fraud/{name}.py").write_text(text)


def collect_check(root: Path) -> None:
    collect(function_of(root / "fraud/check.py", "check"), project=find_project(root))


@pytest.mark.parametrize("name", ["fraud/limits.json", "fraud/rates.py"])
def test_a_file_without_the_right_to_read_it_is_named(name):
    with make_shared_folder() as other, make_shared_folder() as root:
        write_project(other)
        collect_check(other)  # now all modules that collecting needs are imported
        write_project(root)
        with withdraw_rights(root / name), pytest.raises(UnreadableFileError) as caught:
            collect_check(root)

    assert caught.value.file == root / name
    assert "cannot be read: Permission denied. Correct the file or its" in str(caught.value)
