"""`kfpkit upload`: store compiled pipelines for a target, without a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kfpkit.cli import output
from kfpkit.cli.options import AsJson, IsConfirmed, PipelineName, SomePipelines, TargetName
from kfpkit.kfp_imports import import_without_client

if TYPE_CHECKING:
    from kfpkit.targets import StoredTemplate, WantedTemplates

REFUSED = 2

app = typer.Typer(rich_markup_mode=None)


@app.command("upload", short_help="Store compiled pipelines for a target, without a run.")
def upload_command(
    pipelines: SomePipelines,
    target: TargetName,
    tag: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TAG",
            help="A tag in Artifact Registry, besides the target's name and the revision. "
            "Repeatable.",
        ),
    ] = None,
    name: PipelineName = None,
    yes: IsConfirmed = False,
    as_json: AsJson = False,
) -> None:
    """Check and compile pipelines with their images by digest, and store them for a target.

    They go where `kfpkit submit` stores them: to the target's repository in Artifact Registry, or
    to its pipeline root. On Kubeflow, they become versions of pipelines, named after the commit. A
    compiled pipeline that is stored already stays the same version. Exits
    with 2 if something was refused.
    """
    import_without_client()
    from kfpkit.errors import KfpkitError
    from kfpkit.targets import WantedTemplates

    wanted = WantedTemplates(
        pipelines=tuple(pipelines),
        target=target,
        tags=tuple(tag or ()),
        name=name,
        is_confirmed=yes,
    )
    try:
        with output.diverted(as_json):
            stored = _upload(wanted, as_json=as_json)
    except KfpkitError as error:
        output.report_error(str(error))
        raise typer.Exit(REFUSED) from None
    if as_json:
        typer.echo(json.dumps([_collect_facts(each) for each in stored], indent=2))


def _upload(wanted: WantedTemplates, *, as_json: bool) -> list[StoredTemplate]:
    from kfpkit.project import find_project
    from kfpkit.targets import connecting, plan_upload, send_upload

    upload = plan_upload(wanted, find_project(Path.cwd()))
    stored = []
    with connecting(upload.target, upload.project, output.report_progress) as connection:
        for each in send_upload(upload, connection):
            stored.append(each)
            typer.echo(_describe(each), err=as_json)
    return stored


def _describe(stored: StoredTemplate) -> str:
    tags = f" ({', '.join(stored.tags)})" if stored.tags else ""
    return f"{stored.address}{tags}"


def _collect_facts(stored: StoredTemplate) -> dict[str, object]:
    planned = stored.planned
    return {
        "source": str(planned.source),
        "pipeline": planned.template.name,
        "digest": f"sha256:{planned.template.digest}",
        "template": stored.address,
        "tags": list(stored.tags),
    }
