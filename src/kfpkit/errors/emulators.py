"""Emulators that cannot be started or used."""

from __future__ import annotations

from pathlib import Path

from kfpkit.errors.base import LocalRunError
from kfpkit.wording import quote_all


class EmulatorError(LocalRunError):
    """The emulators of BigQuery and Cloud Storage cannot be used."""


class UnknownEmulatorError(EmulatorError):
    """There is no emulator of the name that was asked for."""

    def __init__(self, *, name: str, known: list[str]) -> None:
        """Name what was asked for, and the emulators that are `known`."""
        self.name = name
        self.known = known
        listed = quote_all(known)
        super().__init__(f"There is no emulator `{name}`. Ask for one of: {listed}.")


class MissingEmulatorsError(EmulatorError):
    """The project has no environment with the emulators."""

    def __init__(self, *, folder: Path) -> None:
        """Name the missing `folder`."""
        self.folder = folder
        super().__init__(
            f"The run needs emulators, and the project has no environment {folder}. "
            "Run `kfpkit env new emulators --from kfpkit:emulators`."
        )


class EmulatorFailedError(EmulatorError):
    """An emulator does not start."""

    def __init__(self, *, name: str, cause: str, log: Path, lines: list[str]) -> None:
        """Name the emulator, the `cause`, its `log` and the last `lines` of it."""
        self.name = name
        self.cause = cause
        self.log = log
        self.lines = lines
        said = "".join(f"  {line}\n" for line in lines) or "  (nothing)\n"
        super().__init__(
            f"The emulator `{name}` {cause}. The last lines of {log}:\n{said}"
            f"Fix what they name, and run again. If they name the data, remove "
            f"`.kfpkit/emulators/{name}`: the next run starts without it."
        )


class EmulatorDataError(EmulatorError):
    """The emulators' data or logs cannot be written."""

    def __init__(self, *, folder: Path, cause: str) -> None:
        """Name the `folder` and the `cause`."""
        self.folder = folder
        self.cause = cause
        super().__init__(
            f"The emulators cannot keep their data in {folder}: {cause}. "
            f"Free some space there, or make the folder writable."
        )
