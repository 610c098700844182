"""Lists of resources, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kfpkit.targets.kubeflow.service.connection import KubeflowConnection

_PAGE = 50


def list_all(
    connection: KubeflowConnection,
    method: str,
    key: str,
    query: Mapping[str, Any],
    *arguments: str,
) -> Iterator[dict[str, Any]]:
    """Yield resources, and ask for each page when it is needed.

    Args:
        connection: The connection to the server.
        method: The method of the generated API that lists them.
        key: The field of its answers that has them.
        query: What its requests have.
        *arguments: The method's arguments.

    Raises:
        RequestError: A request was refused, or not answered.
    """
    options = {"page_size": _PAGE, "page_token": "", **query}
    while True:
        page = connection.send(method, *arguments, **options)
        yield from page.get(key) or []
        options["page_token"] = page.get("next_page_token") or ""
        if not options["page_token"]:
            return


def get_namespace(connection: KubeflowConnection) -> dict[str, str]:
    """Return the target's namespace, as requests have it. Empty if it has none.

    Args:
        connection: The connection to the server.
    """
    namespace = connection.target.namespace
    return {"namespace": namespace} if namespace else {}
