"""`kfpkit emulator`: the emulators of Google's services, apart from runs."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from kfpkit.cli.emulator import vertex


class _CommandGroup(TyperGroup):
    """A group of verbs that runs a program after `--`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Have the verb `run` run what follows `--`."""
        if args[:1] == ["--"]:
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Run emulators of services.")
_vertex = typer.Typer(
    cls=_CommandGroup,
    no_args_is_help=True,
    rich_markup_mode=None,
    help=vertex.HELP,
    subcommand_metavar="[start|stop|status|-- COMMAND]",
)
_vertex.command("start", short_help="Start it in the background.")(vertex.start_command)
_vertex.command("stop", short_help="Stop it.")(vertex.stop_command)
_vertex.command("status", short_help="Show whether it runs.")(vertex.status_command)
_vertex.command("run", hidden=True, context_settings=vertex.SETTINGS)(vertex.run_command)
app.add_typer(_vertex, name="vertex", short_help="Vertex AI, for unchanged official clients.")
