"""Arguments and options that several verbs share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer


def complete_environment(incomplete: str) -> list[str]:
    """Return the environments that complete a word.

    Args:
        incomplete: The part of the word typed so far.
    """
    from kfpkit.environments import list_environment_names
    from kfpkit.errors import KfpkitError
    from kfpkit.project import find_project

    try:
        names = list_environment_names(find_project(Path.cwd()))
    except (KfpkitError, OSError):
        return []  # the command itself reports it
    return [name for name in names if name.startswith(incomplete)]


SomeNames = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAME", help="Environments (default: all).", autocompletion=complete_environment
    ),
]
OneName = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help="The environment's name.", autocompletion=complete_environment
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
OpenPage = Annotated[
    bool, typer.Option("--open", help="Open the page of the run in a browser when it ends.")
]
OnePipeline = Annotated[
    Path,
    typer.Argument(
        metavar="PIPELINE",
        help="A folder with a pipeline.py, a Python file, or a compiled pipeline (YAML).",
    ),
]
SomePipelines = Annotated[
    list[Path],
    typer.Argument(
        metavar="PIPELINE",
        help="Folders with a pipeline.py, Python files, parent folders of these, or compiled "
        "pipelines (YAML).",
        show_default=False,
    ),
]
TargetName = Annotated[
    str,
    typer.Option(
        "--target", metavar="NAME", help="A target in pyproject.toml.", show_default=False
    ),
]
IsConfirmed = Annotated[
    bool, typer.Option("--yes", help="Confirm a target that asks for it, such as production.")
]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="A configuration file: a path, or a name in the pipeline's folder or its `config` "
        "folder.",
    ),
]
Parameters = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=VALUE", help="A pipeline parameter. Repeatable."),
]
PipelineName = Annotated[
    str | None,
    typer.Option(
        "--pipeline",
        metavar="NAME",
        help="The pipeline function's name, if a file defines more than one.",
    ),
]


def parse_parameters(texts: list[str] | None) -> dict[str, str]:
    """Return the values of `--param` by name.

    Args:
        texts: The option's values, `NAME=VALUE`.

    Raises:
        BadParameter: A value has another form.
    """
    return dict(_parse_parameter(text) for text in texts or ())


def _parse_parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise typer.BadParameter(f"`{text}` must have the form NAME=VALUE.", param_hint="--param")
    return name, value


def check_experiment(name: str, option: str) -> str:
    """Return the name of an experiment.

    Args:
        name: What a user typed.
        option: The option, for the message.

    Raises:
        BadParameter: It has another form.
    """
    from kfpkit.targets.vertex import EXPERIMENT

    if re.fullmatch(EXPERIMENT, name) is None:
        text = f"`{name}` must have lowercase letters, digits and `-`, at most 128 characters."
        raise typer.BadParameter(text, param_hint=option)
    return name
