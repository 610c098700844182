"""`kfpkit config check`: check the configuration files of pipelines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kfpkit.cli import output
from kfpkit.cli.options import AsJson, PipelineName
from kfpkit.kfp_imports import import_without_client

if TYPE_CHECKING:
    from kfpkit.configuration import CheckedPipeline
    from kfpkit.errors import ConfigurationFault


def check_command(
    pipelines: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PIPELINE",
            help="Pipeline files, folders with a pipeline.py, or parent folders of these "
            "(default: all pipelines of the project that have configuration files).",
            show_default=False,
        ),
    ] = None,
    name: PipelineName = None,
    as_json: AsJson = False,
) -> None:
    """Check all configuration files of pipelines, and report all problems at once."""
    import_without_client()
    from kfpkit.configuration import check_pipelines
    from kfpkit.errors import InvalidConfigurationError

    with output.diverted(as_json):
        checked = list(check_pipelines(find_sources(pipelines), name))
    faults = [fault for each in checked for fault in each.all_faults]
    if as_json:
        typer.echo(json.dumps([_collect_facts(each) for each in checked], indent=2))
        raise typer.Exit(1 if faults else 0)
    if faults:
        raise InvalidConfigurationError(faults=faults)
    for each in checked:
        _print(each)


def find_sources(pipelines: list[Path] | None) -> list[Path]:
    """Return the pipelines that paths refer to.

    Args:
        pipelines: The paths. None for the pipelines of the project that have configuration files.
    """
    from kfpkit.configuration import find_configured_pipelines
    from kfpkit.loading import find_pipelines
    from kfpkit.project import find_project

    if pipelines:
        return list(dict.fromkeys(each for path in pipelines for each in find_pipelines(path)))
    found = find_configured_pipelines(find_project(Path.cwd()))
    return [Path(output.shorten_path(path)) for path in found]


def _print(checked: CheckedPipeline) -> None:
    for file in checked.files:
        needs = f", needs {', '.join(file.needs)}" if file.needs else ""
        typer.echo(f"{output.shorten_path(file.file)}: ok{needs}")
    if not checked.files:
        typer.echo(f"{checked.source}: no configuration files")


def _collect_facts(checked: CheckedPipeline) -> dict[str, Any]:
    return {
        "source": str(checked.source),
        "name": checked.name,
        "files": [
            {
                "file": str(file.file),
                "needs": file.needs,
                "faults": [_describe(fault) for fault in file.faults],
            }
            for file in checked.files
        ],
        "faults": [_describe(fault) for fault in checked.faults],
    }


def _describe(fault: ConfigurationFault) -> dict[str, Any]:
    from kfpkit.place import Place

    where = fault.where
    file, line = (str(where.file), where.line) if isinstance(where, Place) else (where, None)
    return {"where": file, "line": line, "key": ".".join(fault.key), "problem": fault.problem}
