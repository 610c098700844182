"""Copies of a library become links; every name still opens."""

from __future__ import annotations

import subprocess
import sys

from kfpkit.environments.recipe.in_build import library_copies

NAMES = ("libarrow.so", "libarrow.so.2600", "libarrow.so.2600.1.0")


def test_copies_become_links_to_the_name_that_the_loader_asks_for(tmp_path):
    folder = tmp_path / "pyarrow"
    folder.mkdir()
    for name in NAMES:
        (folder / name).write_bytes(b"the library")
    subprocess.run([sys.executable, "-I", library_copies.__file__, str(tmp_path)], check=True)

    assert {name: (folder / name).read_bytes() for name in NAMES} == dict.fromkeys(
        NAMES, b"the library"
    )
    assert [(folder / name).is_symlink() for name in NAMES] == [True, False, True]
    assert (folder / NAMES[0]).readlink().name == NAMES[1]


def test_what_differs_in_name_folder_or_content_stays_a_file(tmp_path):
    files = {
        "one/libarrow.so.1": b"the library",
        "two/libarrow.so.1": b"the library",
        "one/libother.so.1": b"the library",
        "one/libarrow.so.2": b"the lobrary",
        "one/libarrow.so.3.1": b"a larger library",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    library_copies.link_copies(tmp_path)

    assert not any((tmp_path / name).is_symlink() for name in files)
    assert {name: (tmp_path / name).read_bytes() for name in files} == files
