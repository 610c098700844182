"""`kfpkit config schema`: JSON Schema of configuration files, for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from kfpkit.cli import output
from kfpkit.cli.config.check import find_sources
from kfpkit.cli.options import AsJson, PipelineName
from kfpkit.kfp_imports import import_without_client


def schema_command(
    pipelines: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PIPELINE",
            help="Pipeline files, folders with a pipeline.py, or parent folders of these "
            "(default: all pipelines of the project that have configuration files).",
            show_default=False,
        ),
    ] = None,
    destination: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="The .json file to write, or a folder (default: .kfpkit/schemas).",
            show_default=False,
        ),
    ] = None,
    name: PipelineName = None,
    as_json: AsJson = False,
) -> None:
    """Write a JSON Schema for each pipeline's configuration files, with its parameters."""
    import_without_client()
    done = []
    with output.diverted(as_json):
        schemas = _make_schemas(find_sources(pipelines), name, destination)
    for file, (source, schema) in schemas.items():
        _write(file, schema)
        done.append({"source": str(source), "file": str(file)})
        if not as_json:
            typer.echo(output.shorten_path(file))
    if as_json:
        typer.echo(json.dumps(done, indent=2))


def _make_schemas(
    sources: list[Path], name: str | None, destination: Path | None
) -> dict[Path, tuple[Path, dict[str, Any]]]:
    """Return the schemas by the files to write; no file is written twice."""
    from kfpkit.configuration import load_parameter_model, make_schema, read_pipeline_spec
    from kfpkit.project import find_project

    found: dict[Path, tuple[Path, dict[str, Any]]] = {}
    for source in sources:
        spec = read_pipeline_spec(source, name)
        folder = destination or find_project(source).state / "schemas"
        is_file = folder.suffix == ".json"
        file = folder if is_file else folder / f"{spec.pipeline_info.name}.json"
        if file in found:
            raise typer.BadParameter(
                f"`{found[file][0]}` and `{source}` would both be written to {file}. Write "
                "each one separately, with its own --output.",
                param_hint="--output",
            )
        found[file] = (source, make_schema(spec, load_parameter_model(source)))
    return found


def _write(file: Path, schema: dict[str, Any]) -> None:
    from kfpkit.errors import UnwritableSchemaError

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{json.dumps(schema, indent=2)}\n", encoding="utf-8")
    except OSError as error:
        raise UnwritableSchemaError(file=file, cause=error.strerror or str(error)) from error
