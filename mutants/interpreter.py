"""A virtual environment that has the packages of this one, and the code of a copy.

The author's environment finds kfpkit in the repository, for every process that a test starts. Tests
of a copy have to find the copy, whatever they do to `PYTHONPATH`.
"""

from __future__ import annotations

import shutil
import sys
import sysconfig
import venv
from collections.abc import Mapping
from pathlib import Path


def make_interpreter(repository: Path, modules: Mapping[str, Path]) -> None:
    """Make `.venv` in a copy of the repository.

    Args:
        repository: The copy.
        modules: Further modules that it can import, by name.
    """
    folder = repository / ".venv"
    venv.EnvBuilder(symlinks=True, with_pip=False).create(folder)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    ours = sysconfig.get_path("purelib")
    # The copy's code comes first: the packages below hold a path to the repository.
    text = f"{repository / 'src'}\nimport site; site.addsitedir({ours!r})\n"
    (packages / "copy.pth").write_text(text)
    for name, file in modules.items():
        shutil.copy(file, packages / f"{name}.py")
    for script in Path(sys.executable).parent.iterdir():
        _carry_over(script, folder / "bin")


def _carry_over(script: Path, folder: Path) -> None:
    """Copy a command that runs with this interpreter, for the other one."""
    target = folder / script.name
    if target.exists() or script.is_symlink() or not script.is_file():
        return
    content = script.read_bytes()
    ours = f"#!{sys.executable}".encode()
    if content.startswith(ours):
        content = f"#!{folder / 'python'}".encode() + content[len(ours) :]
    target.write_bytes(content)
    shutil.copymode(script, target)
