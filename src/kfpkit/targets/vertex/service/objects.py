"""The content of objects in Cloud Storage."""

from __future__ import annotations

from urllib.parse import quote

from google.api_core import exceptions

from kfpkit.targets.vertex.service.connection import Connection

_SERVICE = "storage"


def fetch_object(connection: Connection, bucket: str, name: str, most: int) -> bytes | None:
    """Fetch the beginning of an object.

    Args:
        connection: A connection to the target's services.
        bucket: The bucket.
        name: The object's name.
        most: How many bytes to fetch at most.

    Returns:
        The bytes. None if there is no such object.

    Raises:
        RequestError: The request was refused, or not answered.
    """
    path = f"/storage/v1/b/{quote(bucket, safe='')}/o/{quote(name, safe='')}"

    def ask() -> bytes | None:
        try:
            return connection.download_once(_SERVICE, path, {"alt": "media"}, most)
        except exceptions.NotFound:
            return None

    return connection.repeat(_SERVICE, ask)
