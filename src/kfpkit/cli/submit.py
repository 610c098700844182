"""`kfpkit submit`: submit pipelines to a target."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kfpkit.cli import output
from kfpkit.cli.options import (
    AsJson,
    ConfigFile,
    IsConfirmed,
    Parameters,
    PipelineName,
    SomePipelines,
    TargetName,
    check_experiment,
    parse_parameters,
)
from kfpkit.kfp_imports import import_without_client

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kfpkit.targets import Submission, SubmittedRun, Wanted
    from kfpkit.targets.submission import AnyConnection
    from kfpkit.targets.watching import RunProgress

REFUSED = 2
INTERRUPTED = 130

app = typer.Typer(rich_markup_mode=None)


@app.command("submit", short_help="Submit pipelines to a target, such as Vertex AI.")
def submit_command(
    pipelines: SomePipelines,
    target: TargetName,
    config: ConfigFile = None,
    param: Parameters = None,
    name: PipelineName = None,
    run: Annotated[
        str | None,
        typer.Option(
            "--id",
            metavar="ID",
            help="The run's id. The same command again finds its run instead of creating another.",
        ),
    ] = None,
    experiment: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The experiment of Vertex AI that the runs are added to. By default, that of the "
            "target.",
        ),
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait until the runs end, and show their tasks.")
    ] = False,
    timeout: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="How long to wait, such as 90m or 6h."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the requests, and send nothing.")
    ] = False,
    forecast: Annotated[
        bool,
        typer.Option(
            "--forecast", help="Predict which tasks the cache will have, and create nothing."
        ),
    ] = False,
    yes: IsConfirmed = False,
    as_json: AsJson = False,
) -> None:
    """Check and compile pipelines with their images by digest, and create a run of each.

    Exits with 0 if all runs succeeded, 1 if one failed, 2 if something was refused, 3 if a run was
    cancelled, 4 if the time was over or a run is paused, and 130 if the command was interrupted.
    Without --wait, it exits with 0 when the runs exist.
    """
    import_without_client()
    from kfpkit.errors import KfpkitError
    from kfpkit.targets import Wanted, connecting
    from kfpkit.targets.submission import list_requests

    seconds = None if timeout is None else _parse_seconds(timeout)
    _check_usage(pipelines, run=run, waits=wait, limited=timeout is not None)
    if forecast and (wait or dry_run):
        raise typer.BadParameter("It creates no run.", param_hint="--forecast")
    wanted = Wanted(
        pipelines=tuple(pipelines),
        target=target,
        config=config,
        parameters=parse_parameters(param),
        name=name,
        run=run,
        experiment=None if experiment is None else check_experiment(experiment, "--experiment"),
        is_confirmed=yes or dry_run or forecast,
    )
    try:
        with output.diverted(as_json or dry_run):
            submission = _plan(wanted)
        if dry_run:
            typer.echo(json.dumps(list_requests(submission), indent=2, ensure_ascii=False))
            return
        if experiment is not None and submission.target.kind == "kubeflow":
            raise typer.BadParameter(
                "It is for Vertex AI. Set `experiment` of the target.", param_hint="--experiment"
            )
        with connecting(submission.target, submission.project, output.report_progress) as found:
            if forecast:
                _print_forecasts(submission, found, as_json=as_json)
                return
            runs = _send(submission, found, as_json=as_json)
            ended = _wait(runs, found, seconds, as_json=as_json) if wait else []
    except KfpkitError as error:
        output.report_error(str(error))
        raise typer.Exit(REFUSED) from None
    if as_json:
        typer.echo(json.dumps(_list_facts(runs, ended), indent=2))
    raise typer.Exit(_choose_code(ended))


def _check_usage(pipelines: Sequence[Path], *, run: str | None, waits: bool, limited: bool) -> None:
    if run is not None and len(pipelines) > 1:
        raise typer.BadParameter("An id is that of one run.", param_hint="--id")
    if limited and not waits:
        raise typer.BadParameter("It has no effect without --wait.", param_hint="--timeout")


def _print_forecasts(submission: Submission, connection: AnyConnection, *, as_json: bool) -> None:
    """Print what the target's cache will have. No run is created."""
    from kfpkit.targets.submission import forecast_submission

    forecasts = forecast_submission(submission, connection)
    if as_json:
        typer.echo(json.dumps([each.describe() for each in forecasts], indent=2))
        return
    from kfpkit.cli.terminal import forecast

    for each in forecasts:
        forecast.print_forecast(each)


def _plan(wanted: Wanted) -> Submission:
    from kfpkit.project import find_project
    from kfpkit.targets import plan_submission

    return plan_submission(wanted, find_project(Path.cwd()))


def _send(
    submission: Submission, connection: AnyConnection, *, as_json: bool
) -> list[SubmittedRun]:
    from kfpkit.targets import send_submission
    from kfpkit.targets.submission import associate_runs

    try:
        runs = list(send_submission(submission, connection))
    except KeyboardInterrupt:
        output.report_progress("\nInterrupted. To find out whether a run was created, repeat:")
        for planned in submission.runs:
            output.report_progress(f"  kfpkit submit … --id {planned.request.run}")
        raise typer.Exit(INTERRUPTED) from None
    for run in runs:
        made = "created" if run.is_new else f"exists already, {run.state}"
        typer.echo(f"{run.id}: {made}", err=as_json)
        if run.link:
            typer.echo(f"  {run.link}", err=as_json)
    for fault in associate_runs(runs, connection):
        output.report_progress(f"warning: {fault}")
    return runs


def _wait(
    runs: Sequence[SubmittedRun], connection: AnyConnection, seconds: float | None, *, as_json: bool
) -> list[RunProgress]:
    """Show the runs until they end. An interruption ends the command, and the runs if wanted."""
    from kfpkit.cli.terminal import interruption, run_watch
    from kfpkit.targets import wait
    from kfpkit.targets.watching import choose_rhythm

    watcher = run_watch.choose_watcher(to_stderr=as_json)
    rhythm = choose_rhythm(connection.target.kind, seconds)
    try:
        with watcher.showing():
            ended = wait(runs, watcher=watcher, rhythm=rhythm, connection=connection)
    except KeyboardInterrupt:
        interruption.settle_runs(runs, connection)
        raise typer.Exit(INTERRUPTED) from None
    for run, progress in zip(runs, ended, strict=True):
        for line in run_watch.describe_failure(run, progress, connection):
            typer.echo(line, err=True)
        is_good = progress.state.value == "succeeded"
        typer.echo(run_watch.describe_end(run, progress), err=as_json or not is_good)
    return ended


def _list_facts(
    runs: Sequence[SubmittedRun], ended: Sequence[RunProgress]
) -> list[dict[str, object]]:
    facts: list[dict[str, object]] = []
    for index, run in enumerate(runs):
        progress = ended[index] if ended else None
        facts.append(
            {
                "id": run.id,
                "name": run.name,
                "pipeline": run.planned.template.name,
                "source": str(run.planned.source),
                "new": run.is_new,
                "template": run.template,
                "link": run.link,
                "state": progress.state.value if progress else run.state,
                **(_describe_progress(progress) if progress else {}),
            }
        )
    return facts


def _describe_progress(progress: RunProgress) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "seconds": progress.seconds,
        "error": progress.error,
        "tasks": [asdict(task) for task in progress.tasks],
    }


def _choose_code(ended: Sequence[RunProgress]) -> int:
    """Return the exit code of the worst end."""
    codes = {"succeeded": 0, "failed": 1, "skipped": 1, "cancelled": 3}
    found = {codes.get(each.state.value, 4) for each in ended}
    return next((code for code in (1, 4, 3) if code in found), 0)


def _parse_seconds(text: str) -> float:
    from kfpkit.durations import parse_duration

    try:
        return parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(f"{error}.", param_hint="--timeout") from None
