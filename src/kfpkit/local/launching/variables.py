"""The environment variables of a task: their sources, and which source takes precedence.

A task gets few of the user's own variables, as in a container. Only `merge_variables` combines the
sources.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kfpkit.local.launching.threads import THREAD_VARIABLES, share_threads

PREFIX = "KFPKIT_SECRET_"
FOLDER = "KFPKIT_SECRETS"
"""Where tasks find secrets, as `kfpkit.helpers.secrets` reads them."""

PROJECT = "KFPKIT_PROJECT"
"""Where relative paths in a task's inputs start, as `kfpkit.helpers.sources` reads them."""

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
_PREFIXES = ("LC_", "PIP_", "UV_", "CLOUDSDK_", PREFIX)
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
_NAMING_FILES = ("GOOGLE_APPLICATION_CREDENTIALS", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH")
_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
_HOST = "host.docker.internal"
# A log has to be whole when its task is ended.
_UNBUFFERED = {"PYTHONUNBUFFERED": "1"}
# Libraries look for the user's name and folder, and the user's number has none in the image.
_USER = {"HOME": "/tmp", "USER": "kfpkit", "LOGNAME": "kfpkit"}  # noqa: S108 - the container's


@dataclass(frozen=True, kw_only=True)
class TaskVariables:
    """The variables that are set for a task, by source.

    Args:
        configuration: Set by the configuration for every task.
        task: Set by the pipeline for this task.
        run: Set by the caller: the emulators' addresses, a test's variables.
    """

    configuration: Mapping[str, str] = field(default_factory=dict)
    task: Mapping[str, str] = field(default_factory=dict)
    run: Mapping[str, str] = field(default_factory=dict)


def merge_variables(
    own: TaskVariables,
    *,
    machine: Mapping[str, str] | None = None,
    threads: int | None = None,
    defaults: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Merge the sources of a task's variables.

    If several sources set a variable, the last one in this order wins:

    1. `defaults`
    2. `threads`
    3. `machine`
    4. `own.configuration`
    5. `own.task`
    6. `own.run`

    Args:
        own: The variables that are set for the task.
        machine: The user's variables that the task inherits.
        threads: The number of threads for its libraries. None leaves it to them.
        defaults: The variables of any program in the same place.
    """
    return {
        **(defaults or {}),
        **share_threads(threads),
        **(machine or {}),
        **own.configuration,
        **own.task,
        **own.run,
    }


def set_for_virtual_environment(
    own: TaskVariables,
    environment: Path,
    root: Path,
    *,
    threads: int | None = None,
    machine: Mapping[str, str] = os.environ,
) -> dict[str, str]:
    """Return all variables of a task in a virtual environment.

    The environment's programs come first on the task's path, whatever sets `PATH`.

    Args:
        own: The variables that are set for the task.
        environment: The virtual environment's folder.
        root: The project's folder.
        threads: The number of threads for its libraries. None leaves it to them.
        machine: The user's variables.
    """
    variables = merge_variables(
        own,
        machine=select_inherited(machine),
        threads=threads,
        defaults={
            **_UNBUFFERED,
            FOLDER: str(find_secrets_folder(machine)),
            PROJECT: str(root),
        },
    )
    path = variables.get("PATH", _SYSTEM_PATH)
    return {
        **variables,
        "PATH": f"{environment / 'bin'}{os.pathsep}{path}",
        "VIRTUAL_ENV": str(environment),
    }


def set_for_container(
    own: TaskVariables,
    *,
    network: str,
    threads: int | None = None,
    machine: Mapping[str, str] = os.environ,
) -> dict[str, str]:
    """Return all variables of a task in a container. They override the image's own.

    Args:
        own: The variables that are set for the task.
        network: The mode of the container's network.
        threads: The number of threads for its libraries. None leaves it to them.
        machine: The user's variables.
    """
    variables = merge_variables(
        own,
        machine=select_for_containers(machine),
        threads=threads,
        defaults={**_USER, **_UNBUFFERED, FOLDER: str(find_secrets_folder(machine))},
    )
    if network == "bridge":
        # Containers are in a virtual machine there, and this machine has a name of its own.
        return {name: value.replace("127.0.0.1", _HOST) for name, value in variables.items()}
    return variables


def list_named_files(own: TaskVariables, *, machine: Mapping[str, str] = os.environ) -> list[Path]:
    """Return the files on this machine that a container's variables name, and those of secrets.

    Args:
        own: The variables that are set for the task.
        machine: The user's variables.
    """
    merged = merge_variables(own)
    naming = {name: merged[name] for name in _NAMING_FILES if name in merged}
    files = (Path(value) for value in {**select_for_containers(machine), **naming}.values())
    found = [file for file in files if file.is_absolute() and file.is_file()]
    secrets = find_secrets_folder(machine)
    return [*found, secrets] if secrets.is_dir() else found


def find_secrets_folder(variables: Mapping[str, str] = os.environ) -> Path:
    """Return the folder in which tasks of this machine find secrets. It need not exist.

    Args:
        variables: The user's variables.
    """
    named = variables.get(FOLDER)
    folder = Path(named) if named else Path.home() / ".config" / "kfpkit" / "secrets"
    return folder.absolute()


def select_inherited(variables: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the user's variables that tasks inherit.

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
    """Return the user's variables that tasks in containers inherit.

    Args:
        variables: The user's variables. A variable that names a file is useful if the file is
            mounted.
    """
    return {
        name: value
        for name, value in select_inherited(variables).items()
        if name in _FOR_CONTAINERS | THREAD_VARIABLES
        or name.startswith(("PIP_", PREFIX))
        or name.lower() in _PROXIES
    }
