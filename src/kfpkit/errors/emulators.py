"""Emulators that cannot be started or used."""

from __future__ import annotations

from pathlib import Path

from kfpkit.errors.base import LocalRunError
from kfpkit.wording import quote_all


class EmulatorError(LocalRunError):
    """The emulators of BigQuery, Cloud Storage and Vertex AI cannot be used."""


class UnknownEmulatorError(EmulatorError):
    """The requested emulator does not exist."""

    def __init__(self, *, name: str, known: list[str]) -> None:
        """Give the requested `name` and the `known` emulators."""
        self.name = name
        self.known = known
        listed = quote_all(known)
        super().__init__(f"The emulator `{name}` does not exist. Choose one of: {listed}.")


class MissingEmulatorsError(EmulatorError):
    """The project has no environment with the emulators."""

    def __init__(self, *, folder: Path) -> None:
        """Name the missing `folder`."""
        self.folder = folder
        super().__init__(
            f"The run needs emulators, but the project's environment for them, {folder}, does not "
            "exist. Run `kfpkit env new emulators --from kfpkit:emulators`."
        )


class EmulatorFailedError(EmulatorError):
    """An emulator does not start."""

    def __init__(self, *, name: str, cause: str, log: Path, lines: list[str]) -> None:
        """Name the emulator, the `cause`, its `log` and the log's last `lines`."""
        self.name = name
        self.cause = cause
        self.log = log
        self.lines = lines
        said = "".join(f"  {line}\n" for line in lines) or "  (empty)\n"
        super().__init__(
            f"The emulator `{name}` {cause}. Last lines of {log}:\n{said}"
            f"Fix the reported problem and run again. If the data is damaged, delete "
            f"`.kfpkit/emulators/{name}`; the next run then starts with an empty emulator."
        )


class EmulatorDataError(EmulatorError):
    """The emulators' data or logs cannot be written."""

    def __init__(self, *, folder: Path, cause: str) -> None:
        """Name the `folder` and the `cause`."""
        self.folder = folder
        self.cause = cause
        super().__init__(
            f"The emulators cannot store their data in {folder}: {cause}. "
            f"Free up disk space, or make the folder writable."
        )


class PortInUseError(EmulatorError):
    """Another program listens on the port that an emulator was to use."""

    def __init__(self, *, port: int, cause: str) -> None:
        """Give the `port` and the `cause`."""
        self.port = port
        self.cause = cause
        super().__init__(
            f"The emulator cannot listen on port {port}: {cause}. Choose another port, or leave it "
            "out for a free one."
        )
