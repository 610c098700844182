"""`kfpkit config show`: the values of a run, and where they come from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer

from kfpkit.cli import output
from kfpkit.cli.options import (
    AsJson,
    ConfigFile,
    OnePipeline,
    Parameters,
    PipelineName,
    parse_parameters,
)
from kfpkit.kfp_imports import import_without_client

if TYPE_CHECKING:
    from pathlib import Path

    from kfpkit.configuration import EffectiveConfiguration, Origin


def show_command(
    pipeline: OnePipeline,
    config: ConfigFile = None,
    param: Parameters = None,
    name: PipelineName = None,
    as_json: AsJson = False,
) -> None:
    """Show the values that a run of a pipeline would use, and where each comes from."""
    import_without_client()
    with output.diverted(as_json):
        effective = _resolve(pipeline, config, parse_parameters(param), name)
    facts = _collect_facts(effective)
    if as_json:
        typer.echo(json.dumps(facts, indent=2))
    else:
        _print(facts)


def _resolve(
    pipeline: Path, config: Path | None, options: dict[str, str], name: str | None
) -> EffectiveConfiguration:
    from kfpkit.configuration import (
        collect_given,
        find_configuration,
        load_parameter_model,
        read_pipeline_spec,
        resolve_configuration,
    )
    from kfpkit.project import find_project

    file = None if config is None else find_configuration(config, pipeline)
    return resolve_configuration(
        collect_given(file, pipeline=pipeline, options=options),
        read_pipeline_spec(pipeline, name),
        project=find_project(pipeline),
        model=load_parameter_model(pipeline),
    )


def _collect_facts(effective: EffectiveConfiguration) -> dict[str, Any]:
    given = effective.given
    settings = given.settings.model_dump(mode="json", exclude={"parameters"})
    return {
        "pipeline": effective.pipeline,
        "file": None if given.document is None else str(given.document.file),
        "parameters": {
            name: {"value": value, **_describe_origin(effective.origins[name])}
            for name, value in effective.parameters.items()
        },
        "settings": {
            key: {"value": value, **_describe_origin(given.find_origin(key))}
            for key, value in settings.items()
        },
    }


def _describe_origin(origin: Origin) -> dict[str, Any]:
    if origin.place is None:
        return {"origin": origin.name}
    return {"origin": str(origin.place.file), "line": origin.place.line}


def _print(facts: dict[str, Any]) -> None:
    from rich.table import Table

    table = Table("Key", "Value", "Origin", box=None, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"
    rows = {f"parameters.{name}": each for name, each in facts["parameters"].items()}
    for key, each in {**rows, **facts["settings"]}.items():
        line = f":{each['line']}" if each.get("line") else ""
        value = json.dumps(each["value"], ensure_ascii=False)
        table.add_row(key, value, f"{each['origin']}{line}")
    output.print_table(table, styled=False)
