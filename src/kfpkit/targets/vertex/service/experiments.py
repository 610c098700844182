"""Experiments of Vertex AI: contexts of its metadata, whose children are contexts of runs."""

from __future__ import annotations

import time
from typing import Any

from google.api_core import exceptions

from kfpkit.errors import UnassociatedRunError
from kfpkit.targets.vertex.service.connection import Connection
from kfpkit.targets.vertex.service.runs import fetch_run
from kfpkit.vertex import find_method, print_message

_SERVICE = "aiplatform"
_STORE = "metadataStores/default"
_SCHEMA = "system.Experiment"
_PAUSE = 1.0


def associate_run(connection: Connection, run: str, experiment: str) -> None:
    """Add a run to an experiment, which is created unless it exists. It may be repeated.

    A run gets its metadata when it starts. This waits for it as long as requests are repeated.

    Args:
        connection: A connection to the target's services.
        run: The run's full name.
        experiment: The experiment's name.

    Raises:
        UnassociatedRunError: The run has no metadata yet, or the name is that of something else.
        RequestError: A request was refused, or not answered.
    """
    child = _await_context(connection, run, experiment)
    name = f"{connection.target.parent}/{_STORE}/contexts/{experiment}"
    found = _find_context(connection, name) or _create_context(connection, experiment)
    if found.get("schemaTitle") != _SCHEMA:
        raise UnassociatedRunError(
            run=run,
            target=connection.target.name,
            experiment=experiment,
            cause="the metadata of Vertex AI has something else of that name, with the schema "
            f"`{found.get('schemaTitle')}`",
        )
    method = find_method("AddContextChildren")
    path = method.expand({"context": name})
    connection.send(_SERVICE, method.verb, path, body={"childContexts": [child]})


def _await_context(connection: Connection, run: str, experiment: str) -> str:
    """Return the name of a run's context."""
    end = time.monotonic() + connection.patience.total
    while True:
        detail = print_message(fetch_run(connection, run)).get("jobDetail", {})
        name = detail.get("pipelineRunContext", {}).get("name")
        if name:
            return str(name)
        if time.monotonic() + _PAUSE > end:
            raise UnassociatedRunError(
                run=run,
                target=connection.target.name,
                experiment=experiment,
                cause=f"after {connection.patience.total:.0f} s, it has no metadata yet",
            )
        time.sleep(_PAUSE)


def _find_context(connection: Connection, name: str) -> Any:
    """Return a context. None if it doesn't exist."""
    return connection.find(_SERVICE, find_method("GetContext").expand({"name": name}))


def _create_context(connection: Connection, experiment: str) -> Any:
    """Create an experiment as the official client does."""
    method = find_method("CreateContext")
    parent = f"{connection.target.parent}/{_STORE}"
    body = {
        "displayName": experiment,
        "schemaTitle": _SCHEMA,
        "schemaVersion": "0.0.1",
        "metadata": {"experiment_deleted": False},
    }

    def create() -> Any:
        try:
            return connection.send_once(
                _SERVICE,
                method.verb,
                method.expand({"parent": parent}),
                body=body,
                query={"contextId": experiment},
            )
        except exceptions.Conflict:  # created by another submission, or before a lost answer
            return _find_context(connection, f"{parent}/contexts/{experiment}")

    return connection.repeat(_SERVICE, create)
