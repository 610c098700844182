"""`kfpkit run`: run a pipeline on this machine."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kfpkit.cli.options import (
    AsJson,
    ConfigFile,
    OnePipeline,
    OpenPage,
    Parameters,
    PipelineName,
    parse_parameters,
)
from kfpkit.kfp_imports import import_without_client

app = typer.Typer(rich_markup_mode=None)


@app.command("run", short_help="Run a pipeline on this machine.")
def run_command(
    pipeline: OnePipeline,
    config: ConfigFile = None,
    param: Parameters = None,
    name: PipelineName = None,
    containers: Annotated[
        bool, typer.Option("--containers", help="Run each task in a container from its image.")
    ] = False,
    task_timeout: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="The time limit for each task, such as 90s, 10m or 2h."),
    ] = None,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Run every task, even if nothing has changed.")
    ] = False,
    open_page: OpenPage = False,
    as_json: AsJson = False,
) -> None:
    """Run a pipeline on this machine, each task in its locked environment."""
    import_without_client()
    from kfpkit.cli import output
    from kfpkit.cli.terminal import outcome
    from kfpkit.configuration import collect_given, find_configuration
    from kfpkit.local import run_pipeline
    from kfpkit.local.record import Request
    from kfpkit.project import find_project

    file = None if config is None else find_configuration(config, pipeline)
    given = collect_given(file, pipeline=pipeline, options=parse_parameters(param))
    if containers:
        given = given.change({"containers": True}, "--containers")
    if no_cache:
        given = given.change({"caching": False}, "--no-cache")
    if task_timeout:
        given = given.change({"task_timeout": _parse_seconds(task_timeout)}, "--task-timeout")
    with output.diverted(as_json):
        result = run_pipeline(
            pipeline,
            name=name,
            configuration=given,
            progress=outcome.choose_progress(),
            request=Request(command=("kfpkit", *sys.argv[1:]), configuration=file),
        )
        outcome.show_result(result, find_project(pipeline))
    outcome.end(result, opens=open_page, as_json=as_json)


def _parse_seconds(text: str) -> float:
    from kfpkit.durations import parse_duration

    try:
        return parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(f"{error}.", param_hint="--task-timeout") from None
