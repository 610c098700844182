"""The emulators that exist, one entry for each."""

from __future__ import annotations

from dataclasses import dataclass

PROJECT = "local-project"


@dataclass(frozen=True, kw_only=True)
class Emulator:
    """The properties of one emulator.

    Args:
        name: Its name, which is also the name of a module or package in `servers/`.
        variable: The environment variable that directs Google's clients to it.
        health: The path that responds when it is healthy.
        needs: The emulators that must run with it, including itself, in the order of their start.
        proxies: Whether it also has a proxy that directs clients to it that connect to Google's
            hosts.
        runs_jobs: Whether it runs pipelines, with the Python and the variables of its first user.
    """

    name: str
    variable: str
    health: str
    needs: tuple[str, ...]
    proxies: bool = False
    runs_jobs: bool = False


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
    Emulator(
        name="vertex",
        variable="KFPKIT_VERTEX_EMULATOR_HOST",
        health="/",
        # Its clients look at buckets, and its jobs use them.
        needs=("storage", "vertex"),
        proxies=True,
        runs_jobs=True,
    ),
)
KNOWN = {emulator.name: emulator for emulator in _EMULATORS}
