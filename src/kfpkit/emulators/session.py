"""The context in which a run uses its emulators."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from kfpkit import locks
from kfpkit.emulators.known import KNOWN, PROJECT
from kfpkit.emulators.server import Addresses, Server, Starting
from kfpkit.emulators.variables import Access, client_variables, list_client_variables
from kfpkit.environments import Environment, find_environment
from kfpkit.environments.venvs import ensure_virtual_environment, in_use, python_of
from kfpkit.errors import EmulatorDataError, MissingEmulatorsError, UnknownEmulatorError
from kfpkit.listeners import Listener, ignore
from kfpkit.project import Project


def find_emulators(project: Project) -> Environment:
    """Find the environment of the emulators.

    Args:
        project: The project.

    Raises:
        MissingEmulatorsError: The project doesn't have it.
    """
    folder = project.environments / "emulators"
    if not (folder / "pyproject.toml").is_file():
        raise MissingEmulatorsError(folder=folder)
    return find_environment(project, "emulators")


def name_variables(names: Collection[str]) -> list[str]:
    """Return the names of the variables that direct clients to emulators. Starts none.

    Args:
        names: The needed emulators.

    Raises:
        UnknownEmulatorError: An emulator doesn't exist.
    """
    return list_client_variables(_resolve_names(names)) if names else []


@contextlib.contextmanager
def emulators(
    names: Iterable[str],
    *,
    project: Project,
    log_folder: Path,
    report: Listener = ignore,
    ports: Mapping[str, int] | None = None,
) -> Iterator[Mapping[str, str]]:
    """Keep emulators running, shared with other runs of the project.

    Args:
        names: The needed emulators: `bigquery` or `vertex` (which include `storage`), or
            `storage`.
        project: The project of the data.
        log_folder: The folder for the logs of servers that are started here.
        report: Called with a line for each step of creating their virtual environment.
        ports: The ports of emulators that are started here. By default, free ones.

    Yields:
        The environment variables that direct Google's clients to the servers.

    Raises:
        UnknownEmulatorError: An emulator doesn't exist.
        MissingEmulatorsError: The project has no environment `emulators`.
        EmulatorFailedError: A server ended, or didn't respond, while it was starting.
        PortInUseError: Another program listens on the port of an emulator.
        EmulatorDataError: The data or the logs can't be written.
    """
    wanted = _resolve_names(names)
    venv = ensure_virtual_environment(find_emulators(project), report=report)
    python = python_of(venv)
    folder = project.state / "emulators"
    with contextlib.ExitStack() as stack:
        stack.enter_context(in_use(venv))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            log_folder.mkdir(parents=True, exist_ok=True)
            users = stack.enter_context((folder / "users.lock").open("a+b"))
            with locks.alone(folder / "change.lock"):
                addresses = _join(users, wanted, folder, python, log_folder, ports or {})
                access = Access.write(folder)
        except OSError as error:
            raise EmulatorDataError(folder=folder, cause=error.strerror or str(error)) from None
        try:
            yield client_variables(addresses, access)
        finally:
            # Should the folder be gone, the servers end when `users` is closed.
            with contextlib.suppress(FileNotFoundError), locks.alone(folder / "change.lock"):
                leave(users, folder)


def _resolve_names(names: Iterable[str]) -> list[str]:
    asked = list(names)
    for name in asked:
        if name not in KNOWN:
            raise UnknownEmulatorError(name=name, known=sorted(KNOWN))
    return list(dict.fromkeys(needed for name in asked for needed in KNOWN[name].needs))


def _join(  # noqa: PLR0913, PLR0917 - one call, which needs all of them
    users: IO[bytes],
    wanted: list[str],
    folder: Path,
    python: Path,
    log_folder: Path,
    ports: Mapping[str, int],
) -> dict[str, Addresses]:
    """Become a user. Start all needed servers that aren't running, then wait for them."""
    locks.hold_shared(users)
    started: list[Starting] = []
    addresses: dict[str, Addresses] = {}
    try:
        for name in wanted:
            settings = {"GOOGLE_CLOUD_PROJECT": PROJECT}
            if name != "storage":
                settings["STORAGE_EMULATOR_HOST"] = addresses["storage"].http
            server = Server(emulator=KNOWN[name], folder=folder)
            found = server.find(settings)
            if found is None:
                server.stop()  # one with other settings, or one that no longer answers
                log = log_folder / f"{name}.log"
                started.append(server.start(python, settings, log, port=ports.get(name, 0)))
                found = started[-1].addresses
            addresses[name] = found
        for starting in started:
            starting.wait()
    except BaseException:
        for starting in started:
            starting.kill()
        leave(users, folder)
        raise
    return addresses


def leave(users: IO[bytes], folder: Path) -> None:
    """Stop being a user. Stop the servers if there is no other user.

    Args:
        users: The file that users lock.
        folder: The folder of all emulators.
    """
    locks.release(users)
    if not locks.is_shared_by_others(users):
        for emulator in reversed(KNOWN.values()):
            Server(emulator=emulator, folder=folder).stop()
    locks.release(users)
