"""Compiled pipelines in Artifact Registry."""

from __future__ import annotations

import re
from collections.abc import Iterable

from google.api_core import exceptions

from kfpkit.errors import MissingResourceError, TemplateDigestError
from kfpkit.targets.template import Template
from kfpkit.targets.vertex.request import make_template_uri
from kfpkit.targets.vertex.service.connection import Connection

_HOST = "kfp"  # the service's name among the addresses of a connection
_TAG = re.compile(r"[^a-z0-9-]+")


def upload_template(
    connection: Connection, repository: str, template: Template, tags: Iterable[str]
) -> str:
    """Upload a compiled pipeline. The same content is the same version.

    Tags are for people. Runs have the digest, because a tag may point to something else the moment
    after.

    Args:
        connection: A connection to the target's services.
        repository: The repository.
        template: The compiled pipeline.
        tags: The version's tags. Other characters than letters, digits and `-` become `-`.

    Returns:
        Its address with the digest.

    Raises:
        MissingResourceError: The repository doesn't exist.
        TemplateDigestError: The registry has stored it under another digest.
        RequestError: The request was refused, or not answered.
    """
    expected = make_template_uri(repository, template)
    marked = ",".join(dict.fromkeys(map(make_tag, tags)))

    def upload() -> str:
        form = {"tags": (None, marked), "content": (f"{template.name}.yaml", template.text)}
        try:
            return connection.upload_once(_HOST, repository, form)
        except exceptions.Conflict:  # the version exists
            return expected.removeprefix(f"{repository}/")
        except exceptions.NotFound as error:
            raise _describe_missing(repository, error.message) from error

    stored = f"{repository}/{connection.repeat(_HOST, upload).strip()}"
    if stored != expected:
        raise TemplateDigestError(expected=expected, stored=stored)
    return stored


def make_tag(text: str) -> str:
    """Return a text as it may be a tag. Other characters than letters, digits and `-` become `-`.

    Args:
        text: The text.
    """
    return _TAG.sub("-", text.lower()).strip("-")


def _describe_missing(repository: str, cause: str) -> MissingResourceError:
    host, project, name = repository.removeprefix("https://").split("/")
    location = host.partition("-kfp.")[0]
    return MissingResourceError(
        resource=f"The repository `{repository}`",
        cause=f"{cause.rstrip('.')}.",
        remedy="Correct `template-repository`, or create it: `gcloud artifacts repositories create "
        f"{name} --repository-format kfp --project {project} --location {location}`.",
    )
