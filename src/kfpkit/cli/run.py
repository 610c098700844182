"""`kfpkit run`: run a pipeline on this machine."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kfpkit.cli.options import AsJson, ConfigFile, Parameters, PipelineName, parse_parameters
from kfpkit.kfp_imports import import_without_client

if TYPE_CHECKING:
    from kfpkit.local import RunResult
    from kfpkit.local.record import Progress

_SIGNAL_BASE = 128  # what shells add to a signal's number


def run_command(
    pipeline: Annotated[
        Path,
        typer.Argument(
            help="A folder with a pipeline.py, a Python file, or a compiled pipeline (YAML)."
        ),
    ],
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
    open_page: Annotated[
        bool, typer.Option("--open", help="Open the page of the run in a browser when it ends.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run a pipeline on this machine, each task in its locked environment."""
    import_without_client()
    from kfpkit.cli import browser, output
    from kfpkit.configuration import collect_given, find_configuration
    from kfpkit.local import run_pipeline
    from kfpkit.local.record import Request

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
            progress=_choose_progress(),
            request=Request(command=("kfpkit", *sys.argv[1:]), configuration=file),
        )
        if result.signal != signal.SIGPIPE:
            _show(result, pipeline)
    if open_page and result.page is not None:
        browser.open_page(result.page)
    if as_json:
        typer.echo(json.dumps(_read_facts(result), indent=2))
    if result.signal is not None:
        raise typer.Exit(_SIGNAL_BASE + result.signal)
    raise typer.Exit(0 if result.succeeded else 1)


def _parse_seconds(text: str) -> float:
    from kfpkit.durations import parse_duration

    try:
        return parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(f"{error}.", param_hint="--task-timeout") from None


def _read_facts(result: RunResult) -> dict[str, Any]:
    """Return the run's record and its folder."""
    facts: dict[str, Any] = json.loads(result.folder.summary.read_text(encoding="utf-8"))
    return {"folder": str(result.folder.path), **facts}


def _choose_progress() -> Progress:
    if sys.stdout.isatty():
        from rich.console import Console

        from kfpkit.cli.live_progress import LiveProgress

        return LiveProgress(Console())
    from kfpkit.cli.progress import LineProgress

    return LineProgress()


def _show(result: RunResult, pipeline: Path) -> None:
    from kfpkit.cli import output, report
    from kfpkit.config import find_project

    table = report.make_metrics_table(result)
    if table is not None:
        output.print_table(table)
    for name, value in report.list_products(result):
        typer.echo(f"{name}: {value}")
    for text in report.describe_failures(result, find_project(pipeline)):
        typer.echo(text, err=True)
    typer.echo(report.describe_end(result), err=not result.succeeded)
