"""Secrets, which tasks read by their names when they run.

A pipeline's parameter has the name of a secret, `projects/PROJECT/secrets/NAME`, and never its
value. So the value is in no compiled pipeline, no record and no console. In a cluster, Secret
Manager returns it, with the permissions of the task's service account. In a run on a laptop, it
comes from an environment variable or from a file outside the project.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import re
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import urllib.request

FOLDER = "KFPKIT_SECRETS"
"""The environment variable with the folder of secrets. kfpkit sets it in runs on a laptop."""

PREFIX = "KFPKIT_SECRET_"
"""What the names of environment variables with secrets begin with."""

_NAME = re.compile(r"projects/([^/\s]+)/secrets/([\w-]+)(?:/versions/([\w-]+))?")
_API = "https://secretmanager.googleapis.com"
_METADATA = "http://metadata.google.internal"
_TOKEN = "/computeMetadata/v1/instance/service-accounts/default/token"  # noqa: S105 - an address
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_TIMEOUT = 30
_WAITS = (1.0, 2.0, 4.0)
_TRANSIENT = frozenset({429, 500, 502, 503, 504})
_MASK = "***"
_SHORTEST = 4  # a shorter secret would hide parts of other words


class SecretUnavailableError(RuntimeError):
    """A secret can't be read. The message says why and what to do, and has no part of a secret."""


def read_secret(name: str) -> str:
    """Read a secret.

    The first of these that exists wins:

    1. the environment variable `KFPKIT_SECRET_NAME`, with the secret's name in upper case and `_`
       for `-`
    2. if `KFPKIT_SECRETS` is set: the file `PROJECT/NAME` or `NAME` in that folder, without the
       line break at its end
    3. otherwise, Secret Manager

    Args:
        name: `projects/PROJECT/secrets/NAME`, optionally with `/versions/VERSION`; the latest
            version by default. Variables and files have one version.

    Returns:
        The secret. What the task prints from now on has `***` in its place. A component must not
        return it or write it to an artifact.

    Raises:
        ValueError: The name has another form.
        SecretUnavailableError: The secret doesn't exist, or the task may not read it.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise ValueError(
            f"`{name}` is not the name of a secret. Write `projects/PROJECT/secrets/NAME`."
        )
    value = _find(match[1], match[2], match[3] or "latest")
    _hide(value)
    return value


class Masked:
    """A stream of text that shows `***` instead of secrets.

    Args:
        stream: The stream that it writes to.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._hidden: set[str] = set()

    def hide(self, secret: str) -> None:
        """Hide a secret, and each of its lines, from now on."""
        parts = {secret, *secret.splitlines()}
        self._hidden |= {part for part in parts if len(part) >= _SHORTEST}

    def write(self, text: str) -> int:
        """Write a string without the secrets in it."""
        for secret in sorted(self._hidden, key=len, reverse=True):
            text = text.replace(secret, _MASK)
        return int(self._stream.write(text))

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several strings."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the stream."""
        return getattr(self._stream, name)


def _hide(secret: str) -> None:
    """Hide a secret in what the task prints and logs."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        masked = stream if isinstance(stream, Masked) else Masked(stream)
        masked.hide(secret)
        setattr(sys, name, masked)
        # KFP has set up logging before the component runs.
        for handler in logging.getLogger().handlers:
            if getattr(handler, "stream", None) is stream and stream is not masked:
                handler.stream = masked  # type: ignore[attr-defined]


def _find(project: str, secret: str, version: str) -> str:
    variable = f"{PREFIX}{re.sub(r'[^A-Za-z0-9]', '_', secret).upper()}"
    if variable in os.environ:
        return os.environ[variable]
    if os.environ.get(FOLDER):
        return _read_file(Path(os.environ[FOLDER]), project, secret, variable)
    return _fetch(f"projects/{project}/secrets/{secret}/versions/{version}")


def _read_file(folder: Path, project: str, secret: str, variable: str) -> str:
    for file in (folder / project / secret, folder / secret):
        try:
            text = file.read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            continue
        except (OSError, UnicodeDecodeError) as error:
            cause = getattr(error, "strerror", None) or "it isn't UTF-8"
            raise SecretUnavailableError(f"The secret in {file} can't be read: {cause}.") from None
        return text.removesuffix("\n").removesuffix("\r")
    raise SecretUnavailableError(
        f"The secret `{secret}` of the project `{project}` is not on this machine. Write it to "
        f"{folder / project / secret}, or set the environment variable `{variable}`."
    )


def _fetch(version: str) -> str:
    """Ask Secret Manager for a version of a secret."""
    import urllib.request

    request = urllib.request.Request(  # noqa: S310 - a fixed scheme
        f"{_API}/v1/{version}:access",
        headers={"Authorization": f"Bearer {_fetch_token(version)}"},
    )
    answer = _send(request, f"The secret `{version}` can't be read", version)
    try:
        return base64.b64decode(answer["payload"].get("data", "")).decode("utf-8")
    except (KeyError, AttributeError, ValueError):
        raise SecretUnavailableError(
            f"The secret `{version}` is not text in UTF-8. Store it as text, such as Base64."
        ) from None


def _fetch_token(version: str) -> str:
    """Return an access token of the task's account."""
    import urllib.request

    try:
        import google.auth
        from google.auth.transport.requests import Request
    except ImportError:  # few environments have it, and all clusters have a metadata server
        request = urllib.request.Request(  # noqa: S310 - a fixed scheme
            f"{_METADATA}{_TOKEN}", headers={"Metadata-Flavor": "Google"}
        )
        failed = f"There is no access token to read the secret `{version}`"
        return str(_send(request, failed, version)["access_token"])
    try:
        credentials, _ = google.auth.default(scopes=[_SCOPE])
        credentials.refresh(Request())
    except google.auth.exceptions.GoogleAuthError as error:
        raise SecretUnavailableError(
            f"There are no credentials to read the secret `{version}`: {error}"
        ) from None
    return str(credentials.token)


def _send(request: urllib.request.Request, failed: str, version: str) -> Any:
    """Send a request, again if the failure may pass, and return the answer."""
    import urllib.error
    import urllib.request

    for wait in (*_WAITS, None):
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310 - as above
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                problem = _explain(error.code, error.read(), version)
            is_transient = error.code in _TRANSIENT
        except (OSError, ValueError) as error:
            problem = f"{getattr(error, 'reason', error)}. Check the network of the task."
            is_transient = True
        if wait is None or not is_transient:
            raise SecretUnavailableError(f"{failed}: {problem}")
        time.sleep(wait)
    return None


def _explain(code: int, body: bytes, version: str) -> str:
    """Return what Google says about a failure, and what to do."""
    try:
        error = json.loads(body)["error"]
        message = str(error.get("message", "")).rstrip(".")
    except (ValueError, KeyError, TypeError, AttributeError):
        error, message = {}, ""
    _, project, _, secret, *_ = version.split("/")
    if "SERVICE_DISABLED" in json.dumps(error):
        step = f"Run `gcloud services enable secretmanager.googleapis.com --project {project}`."
    elif code == 403:  # noqa: PLR2004 - a status
        step = (
            f"Run `gcloud secrets add-iam-policy-binding {secret} --project {project} "
            "--member serviceAccount:ACCOUNT --role roles/secretmanager.secretAccessor` with the "
            "service account of the task."
        )
    elif code == 404:  # noqa: PLR2004 - a status
        step = f"Run `gcloud secrets versions list {secret} --project {project}`."
    else:
        step = "Run the task again later."
    return f"HTTP {code}{f', {message}' if message else ''}. {step}"
