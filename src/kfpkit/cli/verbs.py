"""The verbs of `kfpkit`, each imported when it is used.

A command needs one verb, and doesn't wait for the modules of the others. Only `--help` imports all
of them.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Any

import typer
from typer.core import TyperGroup

# By verb, in the order of `kfpkit --help`: the module with the Typer application `app`.
_MODULES = {
    "init": "kfpkit.cli.init",
    "compile": "kfpkit.cli.compile_",
    "run": "kfpkit.cli.run",
    "forecast": "kfpkit.cli.forecast",
    "submit": "kfpkit.cli.submit",
    "upload": "kfpkit.cli.upload",
    "target": "kfpkit.cli.target",
    "components": "kfpkit.cli.components",
    "bundle": "kfpkit.cli.bundle",
    "config": "kfpkit.cli.config",
    "emulator": "kfpkit.cli.emulator",
    "env": "kfpkit.cli.env",
    "runs": "kfpkit.cli.runs",
}


class _Verbs(Mapping[str, Any]):
    """The commands by their names; looking one up imports its module."""

    def __getitem__(self, name: str) -> Any:
        group = typer.main.get_group(importlib.import_module(_MODULES[name]).app)
        # An application is either a group of verbs or has one command with the verb's own name.
        command = group.commands.get(name, group)
        command.name = name
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


class VerbGroup(TyperGroup):
    """The command line itself, whose verbs are imported when they are used."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Verbs()  # type: ignore[assignment]  # nothing is added to it

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # Click's interface
        """List the names of all verbs, without importing them."""
        return list(self.commands)
