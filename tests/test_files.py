"""Files are there as a whole, and are written by one process at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from kfpkit import files


def test_a_file_and_its_folder_are_written(tmp_path):
    file = tmp_path / "new" / "folder" / "file.json"

    files.replace(file, b"content")

    assert file.read_bytes() == b"content"
    assert [entry.name for entry in file.parent.iterdir()] == ["file.json"]


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_the_umask_decides_who_may_read_it(tmp_path, umask, mode):
    before = os.umask(umask)
    try:
        files.replace(tmp_path / "file", b"")
    finally:
        os.umask(before)

    assert (tmp_path / "file").stat().st_mode & 0o777 == mode


def test_what_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "taken" / "inside").mkdir(parents=True)

    with pytest.raises(OSError, match="taken"):
        files.replace(tmp_path / "taken", b"content")

    assert [entry.name for entry in tmp_path.iterdir()] == ["taken"]


def test_nobody_reads_half_a_file(tmp_path):
    file = tmp_path / "file"
    texts = [letter * 500_000 for letter in (b"a", b"b")]
    files.replace(file, texts[0])

    with ThreadPoolExecutor(2) as threads:
        writing = [threads.submit(files.replace, file, text) for text in texts * 20]
        while not all(future.done() for future in writing):
            assert file.read_bytes() in texts

    assert [future.exception() for future in writing] == [None] * 40


def test_an_edit_is_another_state(tmp_path):
    file = tmp_path / "file"
    states = [files.read_state(file)]
    for content in (b"first", b"longer"):
        files.replace(file, content)
        states += [files.read_state(file)]

    assert len(set(states)) == 3
    assert states[0] == ()
    assert files.read_state(file) == states[-1]


def test_a_free_lock_is_held_at_once(tmp_path):
    for _ in range(2):
        with files.held(tmp_path / "lock", waiting=pytest.fail):
            pass


def test_a_thread_waits_for_another_and_says_so(tmp_path):
    waiting = threading.Event()
    done: list[str] = []

    def follow() -> None:
        with files.held(tmp_path / "lock", waiting=waiting.set):
            done.append("second")

    with ThreadPoolExecutor(1) as threads:
        with files.held(tmp_path / "lock", waiting=pytest.fail):
            follower = threads.submit(follow)
            assert waiting.wait(timeout=30)
            done.append("first")
        follower.result(timeout=30)

    assert done == ["first", "second"]


HOLD = """
import sys
from pathlib import Path
from kfpkit import files
with files.held(Path(sys.argv[1]), waiting=print):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_process_that_is_killed_holds_no_lock(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one:
        assert one.stdout is not None
        assert one.stdout.readline() == "held\n"
        one.kill()

    with files.held(tmp_path / "lock", waiting=pytest.fail):
        pass
