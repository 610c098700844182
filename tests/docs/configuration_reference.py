"""The reference of the configuration, written from its model."""

from __future__ import annotations

from kfpkit.configuration import Configuration
from kfpkit.configuration.schema import read_meanings

_DEFAULTS = {None: "none", True: "`true`", False: "`false`", (): "none"}


def write_reference() -> str:
    """Return a table with the keys of a configuration file."""
    meanings = read_meanings()
    rows = [
        f"| `{name}` | {_write_default(field)} | {_write_runs(field)} | {meanings[name]} |"
        for name, field in Configuration.model_fields.items()
    ]
    head = ["| Key | Default | Runs | Meaning |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *rows])


def _write_default(field):
    return "none" if field.default_factory is dict else _DEFAULTS[field.default]


def _write_runs(field):
    is_local = (field.json_schema_extra or {}).get("applies") == "local"
    return "on this machine" if is_local else "all"
