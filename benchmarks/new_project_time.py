"""Time of `kfpkit init` and the first `make run` of a new project, from the wheel and cold caches.

The caches of kfpkit, pip and uv are empty, so the time has the downloads in it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Mapping
from pathlib import Path

from benchmarks.figures import Figure

ROOT = Path(__file__).parent.parent
COLD_BAR = 180.0
WARM_BAR = 20.0


def measure() -> list[Figure]:
    """Make a project as a new user does, and run it twice."""
    with tempfile.TemporaryDirectory(prefix="kfpkit-bench-") as temporary:
        home = Path(temporary)
        caches = {f"{tool}_CACHE_DIR": str(home / tool) for tool in ("KFPKIT", "PIP", "UV")}
        environ = {**os.environ, **caches}
        kfpkit = _install(home, environ)
        cold = _time([kfpkit, "init", "demo"], home, environ)
        cold += _time(["make", "run"], home / "demo", environ)
        warm = _time(["make", "run"], home / "demo", environ)
    return [
        Figure(name="kfpkit init and make run, cold caches", value=cold, unit="s", bar=COLD_BAR),
        Figure(name="make run of a new project, again", value=warm, unit="s", bar=WARM_BAR),
    ]


def _install(home: Path, environ: Mapping[str, str]) -> str:
    """Install kfpkit from its wheel, and return the command."""
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory"]
    _run([*build, str(home / "dist")], ROOT, environ)
    (wheel,) = (home / "dist").glob("*.whl")
    venv.create(home / "tool", with_pip=True)
    install = [str(home / "tool" / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    _run([*install, f"{wheel}[local]"], home, environ)
    return str(home / "tool" / "bin" / "kfpkit")


def _time(command: list[str], folder: Path, environ: Mapping[str, str]) -> float:
    start = time.monotonic()
    _run(command, folder, environ)
    return time.monotonic() - start


def _run(command: list[str], folder: Path, environ: Mapping[str, str]) -> None:
    subprocess.run(command, cwd=folder, env=environ, check=True, stdout=subprocess.DEVNULL)
