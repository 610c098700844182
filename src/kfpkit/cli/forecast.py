"""`kfpkit forecast`: which tasks of a run the cache will have, and why others will run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kfpkit.cli.options import AsJson, ConfigFile, Parameters, PipelineName, parse_parameters
from kfpkit.kfp_imports import import_without_client

if TYPE_CHECKING:
    from kfpkit.forecasts import Forecast

app = typer.Typer(rich_markup_mode=None)


@app.command("forecast", short_help="Predict which tasks of a run the cache will have.")
def forecast_command(
    pipeline: Annotated[
        Path,
        typer.Argument(
            help="A folder with a pipeline.py, a Python file, or a compiled pipeline (YAML)."
        ),
    ],
    config: ConfigFile = None,
    param: Parameters = None,
    name: PipelineName = None,
    target: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="A target in pyproject.toml. By default, this machine."),
    ] = None,
    containers: Annotated[
        bool, typer.Option("--containers", help="Predict a run with `--containers`.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Predict which tasks of a run the execution cache will have. Starts nothing."""
    import_without_client()
    from kfpkit.cli import output

    parameters = parse_parameters(param)
    with output.diverted(as_json):
        if target is None:
            found = _forecast_here(pipeline, config, parameters, name, containers=containers)
        elif containers:
            raise typer.BadParameter("It is for this machine only.", param_hint="--containers")
        else:
            found = _forecast_there(pipeline, config, parameters, name, target)
    if as_json:
        typer.echo(json.dumps(found.describe(), indent=2))
        return
    from kfpkit.cli.terminal import forecast

    forecast.print_forecast(found)


def _forecast_here(
    pipeline: Path,
    config: Path | None,
    parameters: dict[str, str],
    name: str | None,
    *,
    containers: bool,
) -> Forecast:
    from kfpkit.configuration import collect_given, find_configuration
    from kfpkit.forecasts import forecast_run

    file = None if config is None else find_configuration(config, pipeline)
    given = collect_given(file, pipeline=pipeline, options=parameters)
    if containers:
        given = given.change({"containers": True}, "--containers")
    return forecast_run(pipeline, name=name, configuration=given)


def _forecast_there(
    pipeline: Path, config: Path | None, parameters: dict[str, str], name: str | None, target: str
) -> Forecast:
    from kfpkit.project import find_project
    from kfpkit.targets import Wanted, plan_submission
    from kfpkit.targets.submission import connecting, forecast_submission

    wanted = Wanted(
        pipelines=(pipeline,),
        target=target,
        config=config,
        parameters=parameters,
        name=name,
        is_confirmed=True,  # nothing is created
    )
    project = find_project(Path.cwd())
    submission = plan_submission(wanted, project)
    if len(submission.runs) != 1:
        raise typer.BadParameter("It must be one pipeline.", param_hint="PIPELINE")
    with connecting(submission.target, project) as connection:
        (found,) = forecast_submission(submission, connection)
    return found
