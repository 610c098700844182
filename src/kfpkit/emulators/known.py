"""The emulators that there are, each in one entry."""

from __future__ import annotations

from dataclasses import dataclass

PROJECT = "local-project"


@dataclass(frozen=True, kw_only=True)
class Emulator:
    """What is particular to one emulator.

    Args:
        name: Its name: that of a module or package in `servers/`.
        variable: The environment variable by which Google's clients find it.
        health: The path that answers when it is well.
        needs: The emulators that have to run with it, itself included, in the order of their start.
        proxies: Whether it also has a proxy that leads gRPC's clients to it.
    """

    name: str
    variable: str
    health: str
    needs: tuple[str, ...]
    proxies: bool = False


_EMULATORS = (
    Emulator(name="storage", variable="STORAGE_EMULATOR_HOST", health="/", needs=("storage",)),
    Emulator(
        name="bigquery",
        variable="BIGQUERY_EMULATOR_HOST",
        health="/bigquery/v2/projects",
        # Its extracts and loads go to Cloud Storage.
        needs=("storage", "bigquery"),
        proxies=True,
    ),
)
KNOWN = {emulator.name: emulator for emulator in _EMULATORS}
