"""Lock the monolith anew: `python -m benchmarks.monolith`.

It stands beside no other environment, so that no component can name it; the locking is the same.
"""

from __future__ import annotations

import dataclasses
import shutil
import sys
import tempfile
from pathlib import Path

from kfpkit.environments.locking.locking import lock_environment
from kfpkit.environments.recipe import RUNTIME_FILE
from kfpkit.project.project import find_project

FOLDER = Path(__file__).parent
FILES = ("pyproject.toml", "poetry.lock", "imports.json")


def main() -> None:
    """Lock a copy that lies like an environment, and take the lock and the import names from it."""
    project = find_project(FOLDER)
    with tempfile.TemporaryDirectory(prefix="kfpkit-monolith-") as scratch:
        environments = Path(scratch)
        copy = environments / FOLDER.name
        copy.mkdir()
        for name in FILES[:2]:
            if (FOLDER / name).is_file():
                shutil.copyfile(FOLDER / name, copy / name)
        shutil.copyfile(project.environments / RUNTIME_FILE, environments / RUNTIME_FILE)
        apart = dataclasses.replace(project, environments=environments)
        lock_environment(
            apart,
            FOLDER.name,
            upgrade="--upgrade" in sys.argv[1:],
            report=lambda line: print(line, file=sys.stderr),
        )
        for name in FILES[1:]:
            shutil.copyfile(copy / name, FOLDER / name)


if __name__ == "__main__":
    main()
