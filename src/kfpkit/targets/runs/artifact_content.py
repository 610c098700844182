"""The content of artifacts of runs on Vertex AI and its emulator.

An address comes from the answer of a service, and its content ends up in files of the user. So only
two kinds of addresses are followed: those in the target's own bucket, and for the emulator, files
of the runs that it has made in the project.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kfpkit.errors import RequestError
from kfpkit.project import Project
from kfpkit.targets.runs.target_runs import ArtifactContent
from kfpkit.targets.vertex.service import Connection, fetch_object


def read_content(connection: Connection, project: Project, uri: str, most: int) -> ArtifactContent:
    """Read the content of an artifact.

    Args:
        connection: A connection to the target's services.
        project: The project that has the target.
        uri: The artifact's address, as the service tells it.
        most: The largest number of bytes.
    """
    if connection.target.kind == "emulator" and "://" not in uri:
        found = _read_file(uri, project.state / "runs", most)
    else:
        found = _fetch(connection, uri, most)
    if len(found.content) > most:
        return ArtifactContent(cause=f"it has more than the {most} bytes that fit")
    return found


def _read_file(uri: str, runs: Path, most: int) -> ArtifactContent:
    try:
        file = (runs / uri).resolve()
        if not file.is_relative_to(runs.resolve()):
            return ArtifactContent(cause=f"it is not in the folder of all runs, {runs}")
        with file.open("rb") as opened:
            return ArtifactContent(content=opened.read(most + 1))
    except FileNotFoundError:
        return ArtifactContent(cause="it does not exist")
    except (OSError, ValueError) as error:  # a name that no file can have
        cause = error.strerror if isinstance(error, OSError) else None
        return ArtifactContent(cause=cause or str(error))


def _fetch(connection: Connection, uri: str, most: int) -> ArtifactContent:
    bucket = connection.target.bucket
    beginning = f"gs://{bucket}/"
    if not uri.startswith(beginning) or uri == beginning:
        return ArtifactContent(cause=f"it is not in the target's bucket, `{bucket}`")
    # Reports are no reason to keep a user waiting for a service that fails.
    brief = replace(connection, patience=connection.patience.brief)
    try:
        content = fetch_object(brief, bucket, uri.removeprefix(beginning), most + 1)
    except RequestError as error:
        return ArtifactContent(cause=str(error).removesuffix("."))
    if content is None:
        return ArtifactContent(cause="it does not exist")
    return ArtifactContent(content=content)
