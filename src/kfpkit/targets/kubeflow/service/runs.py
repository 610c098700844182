"""Runs on a Kubeflow Pipelines server: found by their id, created once, and read."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests  # type: ignore[import-untyped] # requests ships no types

from kfpkit.errors import DuplicateRunsError, MissingResourceError, RunIdTakenError
from kfpkit.targets.kubeflow.request import KubeflowRequest, find_recorded_digest
from kfpkit.targets.kubeflow.service.connection import KubeflowConnection
from kfpkit.targets.kubeflow.service.experiments import find_experiment
from kfpkit.targets.kubeflow.service.faults import get_status, is_passing, may_have_arrived
from kfpkit.targets.kubeflow.service.filters import equals, make_filter
from kfpkit.targets.kubeflow.service.lists import get_namespace, list_all

_MISSING = requests.codes.not_found


@dataclass(frozen=True, kw_only=True)
class CreatedRun:
    """A run that exists.

    Args:
        run: The run, as the server has it.
        is_new: Whether this request has created it. Otherwise, the same request did it earlier.
    """

    run: Mapping[str, Any]
    is_new: bool


def create_run(connection: KubeflowConnection, request: KubeflowRequest) -> CreatedRun:
    """Create a run once, also if answers are lost.

    The server takes any number of runs of one name. So it is asked for the run by its name first,
    before the request is sent again, and after the run was created.

    Args:
        connection: The connection to the server.
        request: The request.

    Raises:
        RunIdTakenError: The id is that of another request's run.
        DuplicateRunsError: Several runs have the id, because of submissions at the same moment.
        RequestError: The request was refused, or not answered.
    """
    existing = _find(connection, request)
    if existing is not None:
        return CreatedRun(run=existing, is_new=False)
    body = {**request.body, "experiment_id": find_experiment(connection, request.experiment)}
    delays = connection.patience.make_delays()
    end = time.monotonic() + connection.patience.total
    while True:
        try:
            connection.send_once("run_service_create_run", body)
            break
        except Exception as error:
            delay = next(delays)
            if not is_passing(error) or time.monotonic() + delay > end:
                raise connection.translate(error) or error from error
            may_exist = may_have_arrived(error)
        time.sleep(delay)
        if may_exist and _find(connection, request) is not None:
            break
    created = _find(connection, request)
    if created is None:
        raise MissingResourceError(
            resource=f"The run `{request.run}`",
            cause="the server has created it, and doesn't list it.",
            remedy="Run the command again with the same `--id`.",
        )
    return CreatedRun(run=created, is_new=True)


def fetch_run(connection: KubeflowConnection, name: str) -> dict[str, Any]:
    """Fetch a run.

    Args:
        connection: The connection to the server.
        name: The run's id on the server.

    Raises:
        MissingResourceError: It doesn't exist.
        RequestError: The request was refused, or not answered.
    """
    found = find_run(connection, name)
    if found is None:
        raise MissingResourceError(
            resource=f"The run `{name}`",
            cause="it may have been deleted.",
            remedy="Submit the pipeline again.",
        )
    return found


def find_run(connection: KubeflowConnection, name: str) -> dict[str, Any] | None:
    """Fetch a run. None if it doesn't exist.

    Args:
        connection: The connection to the server.
        name: The run's id on the server.

    Raises:
        RequestError: The request was refused, or not answered.
    """

    def ask() -> dict[str, Any] | None:
        try:
            return connection.send_once("run_service_get_run", name)
        except Exception as error:
            if get_status(error) == _MISSING:
                return None
            raise

    return connection.repeat(ask)


def list_runs(connection: KubeflowConnection, **query: Any) -> Iterator[dict[str, Any]]:
    """Yield the runs in the target's namespace, page by page.

    Args:
        connection: The connection to the server.
        **query: A filter (`filter`), an order (`sort_by`), and the size of a page (`page_size`).

    Raises:
        RequestError: A request was refused, or not answered.
    """
    yield from list_all(
        connection, "run_service_list_runs", "runs", {**get_namespace(connection), **query}
    )


def _find(connection: KubeflowConnection, request: KubeflowRequest) -> dict[str, Any] | None:
    """Return the run with the id of a request, if the same request has created it."""
    found = list(list_runs(connection, filter=make_filter(equals("display_name", request.run))))
    if len(found) > 1:
        names = [str(each.get("run_id")) for each in found]
        raise DuplicateRunsError(run=request.run, found=names, host=connection.host)
    if not found:
        return None
    recorded = find_recorded_digest(found[0].get("description") or "")
    if recorded != request.digest:
        raise RunIdTakenError(
            name=request.run,
            differs=recorded is not None,
            state=str(found[0].get("state", "")).lower() or None,
        )
    return found[0]
