"""The experiments that runs belong to."""

from __future__ import annotations

import requests  # type: ignore[import-untyped] # requests ships no types

from kfpkit.errors import MissingResourceError
from kfpkit.targets.kubeflow.service.connection import KubeflowConnection
from kfpkit.targets.kubeflow.service.faults import get_status
from kfpkit.targets.kubeflow.service.filters import equals, make_filter
from kfpkit.targets.kubeflow.service.lists import get_namespace, list_all


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
    body = {"display_name": name, **get_namespace(connection)}

    def make() -> None:
        try:
            connection.send_once("experiment_service_create_experiment", body)
        except Exception as error:
            # Another submission may have created it in the meantime.
            if get_status(error) != requests.codes.conflict:
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
    query = {"filter": make_filter(equals("display_name", name)), **get_namespace(connection)}
    found = list_all(connection, "experiment_service_list_experiments", "experiments", query)
    return next((str(each["experiment_id"]) for each in found), None)
