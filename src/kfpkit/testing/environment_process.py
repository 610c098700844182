"""The process that runs tests in an environment, as the author's pytest sees it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kfpkit.environments import Environment
from kfpkit.environments.venvs import ensure_virtual_environment, make_shell_variables, python_of
from kfpkit.testing.loan import make_loan

if TYPE_CHECKING:
    from kfpkit.project import Project

_PROGRAM = Path(__file__).parent / "in_venv" / "start.py"
_SECONDS = 10.0  # for the fixtures of a session that was stopped
_PATIENCE = 0.2  # seconds between two looks at whether the process is alive
_CHUNK = 65_536
_SHOWN = 4_000  # characters of what a process printed that did not end well
# Options and plug-ins that the author's pytest was told of are not meant for this one.
_NOT_PASSED = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")


@dataclass(frozen=True, kw_only=True)
class Order:
    """The settings with which pytest starts in an environment.

    Args:
        arguments: The arguments of pytest.
        options: Options of the author's pytest, by their name in `config.option`.
        folder: The working folder.
        captured: Whether output of the process outside tests is captured.
    """

    arguments: Sequence[str]
    options: Mapping[str, Any]
    folder: Path
    captured: bool


class EnvironmentProcess:
    """A pytest in an environment that waits for tests to run.

    Args:
        environment: The environment.
        project: The tests' project.
        order: The settings of pytest.

    Raises:
        PytestNotLentError: The environment's Python can't use the author's pytest.
        EnvironmentsError: The environment is stale, or can't be created.
    """

    def __init__(self, environment: Environment, project: Project, order: Order) -> None:
        loan = make_loan(environment.description.python)
        venv = ensure_virtual_environment(environment)
        variables = {
            name: value
            for name, value in make_shell_variables(project, venv).items()
            if name not in _NOT_PASSED
        }
        commands_from, commands_to = os.pipe()
        messages_from, messages_to = os.pipe()
        self._output: IO[bytes] | None = tempfile.TemporaryFile() if order.captured else None  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            [str(python_of(venv)), str(_PROGRAM), str(commands_from), str(messages_to)],
            cwd=order.folder,
            env={**variables, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            pass_fds=(commands_from, messages_to),
            stdout=self._output,
            stderr=self._output,
        )
        os.close(commands_from)
        os.close(messages_to)
        self._commands = os.fdopen(commands_to, "w", encoding="utf-8")
        self.has_run = False
        """Whether it has answered; not so as long as pytest has not started in it."""
        self._messages = messages_from
        self._received = b""
        plugins = [word for plugin in loan.plugins for word in ("-p", plugin)]
        self._send(
            {
                "environment": environment.name,
                "first": loan.first,
                "last": loan.last,
                "distributions": loan.distributions,
                "arguments": [*plugins, *order.arguments],
                "options": order.options,
            }
        )

    def run(self, test: Mapping[str, Any], following: Mapping[str, Any] | None) -> Iterator[Any]:
        """Run a test.

        Args:
            test: The test.
            following: The next test in this process, if any.

        Yields:
            Messages. The last one is missing if the process has ended in the meantime.
        """
        self._send({"test": test, "next": following})
        line = self._line()
        self.has_run = self.has_run or bool(line)
        while line:
            yield json.loads(line)
            line = self._line()

    @property
    def ending(self) -> str:
        """How the process ended, with its last output."""
        code = self._process.wait()
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        printed = ""
        if self._output is not None:
            self._output.seek(0)
            printed = self._output.read().decode(errors="replace").strip()[-_SHOWN:]
        return f"{how}\n{printed}" if printed else how

    def close(self) -> None:
        """Let the process end: immediately if a test is running, otherwise after its fixtures."""
        with contextlib.suppress(OSError):
            self._commands.close()
        try:
            self._process.wait(timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        os.close(self._messages)
        if self._output is not None:
            self._output.close()

    def kill(self) -> None:
        """End the process immediately."""
        self._process.kill()
        self._process.wait()

    def _send(self, message: Mapping[str, Any]) -> None:
        with contextlib.suppress(BrokenPipeError):  # the next line is missing then
            self._commands.write(json.dumps(message) + "\n")
            self._commands.flush()

    def _line(self) -> str:
        """Wait for a line. Returns nothing when the process has ended.

        Processes that a test leaves running may keep the pipe open.
        """
        while b"\n" not in self._received:
            has_ended = self._process.poll() is not None
            if select.select([self._messages], [], [], 0 if has_ended else _PATIENCE)[0]:
                part = os.read(self._messages, _CHUNK)
                if not part:
                    return ""
                self._received += part
            elif has_ended:
                return ""
        line, _, self._received = self._received.partition(b"\n")
        return line.decode()
