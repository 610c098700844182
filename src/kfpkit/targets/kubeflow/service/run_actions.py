"""Runs that are ended, and runs that go on after a failure."""

from __future__ import annotations

from kfpkit.errors import InvalidRequestError
from kfpkit.targets.kubeflow.service.connection import KubeflowConnection
from kfpkit.targets.kubeflow.service.faults import may_have_arrived
from kfpkit.targets.kubeflow.service.runs import fetch_run

_ENDING = frozenset({"canceling", "canceled"})


def terminate_run(connection: KubeflowConnection, name: str) -> str:
    """Begin to end a run, and return its state.

    Args:
        connection: The connection to the server.
        name: The run's id on the server.

    Raises:
        RequestError: The request was refused, or not answered.
    """
    try:
        connection.send("run_service_terminate_run", name)
    except InvalidRequestError:
        # The server refuses to end a run twice, as after a request whose answer was lost.
        if _fetch_state(connection, name) not in _ENDING:
            raise
    return _fetch_state(connection, name)


def retry_run(connection: KubeflowConnection, name: str) -> str:
    """Run the tasks of a run again that haven't succeeded, and return its state.

    The server refuses a run that goes on. So the request is sent once, and if its answer is lost,
    the run tells whether it has arrived.

    Args:
        connection: The connection to the server.
        name: The run's id on the server.

    Raises:
        RequestError: The request was refused, or not answered.
    """
    before = _fetch_state(connection, name)
    try:
        connection.send_once("run_service_retry_run", name)
    except Exception as error:
        fault = connection.translate(error)
        if fault is None:
            raise
        if not may_have_arrived(error) or _fetch_state(connection, name) == before:
            raise fault from error
    return _fetch_state(connection, name)


def _fetch_state(connection: KubeflowConnection, name: str) -> str:
    return str(fetch_run(connection, name).get("state") or "pending").lower()
