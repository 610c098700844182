"""Runs on a Kubeflow Pipelines server: found by their id, created once, and read."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests  # type: ignore[import-untyped] # requests ships no types

from kfpkit.errors import DuplicateRunsError, MissingResourceError, RunIdTakenError
from kfpkit.targets.kubeflow.request import KubeflowRequest, find_recorded_digest
from kfpkit.targets.kubeflow.service.connection import KubeflowConnection
from kfpkit.targets.kubeflow.service.faults import get_status, is_passing, may_have_arrived

_PAGE = 50
_MISSING, _EXISTS = requests.codes.not_found, requests.codes.conflict


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

    def ask() -> dict[str, Any] | None:
        try:
            return connection.send_once("run_service_get_run", name)
        except Exception as error:
            if get_status(error) == _MISSING:
                return None
            raise

    found = connection.repeat(ask)
    if found is None:
        raise MissingResourceError(
            resource=f"The run `{name}`",
            cause="it may have been deleted.",
            remedy="Submit the pipeline again.",
        )
    return found


def list_runs(connection: KubeflowConnection, **query: str) -> Iterator[dict[str, Any]]:
    """Yield the runs in the target's namespace, page by page.

    Args:
        connection: The connection to the server.
        **query: A filter (`filter`) and an order (`sort_by`).

    Raises:
        RequestError: A request was refused, or not answered.
    """
    yield from _list_all(connection, "run_service_list_runs", "runs", query)


def find_experiment(connection: KubeflowConnection, name: str) -> str:
    """Return the id of an experiment, which is created if it doesn't exist.

    Args:
        connection: The connection to the server.
        name: The experiment's name.

    Raises:
        RequestError: A request was refused, or not answered.
    """
    found = _find_experiment(connection, name)
    if found is not None:
        return found
    body = {"display_name": name, **_get_namespace(connection)}

    def make() -> None:
        try:
            connection.send_once("experiment_service_create_experiment", body)
        except Exception as error:
            # Another submission may have created it in the meantime.
            if get_status(error) != _EXISTS:
                raise

    connection.repeat(make)
    made = _find_experiment(connection, name)
    if made is None:
        raise MissingResourceError(
            resource=f"The experiment `{name}`",
            cause="the server has created it, and doesn't list it.",
            remedy="Create it in Kubeflow, and run the command again.",
        )
    return made


def is_experiment(connection: KubeflowConnection, name: str) -> bool:
    """Return whether an experiment exists.

    Args:
        connection: The connection to the server.
        name: The experiment's name.

    Raises:
        RequestError: A request was refused, or not answered.
    """
    return _find_experiment(connection, name) is not None


def _find_experiment(connection: KubeflowConnection, name: str) -> str | None:
    query = {"filter": make_filter("display_name", name)}
    found = _list_all(connection, "experiment_service_list_experiments", "experiments", query)
    return next((str(each["experiment_id"]) for each in found), None)


def make_filter(key: str, value: str) -> str:
    """Return the filter of a list for resources with a value.

    Args:
        key: The name of a field.
        value: Its value.
    """
    predicate = {"operation": "EQUALS", "key": key, "stringValue": value}
    return json.dumps({"predicates": [predicate]})


def _find(connection: KubeflowConnection, request: KubeflowRequest) -> dict[str, Any] | None:
    """Return the run with the id of a request, if the same request has created it."""
    found = list(list_runs(connection, filter=make_filter("display_name", request.run)))
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


def _list_all(
    connection: KubeflowConnection, method: str, key: str, query: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    token = ""
    while True:
        options = {**query, **_get_namespace(connection), "page_size": _PAGE, "page_token": token}
        page = connection.send(method, **options)
        yield from page.get(key) or []
        token = page.get("next_page_token") or ""
        if not token:
            return


def _get_namespace(connection: KubeflowConnection) -> dict[str, str]:
    namespace = connection.target.namespace
    return {"namespace": namespace} if namespace else {}
