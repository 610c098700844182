"""Temporary folders, and what is left of them by processes that were killed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from kfpkit.scratch import temporary_folder

WAITS = """\
import sys
from kfpkit.scratch import temporary_folder
with temporary_folder("tests") as folder:
    (folder / "file").write_text("content")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """Have a folder of the test's own for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def process():
    """Start a process that has a folder, until its standard input ends."""
    command = [sys.executable, "-c", WAITS]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as found:
        yield found
        found.kill()


def test_a_folder_is_private_and_leaves_nothing(temporary):
    with temporary_folder("tests") as folder:
        (folder / "file").write_text("content")
        assert folder.parent == temporary
        assert folder.name.startswith("kfpkit-tests-")
        assert folder.stat().st_mode & 0o077 == 0

    assert list(temporary.iterdir()) == []


def test_a_folder_leaves_nothing_when_something_goes_wrong(temporary):
    with pytest.raises(OSError, match="full"), temporary_folder("tests"):
        raise OSError("full")

    assert list(temporary.iterdir()) == []


def test_a_folder_of_a_living_process_stays_and_that_of_a_killed_one_goes(temporary, process):
    left = process.stdout.readline().strip()
    with temporary_folder("tests"):
        assert temporary.joinpath(left, "file").is_file()

    process.kill()
    process.wait()
    assert temporary.joinpath(left, "file").is_file()
    with temporary_folder("other") as folder:
        assert sorted(temporary.iterdir()) == [folder, folder.with_name(f"{folder.name}.lock")]

    assert list(temporary.iterdir()) == []


def test_what_has_no_lock_of_kfpkits_is_left_alone(temporary):
    temporary.joinpath("kfpkit-other").mkdir()
    temporary.joinpath("poetry.lock").touch()
    temporary.joinpath("kfpkit-link.lock").symlink_to(temporary / "poetry.lock")

    with temporary_folder("tests"):
        pass

    assert sorted(path.name for path in temporary.iterdir()) == [
        "kfpkit-link.lock",
        "kfpkit-other",
        "poetry.lock",
    ]


def test_many_have_a_folder_each_at_the_same_time(temporary):
    def use(number: int) -> str:
        with temporary_folder("tests") as folder:
            (folder / "number").write_text(str(number))
            return (folder / "number").read_text()

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(use, range(200))) == [str(number) for number in range(200)]

    assert list(temporary.iterdir()) == []
