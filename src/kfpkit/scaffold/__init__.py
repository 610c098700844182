"""Creates a new project that runs: `kfpkit init`.

    template/ ──render──▶ the project's files        the names in them replaced
    kfpkit:sklearn ─────▶ environments/sklearn       with its tested lock
    kfpkit itself ──────▶ wheels/                    only if no package index has it
    pyproject.toml ─lock▶ requirements.txt           with hashes, for every machine

`template/` is a complete project: ruff checks it in place, and a test runs the project that is
created from it. Everything is created in a temporary folder and copied when it is complete, so a
refusal or a failure leaves nothing behind.
"""

from kfpkit.scaffold.creation import create_project

__all__ = ["create_project"]
