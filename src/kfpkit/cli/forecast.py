"""`kfpkit forecast`: which tasks of a run the cache will have, and why others will run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from kfpkit.cli.options import AsJson, ConfigFile, Parameters, PipelineName, parse_parameters
from kfpkit.kfp_imports import import_without_client

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
    containers: Annotated[
        bool, typer.Option("--containers", help="Predict a run with `--containers`.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Predict which tasks of a run on this machine the cache will have. Starts nothing."""
    import_without_client()
    from kfpkit.cli import output
    from kfpkit.configuration import collect_given, find_configuration
    from kfpkit.forecasts import forecast_run

    with output.diverted(as_json):
        file = None if config is None else find_configuration(config, pipeline)
        given = collect_given(file, pipeline=pipeline, options=parse_parameters(param))
        if containers:
            given = given.change({"containers": True}, "--containers")
        found = forecast_run(pipeline, name=name, configuration=given)
    if as_json:
        typer.echo(json.dumps(found.describe(), indent=2))
        return
    from kfpkit.cli.terminal import forecast

    forecast.print_forecast(found)
