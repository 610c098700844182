"""Pipelines on a server, and their versions."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests  # type: ignore[import-untyped] # requests ships no types

from kfpkit.errors import VersionTakenError
from kfpkit.targets.identity import DIGITS
from kfpkit.targets.kubeflow.request import TEMPLATE, read_facts, write_facts
from kfpkit.targets.kubeflow.service.connection import KubeflowConnection
from kfpkit.targets.kubeflow.service.faults import get_status
from kfpkit.targets.kubeflow.service.filters import equals, make_filter
from kfpkit.targets.kubeflow.service.lists import get_namespace, list_all
from kfpkit.targets.template import Template

_EXISTS, _MISSING = requests.codes.conflict, requests.codes.not_found


@dataclass(frozen=True, kw_only=True)
class StoredVersion:
    """A version of a pipeline that exists.

    Args:
        pipeline: The pipeline's id on the server.
        version: The version's id on the server.
    """

    pipeline: str
    version: str


def store_version(
    connection: KubeflowConnection, template: Template, name: str, facts: Mapping[str, str]
) -> StoredVersion:
    """Store a compiled pipeline as a version of the pipeline of its name.

    The same content under the same name is the same version.

    Args:
        connection: The connection to the server.
        template: The compiled pipeline.
        name: The version's name.
        facts: What its description records beside the digest of the content.

    Raises:
        VersionTakenError: The version exists with another content.
        RequestError: A request was refused, or not answered.
    """
    facts = {TEMPLATE: template.digest[:DIGITS], **facts}
    pipeline = connection.repeat(lambda: _find_or_create_pipeline(connection, template.name))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"{template.name}.yaml")
        file.write_text(template.text, encoding="utf-8")

        def upload() -> dict[str, Any]:
            # Asked for again before each repetition, because the request may have arrived.
            found = _find_version(connection, pipeline, name)
            if found is None:
                options = {"pipelineid": pipeline, "name": name, "description": write_facts(facts)}
                try:
                    connection.send_once("upload_pipeline_version", str(file), **options)
                except Exception as error:
                    if get_status(error) != _EXISTS:
                        raise
                found = _find_version(connection, pipeline, name) or {}
            return found

        stored = connection.repeat(upload)
    recorded = read_facts(str(stored.get("description") or ""))
    if recorded.get(TEMPLATE) != facts[TEMPLATE] or "pipeline_version_id" not in stored:
        target = connection.target.name
        raise VersionTakenError(pipeline=template.name, version=name, target=target)
    return StoredVersion(pipeline=pipeline, version=str(stored["pipeline_version_id"]))


def fetch_version(
    connection: KubeflowConnection, pipeline: str, version: str
) -> dict[str, Any] | None:
    """Fetch a version of a pipeline. None if it doesn't exist.

    Args:
        connection: The connection to the server.
        pipeline: The pipeline's id on the server.
        version: The version's id on the server.

    Raises:
        RequestError: The request was refused, or not answered.
    """

    def ask() -> dict[str, Any] | None:
        try:
            return connection.send_once("pipeline_service_get_pipeline_version", pipeline, version)
        except Exception as error:
            if get_status(error) == _MISSING:
                return None
            raise

    return connection.repeat(ask)


def _find_or_create_pipeline(connection: KubeflowConnection, name: str) -> str:
    found = _find_pipeline(connection, name)
    if found is not None:
        return found
    # An upload would make a first version that has the pipeline's name.
    body = {"display_name": name, **get_namespace(connection)}
    try:
        made = connection.send_once("pipeline_service_create_pipeline", body)
    except Exception as error:
        again = _find_pipeline(connection, name) if get_status(error) == _EXISTS else None
        if again is None:
            raise
        return again
    return str(made["pipeline_id"])


def _find_pipeline(connection: KubeflowConnection, name: str) -> str | None:
    query = {"filter": make_filter(equals("display_name", name)), **get_namespace(connection)}
    found = list_all(connection, "pipeline_service_list_pipelines", "pipelines", query)
    return next((str(each["pipeline_id"]) for each in found), None)


def _find_version(
    connection: KubeflowConnection, pipeline: str, name: str
) -> dict[str, Any] | None:
    query = {"filter": make_filter(equals("display_name", name))}
    method = "pipeline_service_list_pipeline_versions"
    return next(list_all(connection, method, "pipeline_versions", query, pipeline), None)
