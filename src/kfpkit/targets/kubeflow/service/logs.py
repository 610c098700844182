"""The logs of pods, which the server reads from Kubernetes or from its archive."""

from __future__ import annotations

import json

from kfpkit.targets.kubeflow.service.connection import KubeflowConnection

_PATH = "/apis/v1alpha1/runs/{run}/nodes/{pod}/log"  # the one version that there is
_FAULT = '{"error_message":'


class PodLogError(Exception):
    """The server can't read a log. The text is its reason."""


def fetch_log(connection: KubeflowConnection, run: str, pod: str) -> str:
    """Fetch the log of a pod.

    Args:
        connection: The connection to the server.
        run: The run's id on the server.
        pod: The pod's name.

    Raises:
        PodLogError: The server doesn't have it.
        RequestError: The request was refused, or not answered.
    """
    kind, content = connection.read(_PATH, {"run": run, "pod": pod})
    text = content.decode("utf-8", "replace")
    if kind.startswith("text/html"):
        raise PodLogError("a page has answered, and not the server's API")
    # The server begins its answer before it looks for the log, so an error has the status 200.
    log, found, rest = text.rpartition(_FAULT)
    if found:
        try:
            fault = json.loads(f"{_FAULT}{rest}")
        except ValueError:
            return text
        if not log or not rest.endswith("\n"):
            raise PodLogError(str(fault["error_message"]).rstrip("."))
    return text
