"""Creates an environment's virtual environment, or the plain one: `python -m … PROJECT [NAME]`.

This is a separate process, so that a run that is stopped can end it with everything that it
started.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kfpkit.environments import find_environment
from kfpkit.environments.tools import RUNNING
from kfpkit.environments.venvs import ensure_plain_virtual_environment, ensure_virtual_environment
from kfpkit.errors import KfpkitError
from kfpkit.project import find_project


def main() -> None:
    """Create it. An error goes to standard error, with exit code 1."""
    root, *names = sys.argv[1:]
    try:
        for name in names:
            environment = find_environment(find_project(Path(root)), name)
            ensure_virtual_environment(environment, report=_say)
        if not names:
            ensure_plain_virtual_environment(RUNNING, report=_say)
    except KfpkitError as error:
        sys.exit(str(error))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
