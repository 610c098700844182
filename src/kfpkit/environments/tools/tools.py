"""Runs uv and Poetry as processes, independent of the caller's shell settings.

The tools don't receive settings that change what is installed, or where. They do receive those of
indexes, proxies, certificates and caches.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from kfpkit.environments.tools.faults import make_tool_error
from kfpkit.errors import UvNotInstalledError

_DISTURBING = re.compile(
    r"PYTHON(?!_KEYRING)|VIRTUAL_ENV|CONDA_|_CONDA|__PYVENV|PIP_|UV_|POETRY_|(CLICOLOR_)?FORCE_COLOR"
)
_HARMLESS = re.compile(
    r"UV_(.*INDEX.*|FIND_LINKS|OFFLINE|CACHE_DIR|NO_CACHE|LINK_MODE|HTTP_.*|REQUEST_.*|CONCURRENT_.*"
    r"|INSECURE_HOST|NATIVE_TLS|SYSTEM_CERTS|KEYRING_PROVIDER|CREDENTIALS_DIR|PYTHON_DOWNLOADS.*"
    r"|PYTHON_INSTALL_.*|.*_MIRROR)"
    r"|POETRY_(PYPI_MIRROR_URL|HTTP_BASIC_.*|CERTIFICATES_.*|REPOSITORIES_.*|REQUESTS_.*|KEYRING_.*"
    r"|CACHE_DIR|CONFIG_DIR)"
)


def find_uv() -> str:
    """Find the uv executable.

    Raises:
        UvNotInstalledError: The extra `local` is not installed.
    """
    try:
        from uv import find_uv_bin  # noqa: PLC0415 - an extra: compiling does without

        return str(find_uv_bin())
    except (ImportError, FileNotFoundError):
        raise UvNotInstalledError from None


def run(
    command: Sequence[str],
    *,
    environment: str | None,
    folder: Path,
    doing: str,
    settings: Mapping[str, str] | None = None,
) -> None:
    """Run a tool to its end.

    Args:
        command: The tool and its arguments.
        environment: The environment that it works for. None if it works for kfpkit itself.
        folder: The working folder.
        doing: The operation, for an error: "install the lock".
        settings: Environment variables to add.

    Raises:
        ToolError: The tool failed. A subclass if the cause is known.
    """
    completed = subprocess.run(
        command,
        cwd=folder,
        env=clean_environ(os.environ) | {"NO_COLOR": "1"} | dict(settings or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if completed.returncode:
        raise make_tool_error(completed.stdout, environment=environment, doing=doing)


def clean_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variables without those that change what a tool does."""
    return {
        key: value
        for key, value in environ.items()
        if _HARMLESS.fullmatch(key) or not _DISTURBING.match(key)
    }
