"""Files go, and their folders look as if nothing had happened."""

from __future__ import annotations

import subprocess
import sys

from kfpkit.environments.recipe.in_build import removal


def test_files_and_links_go_and_folders_get_their_time(tmp_path):
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("mawk", "cat"):
        (folder / name).touch()
    (folder / "awk").symlink_to("/etc/alternatives/awk")
    listed = "".join(f"{folder}/{name}\n" for name in ("mawk", "awk", "absent"))
    command = [sys.executable, "-I", removal.__file__]
    environ = {"SOURCE_DATE_EPOCH": "315532800"}
    subprocess.run(command, input=listed, text=True, check=True, env=environ)

    assert [file.name for file in folder.iterdir()] == ["cat"]
    assert folder.stat().st_mtime == 315532800
