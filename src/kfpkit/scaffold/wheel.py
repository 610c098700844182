"""kfpkit's own wheel, for a project that can't install kfpkit from a package index.

An installer records the origin of a distribution, unless that was an index: a wheel, a folder, or a
repository. A lock with hashes can contain only a wheel, so the project gets one.
"""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from kfpkit.errors import WheelNotMadeError

README = """\
# Wheels

When this project was created, kfpkit was not installed from a package index, so the project
contains its wheel, and `make install` uses it. When your index provides kfpkit, delete this folder
and run `make lock`.
"""


def read_installed_version() -> str:
    """Return the version of the running kfpkit."""
    return importlib.metadata.version("kfpkit")


def keep_own_wheel(folder: Path) -> bool:
    """Put a wheel of the running kfpkit into a folder, unless an index has it.

    Args:
        folder: The folder. It is created if necessary.

    Returns:
        Whether there is a wheel.

    Raises:
        WheelNotMadeError: The wheel is needed, but can't be built.
    """
    recorded = importlib.metadata.distribution("kfpkit").read_text("direct_url.json")
    if recorded is None:
        return False
    folder.mkdir()
    origin = json.loads(recorded)
    wheel = _find_local_wheel(origin)
    if wheel is not None:
        shutil.copyfile(wheel, folder / wheel.name)
    else:
        _build(_requirement(origin), folder)
    (folder / "README.md").write_text(README, encoding="utf-8")
    return True


def _find_local_wheel(origin: Mapping[str, Any]) -> Path | None:
    """Return the wheel that kfpkit was installed from, if it still exists on this machine."""
    address = urlparse(origin["url"])
    path = Path(unquote(address.path))
    is_wheel = address.scheme == "file" and path.suffix == ".whl" and path.is_file()
    return path if is_wheel else None


def _requirement(origin: Mapping[str, Any]) -> str:
    """Return pip's requirement for the origin that kfpkit was installed from."""
    address: str = origin["url"]
    if "vcs_info" in origin:
        info = origin["vcs_info"]
        address = f"{info['vcs']}+{address}@{info['commit_id']}"
    if "subdirectory" in origin:
        address += f"#subdirectory={origin['subdirectory']}"
    return address


def _build(requirement: str, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-input"]
    done = subprocess.run(
        [*command, "--wheel-dir", str(folder), requirement],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise WheelNotMadeError(origin=requirement, said=done.stdout)
