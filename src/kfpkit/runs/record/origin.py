"""The origin of a run: its configuration, the state of its source, and its parameters."""

from __future__ import annotations

from typing import Any

from kfpkit.runs.record.part import Part


class ConfigurationFile(Part):
    """The configuration file of a run.

    Args:
        file: Its path, relative to the project's folder if it is in there.
        digest: The SHA-256 of its content.
    """

    file: str
    digest: str


class Revision(Part):
    """The state of the project's source in git.

    Args:
        commit: The commit.
        branch: The branch. Absent if there is none.
        dirty: Whether files that git tracks, or doesn't ignore, differ from the commit.
    """

    commit: str
    branch: str | None = None
    dirty: bool | None = None


class Parameter(Part):
    """A parameter of the pipeline.

    Args:
        value: Its value.
        origin: The origin of the value: `default`, the configuration file's path, the name of an
            environment variable (`KFPKIT_PARAM_…`), or `--param`.
        type: Its declared type, such as `NUMBER_INTEGER`.
        about: Its description.
    """

    value: Any = None
    origin: str | None = None
    type: str | None = None
    about: str | None = None
