"""Creates a new project that runs: `kfpkit init`.

    template/ ──render──▶ the project's files        the names in them replaced
    kfpkit:sklearn … ───▶ environments/              with their tested locks
    kfpkit itself ──────▶ wheels/                    only if no package index has it
    pyproject.toml ─lock▶ requirements.txt           with hashes, for every machine, and with the
                                                     versions that kfpkit is tested with

`template/` is a complete project: ruff checks it in place, and a test runs the project that is
created from it. `template/overlays/` has what projects for another purpose have instead
(`templates.py` lists them). Everything is created in a temporary folder and copied when it is
complete, so a refusal or a failure leaves nothing behind.
"""

from kfpkit.scaffold.creation import create_project
from kfpkit.scaffold.templates import DEFAULT, TEMPLATES

__all__ = ["DEFAULT", "TEMPLATES", "create_project"]
