"""Arguments and options that several verbs have."""

from __future__ import annotations

from typing import Annotated

import typer

SomeNames = Annotated[
    list[str] | None, typer.Argument(metavar="NAME", help="Names; all when left out.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")]
