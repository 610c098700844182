"""The reference of the configuration, written from its model."""

from __future__ import annotations

import inspect
import re

from kfpkit.configuration import Configuration

_DEFAULTS = {None: "none", True: "`true`", False: "`false`", (): "none"}


def write_reference() -> str:
    """Return a table with the keys of a configuration file."""
    arguments = inspect.getdoc(Configuration).partition("\n\nArgs:\n")[2]
    meanings = dict(re.findall(r"^    (\w+): (.+(?:\n     .+)*)", arguments, re.MULTILINE))
    rows = [
        f"| `{name}` | {_write_default(field)} | {_write_runs(field)} | "
        f"{' '.join(meanings[name].split())} |"
        for name, field in Configuration.model_fields.items()
    ]
    head = ["| Key | Default | Runs | Meaning |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *rows])


def _write_default(field):
    return "none" if field.default_factory is dict else _DEFAULTS[field.default]


def _write_runs(field):
    is_local = (field.json_schema_extra or {}).get("applies") == "local"
    return "on this machine" if is_local else "all"
