"""The folder that a build sees: exported lock, kfp's runtime, installer, Dockerfile, its scripts.

Nothing of the project goes into it, so nothing of the project can get into an image or into the
key of a cached layer.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from kfpkit.environments import Environment, poetry, tools
from kfpkit.environments.environment import BUILD_SCRIPTS

INSTALLER = Path(__file__).with_name("uv.txt")
_UV_PLATFORM = "x86_64-manylinux_2_28"
_SETTINGS = re.compile(
    r"UV_(DEFAULT_INDEX|INDEX|INDEX_URL|EXTRA_INDEX_URL|INDEX_STRATEGY|INDEX_\w+_(USERNAME|PASSWORD)"
    r"|INSECURE_HOST|HTTP_TIMEOUT|HTTP_RETRIES|CONCURRENT_DOWNLOADS)"
    r"|(HTTP|HTTPS|ALL|NO)_PROXY|(http|https|all|no)_proxy"
)


def installer(folder: Path) -> Path:
    """Fetch the `uv` of the images' platform, whatever platform this machine is.

    It comes from the package index, as everything else does, and is compared with its pinned hash.

    Args:
        folder: An empty folder.

    Returns:
        The executable.

    Raises:
        ToolError: It cannot be fetched.
    """
    command = [tools.uv(), "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--only-binary", ":all:", "--python", sys.executable, "--target", str(folder)]
    command += ["--python-platform", _UV_PLATFORM, "--requirements", str(INSTALLER)]
    tools.run(command, environment=None, folder=folder, doing="fetch the installer for images")
    return folder / "bin" / "uv"


def write(environment: Environment, folder: Path, uv: Path) -> None:
    """Fill the folder of a build.

    Args:
        environment: The environment.
        folder: An empty folder.
        uv: The installer.

    Raises:
        ToolError: The lock cannot be exported.
    """
    poetry.export(environment.folder, folder / "requirements.txt", name=environment.name)
    shutil.copyfile(environment.runtime_requirements, folder / "kfp-runtime.txt")
    shutil.copyfile(environment.dockerfile, folder / "Dockerfile")
    scripts = shutil.ignore_patterns("__init__.py", "__pycache__")
    shutil.copytree(BUILD_SCRIPTS, folder / BUILD_SCRIPTS.name, ignore=scripts)
    shutil.copy2(uv, folder / "uv")


def secrets(folder: Path, environ: Mapping[str, str] = os.environ) -> list[str]:
    """Pass the caller's index, proxies and certificates to a build, and into no layer or label.

    Args:
        folder: A private folder outside the build's own.
        environ: The caller's environment variables.

    Returns:
        Arguments for `docker build`.
    """
    wanted = {name: value for name, value in sorted(environ.items()) if _SETTINGS.fullmatch(name)}
    arguments = []
    if wanted:
        settings = folder / "settings"
        settings.touch(mode=0o600)
        lines = [f"export {name}={shlex.quote(value)}\n" for name, value in wanted.items()]
        settings.write_text("".join(lines), encoding="utf-8")
        arguments += ["--secret", f"id=settings,src={settings}"]
    certificates = environ.get("SSL_CERT_FILE", "")
    if certificates and Path(certificates).is_file():
        arguments += ["--secret", f"id=certificates,src={certificates}"]
    return arguments
