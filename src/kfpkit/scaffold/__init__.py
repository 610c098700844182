"""A new project that runs: `kfpkit init`.

    template/ ──render──▶ the project's files        the names in them replaced
    kfpkit:sklearn ─────▶ environments/sklearn       with its tested lock
    kfpkit itself ──────▶ wheels/                    only where no package index has it
    pyproject.toml ─lock▶ requirements.txt           with hashes, for every machine

`template/` is a project of its own: it is checked in place by ruff, and a test runs what is made
from it. Everything is made in a temporary folder and copied when it is complete, so that a refusal
or a failure leaves nothing.
"""

from kfpkit.scaffold.creation import create_project

__all__ = ["create_project"]
