"""A virtual environment over another one: it sees that one's packages, and has pip.

What is installed into it stays in it, before what the other one has. It is a few links and files,
written here without starting a Python, so each task can have one of its own. pip is the wheel that
Python itself brings, used where it lies: nothing is downloaded.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from kfpkit.environments.venvs import python_of
from kfpkit.local.record import writing

_CONFIGURATION = "pyvenv.cfg"
_PIP_MODULE = Path(__file__).parent / "in_venv" / "pip.py"
_PIP = """\
#!/bin/sh
exec "$(dirname "$0")/python" -m pip "$@"
"""


@contextlib.contextmanager
def laid_over(below: Path, folder: Path) -> Iterator[Path]:
    """Have a virtual environment over another one while the context lasts.

    Args:
        below: The folder of the one that is below, which stays as it is.
        folder: The folder of the new one.

    Yields:
        The new folder.

    Raises:
        RunFolderError: It cannot be written.
    """
    try:
        with writing(folder.parent):
            _lay_over(below, folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lay_over(below: Path, folder: Path) -> None:
    [packages] = below.glob("lib/python3.*/site-packages")
    own = folder / packages.relative_to(below)
    programs = folder / "bin"
    own.mkdir(parents=True)
    programs.mkdir()
    # Where a system's Python puts compiled packages there, pip does so too.
    (folder / "lib64").symlink_to("lib")
    (folder / _CONFIGURATION).write_bytes((below / _CONFIGURATION).read_bytes())
    (own / "kfpkit.pth").write_text(f"{packages}\n", encoding="utf-8")
    (own / "pip.py").write_bytes(_PIP_MODULE.read_bytes())
    for name in ("python", "python3", own.parent.name):
        (programs / name).symlink_to(python_of(below).readlink())
    for name in ("pip", "pip3"):
        (programs / name).write_text(_PIP, encoding="utf-8")
        (programs / name).chmod(0o755)
