"""A virtual environment on top of another one, with the other's packages and with pip.

Packages that are installed into it stay in it, and take precedence over those of the other one. It
consists of a few links and files, written without starting a Python, so each task can have its own.
pip is the wheel that Python itself contains, used in place, so nothing is downloaded.
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
    """Provide a virtual environment on top of another one while the context lasts.

    Args:
        below: The folder of the other one, which doesn't change.
        folder: The folder of the new one.

    Yields:
        The new folder.

    Raises:
        RunFolderError: It can't be written.
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
