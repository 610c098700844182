"""The environments that tasks ran in."""

from __future__ import annotations

from pydantic import Field

from kfpkit.runs.record.part import Part


class Preparation(Part):
    """The preparation of an environment for a run.

    Args:
        seconds: How long it took, while other tasks ran.
        hit: Whether the environment existed already.
    """

    seconds: float | None = None
    hit: bool | None = None


class Environment(Part):
    """An environment that tasks of the run use.

    Args:
        python: The version of its Python.
        hash: Its content hash.
        image: Its image reference in the compiled pipeline.
        digest: The image's digest in the registry.
        parts: What its image is built from, by name, such as `lock`: short strings, and digests of
            files.
        packages: The versions of its packages by name, as locked.
        prepared: Its preparation.
    """

    python: str | None = None
    hash: str | None = None
    image: str | None = None
    digest: str | None = None
    parts: dict[str, str] = Field(default_factory=dict)
    packages: dict[str, str] = Field(default_factory=dict)
    prepared: Preparation | None = None
