"""Compiled pipelines in Cloud Storage."""

from __future__ import annotations

import re
from urllib.parse import quote

from google.api_core import exceptions

from kfpkit.errors import MissingResourceError
from kfpkit.targets.template import Template
from kfpkit.targets.vertex.service.connection import Connection


def store_template(connection: Connection, root: str, template: Template) -> str:
    """Store a compiled pipeline under its digest, unless it is stored already.

    Args:
        connection: A connection to the target's services.
        root: The pipeline root.
        template: The compiled pipeline.

    Returns:
        Its address, `gs://…`.

    Raises:
        MissingResourceError: The bucket doesn't exist.
        RequestError: The request was refused, or not answered.
    """
    bucket, _, folder = root.removeprefix("gs://").partition("/")
    pipeline = re.sub(r"[^a-z0-9]+", "-", template.name.lower()).strip("-")
    path = f"templates/{pipeline}/{template.digest}.yaml"
    name = f"{folder}/{path}" if folder else path

    def upload() -> None:
        # The name has the digest of the content, so an object of this name is the same.
        query = {"uploadType": "media", "name": name, "ifGenerationMatch": "0"}
        try:
            connection.send_once(
                "storage",
                "POST",
                f"/upload/storage/v1/b/{quote(bucket, safe='')}/o",
                query=query,
                body=template.text.encode(),
            )
        except exceptions.PreconditionFailed:
            return
        except exceptions.NotFound as error:
            if connection.target.kind == "emulator":  # no project there has buckets before
                _create_bucket(connection, bucket)
                raise exceptions.ServiceUnavailable("The bucket is new.") from error
            raise describe_missing_bucket(connection, bucket, error.message) from error

    connection.repeat("storage", upload)
    return f"gs://{bucket}/{name}"


def describe_missing_bucket(
    connection: Connection, bucket: str, cause: str
) -> MissingResourceError:
    """Return the error for a bucket that doesn't exist.

    Args:
        connection: A connection to the target's services.
        bucket: The bucket's name.
        cause: What the service says.
    """
    target = connection.target
    return MissingResourceError(
        resource=f"The bucket `{bucket}` of the target `{target.name}`",
        cause=f"{cause.rstrip('.')}.",
        remedy="Correct `pipeline-root`, or create it: `gcloud storage buckets create "
        f"gs://{bucket} --project {target.project} --location {target.bucket_location}`.",
    )


def _create_bucket(connection: Connection, bucket: str) -> None:
    query = {"project": connection.target.project}
    try:
        connection.send_once("storage", "POST", "/storage/v1/b", query=query, body={"name": bucket})
    except exceptions.Conflict:  # another submission has just created it
        return
