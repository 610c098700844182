"""The folder of a build: exported lock, kfp's runtime, installer, Dockerfile and its scripts.

It contains nothing of the project, so nothing of the project can reach an image or the key of a
cached layer.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from kfpkit.environments import BUILD_SCRIPTS, Environment
from kfpkit.environments.tools import tools
from kfpkit.environments.venvs import poetry

INSTALLER = Path(__file__).with_name("uv.txt")
_UV_PLATFORM = "x86_64-manylinux_2_28"
_SETTINGS = re.compile(
    r"UV_(DEFAULT_INDEX|INDEX|INDEX_URL|EXTRA_INDEX_URL|INDEX_STRATEGY|INDEX_\w+_(USERNAME|PASSWORD)"
    r"|INSECURE_HOST|HTTP_TIMEOUT|HTTP_RETRIES|CONCURRENT_DOWNLOADS)"
    r"|(HTTP|HTTPS|ALL|NO)_PROXY|(http|https|all|no)_proxy"
)
_PROXIES = ("http_proxy", "https_proxy", "no_proxy")
_VARIABLE = "KFPKIT_BUILD_SETTINGS"


def fetch_installer(folder: Path) -> Path:
    """Fetch `uv` for the platform of the images, which may differ from this machine's.

    It comes from the package index, like everything else, and must match its pinned hash.

    Args:
        folder: An empty folder.

    Returns:
        The executable.

    Raises:
        ToolError: It can't be fetched.
    """
    command = [tools.find_uv(), "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--only-binary", ":all:", "--python", sys.executable, "--target", str(folder)]
    command += ["--python-platform", _UV_PLATFORM, "--requirements", str(INSTALLER)]
    tools.run(command, environment=None, folder=folder, doing="fetch the installer for images")
    return folder / "bin" / "uv"


def write_context(environment: Environment, folder: Path, uv: Path) -> None:
    """Fill the folder of a build.

    Args:
        environment: The environment.
        folder: An empty folder.
        uv: The installer.

    Raises:
        ToolError: The lock can't be exported.
    """
    poetry.export(environment.folder, folder / "requirements.txt", name=environment.name)
    shutil.copyfile(environment.runtime_requirements, folder / "kfp-runtime.txt")
    shutil.copyfile(environment.dockerfile, folder / "Dockerfile")
    scripts = shutil.ignore_patterns("__init__.py", "__pycache__")
    shutil.copytree(BUILD_SCRIPTS, folder / BUILD_SCRIPTS.name, ignore=scripts)
    shutil.copy2(uv, folder / "uv")


def collect_secrets(environ: Mapping[str, str] = os.environ) -> tuple[list[str], dict[str, str]]:
    """Pass the caller's index, proxies and certificates to a build, but to no layer or label.

    Passwords in them aren't written to any file.

    Args:
        environ: The caller's environment variables.

    Returns:
        Arguments for `docker build`, and environment variables that it needs.
    """
    wanted = {name: value for name, value in environ.items() if _SETTINGS.fullmatch(name)}
    for name in _PROXIES:  # apt reads small letters only
        if wanted.get(name.upper()):
            wanted.setdefault(name, wanted[name.upper()])
    arguments: list[str] = []
    variables: dict[str, str] = {}
    if wanted:
        lines = [f"export {name}={shlex.quote(value)}\n" for name, value in sorted(wanted.items())]
        variables[_VARIABLE] = "".join(lines)
        arguments += ["--secret", f"id=settings,env={_VARIABLE}"]
    if certificates := _find_certificates(environ):
        arguments += ["--secret", f"id=certificates,src={certificates}"]
    return arguments, variables


def _find_certificates(environ: Mapping[str, str]) -> str:
    """Find the certificate file of uv, or else that of Python libraries. "" for neither."""
    named = (environ.get(name, "") for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"))
    return next((file for file in named if file and Path(file).is_file()), "")
