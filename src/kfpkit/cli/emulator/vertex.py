"""`kfpkit emulator vertex`: Vertex AI on this machine."""

from __future__ import annotations

import contextlib
import json
import shlex
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from kfpkit.cli import output
from kfpkit.cli.options import AsJson

HELP = """Run Vertex AI on this machine.

`kfpkit emulator vertex -- COMMAND` runs a program whose Google clients reach the emulator, without
changes in the program: over REST and gRPC, and without an endpoint. Jobs run in the project's
locked environments, as with `kfpkit run`.
"""
SETTINGS = {"allow_interspersed_args": False, "ignore_unknown_options": True}
_NAME = "vertex"
_NOT_RUNNING = 3  # as of a service that is not running
_NOT_FOUND = 127  # as in shells and `env`
_NOT_EXECUTABLE = 126


def start_command(
    port: Annotated[
        int,
        typer.Option(min=0, max=65535, help="The port for HTTP.  [default: a free one]"),
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Start the emulator in the background, and print the variables that direct clients to it.

    For a shell: `eval "$(kfpkit emulator vertex start)"`. The emulator runs until
    `kfpkit emulator vertex stop`.
    """
    from kfpkit.emulators import start_emulator
    from kfpkit.project import find_project

    project = find_project(Path.cwd())
    variables = start_emulator(_NAME, project=project, port=port, report=output.report_progress)
    if as_json:
        typer.echo(json.dumps(dict(variables), indent=2))
        return
    for name, value in sorted(variables.items()):
        typer.echo(f"export {name}={shlex.quote(value)}")


def stop_command() -> None:
    """Stop the emulator. Its jobs go on when it is started again."""
    from kfpkit.emulators import stop_emulator
    from kfpkit.project import find_project

    before = stop_emulator(_NAME, project=find_project(Path.cwd()))
    typer.echo("Stopped" if before.address else "The emulator is not running")
    if before.open_jobs:
        output.report_progress(f"{_count(before.open_jobs)} will go on when it is started again")


def status_command(as_json: AsJson = False) -> None:
    """Show whether the emulator runs, its address and how many jobs have not ended.

    Exits with 3 if it isn't running.
    """
    from kfpkit.emulators import read_status
    from kfpkit.project import find_project

    status = read_status(_NAME, project=find_project(Path.cwd()))
    if as_json:
        facts = {
            "address": status.address or None,
            "process": status.process or None,
            "background": status.background,
            "open_jobs": status.open_jobs,
        }
        typer.echo(json.dumps(facts, indent=2))
    elif status.address:
        jobs = _count(status.open_jobs)
        typer.echo(f"Running at {status.address}, process {status.process}, {jobs} in progress")
    else:
        typer.echo("Not running")
    if not status.address:
        raise typer.Exit(_NOT_RUNNING)


def run_command(
    command: Annotated[
        list[str], typer.Argument(metavar="COMMAND", help="A program and its arguments.")
    ],
) -> None:
    """Run a program whose Google clients reach the emulator."""
    from kfpkit.emulators import emulators, read_status
    from kfpkit.project import find_project

    words = command[1:] if command[0] == "--" else command
    if not words:
        raise typer.BadParameter("must not be empty.", param_hint="COMMAND")
    project = find_project(Path.cwd())
    logs = project.state / "emulators" / "logs"
    with emulators(
        [_NAME], project=project, log_folder=logs, report=output.report_progress
    ) as variables:
        code = _run(words, variables)
        left = read_status(_NAME, project=project)
    if left.open_jobs and not left.background:
        jobs = _count(left.open_jobs)
        output.report_progress(f"{jobs} in progress; the emulator ends after that")
    raise typer.Exit(code)


def _run(words: list[str], variables: Mapping[str, str]) -> int:
    """Run a program, and return its exit code, as a shell reports it."""
    import os

    try:
        process = subprocess.Popen(words, env={**os.environ, **variables})
    except (FileNotFoundError, NotADirectoryError):
        output.report_error(f"`{words[0]}`: your PATH doesn't have this program. Correct it.")
        return _NOT_FOUND
    except OSError as error:
        output.report_error(f"`{words[0]}` cannot be executed: {error.strerror}.")
        return _NOT_EXECUTABLE
    with process, _forwarding(process):
        code = process.wait()
    return code if code >= 0 else 128 - code


@contextlib.contextmanager
def _forwarding(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Leave signals to the program. A terminal sends Ctrl-C to both."""

    def forward(number: int, _: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)

    numbers: dict[int, Any] = {
        signal.SIGINT: signal.SIG_IGN,
        signal.SIGTERM: forward,
        signal.SIGHUP: forward,
    }
    before = {number: signal.signal(number, handler) for number, handler in numbers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _count(jobs: int) -> str:
    return f"{jobs} job{'' if jobs == 1 else 's'}"
