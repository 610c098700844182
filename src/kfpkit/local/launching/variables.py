"""The environment variables of tasks: few of the user's own, as a container would have few."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from kfpkit.local.launching.threads import THREAD_VARIABLES

# What a process needs on this machine: its user and places, its language, its way to the network,
# the indexes that installers ask, and the user's access to Google Cloud. Nothing of Python's:
# PYTHONPATH and the like would give a task what its environment does not hold.
_NAMES = frozenset(
    {
        "HOME",
        "LANG",
        "LANGUAGE",
        "LOGNAME",
        "PATH",
        "SHELL",
        "TMPDIR",
        "TZ",
        "USER",
        "CURL_CA_BUNDLE",
        "REQUESTS_CA_BUNDLE",
        "SSL_CERT_DIR",
        "SSL_CERT_FILE",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "GOOGLE_CLOUD_PROJECT",
    }
)
_PREFIXES = ("LC_", "PIP_", "UV_", "CLOUDSDK_")
_PROXIES = frozenset({"all_proxy", "ftp_proxy", "http_proxy", "https_proxy", "no_proxy"})
# Of these, the ones that say something of this machine's network and the user's access.
_FOR_CONTAINERS = frozenset(
    {
        "TZ",
        "CURL_CA_BUNDLE",
        "REQUESTS_CA_BUNDLE",
        "SSL_CERT_FILE",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "GOOGLE_CLOUD_PROJECT",
    }
)
# Variables whose files a container needs, whoever sets them: the emulators set these.
NAMING_FILES = ("GOOGLE_APPLICATION_CREDENTIALS", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH")
_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"


def select_inherited(variables: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return those of the user's variables that tasks get.

    Args:
        variables: The user's variables.
    """
    return {
        name: value
        for name, value in variables.items()
        if name in _NAMES | THREAD_VARIABLES
        or name.startswith(_PREFIXES)
        or name.lower() in _PROXIES
    }


def select_for_containers(variables: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return those of the user's variables that tasks in containers get, and a user's usual ones.

    Args:
        variables: The user's variables. Those that name a file are of use where it is mounted.
    """
    passed = {
        name: value
        for name, value in select_inherited(variables).items()
        if name in _FOR_CONTAINERS | THREAD_VARIABLES
        or name.startswith("PIP_")
        or name.lower() in _PROXIES
    }
    # Libraries look for the user's name and folder, and the user's number has none in the image.
    user = {"HOME": "/tmp", "USER": "kfpkit", "LOGNAME": "kfpkit"}  # noqa: S108 - the container's
    return {**user, "PYTHONUNBUFFERED": "1", **passed}


def add_interpreter(variables: Mapping[str, str], environment: Path) -> dict[str, str]:
    """Make a virtual environment's programs the first that a process finds.

    Args:
        variables: The process's variables.
        environment: The virtual environment's folder.

    Returns:
        The variables with it, unbuffered so that a log is whole when its task is ended.
    """
    path = variables.get("PATH", _SYSTEM_PATH)
    return {
        "PYTHONUNBUFFERED": "1",
        **variables,
        "PATH": f"{environment / 'bin'}{os.pathsep}{path}",
        "VIRTUAL_ENV": str(environment),
    }
