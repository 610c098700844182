"""Pipelines and values that a target does not take."""

from __future__ import annotations

from collections.abc import Sequence

from kfpkit.errors.base import TargetsError
from kfpkit.wording import indent


class OldSchemaError(TargetsError):
    """An old version of KFP has compiled the pipeline."""

    def __init__(self, *, pipeline: str, version: str, sdk: str) -> None:
        """Name the `pipeline`, the `version` of its format, and the `sdk` that wrote it."""
        self.pipeline = pipeline
        self.version = version
        self.sdk = sdk
        written = f", written by {sdk}," if sdk else ""
        super().__init__(
            f"The compiled pipeline `{pipeline}` has the format {version or 'of no version'}"
            f"{written} in which parameters have other types. Compile it again with KFP 2."
        )


class UnsupportedPlatformError(TargetsError):
    """A pipeline has settings for Kubernetes, which Vertex AI would ignore."""

    def __init__(self, *, pipeline: str, settings: Sequence[tuple[str, str]]) -> None:
        """Name the `pipeline`, and the tasks and keys of its `settings`."""
        self.pipeline = pipeline
        self.settings = tuple(settings)
        listed = indent(f"{task}: `{key}`" for task, key in settings)
        super().__init__(
            f"The pipeline `{pipeline}` has settings for Kubernetes, which Vertex AI would "
            f"ignore:\n{listed}\nRemove these calls of `kfp.kubernetes`."
        )


class NullParameterError(TargetsError):
    """A parameter with a default would be null, which a request cannot say reliably."""

    def __init__(self, *, name: str, default: object, origin: str) -> None:
        """Name the parameter, its `default`, and the `origin` of the null."""
        self.name = name
        self.default = default
        self.origin = origin
        super().__init__(
            f"{origin}: `{name}` is null, but its default is {default!r}. Whether targets "
            "take null for a parameter with a default is not documented, and their own clients "
            f"leave it out, so that the run would get {default!r}. Make null the default in the "
            "pipeline's signature, or pass another value."
        )


class InvalidRunIdError(TargetsError):
    """The requested id of a run has a form that Vertex AI does not allow."""

    def __init__(self, *, run: str, longest: int) -> None:
        """Give the id, and how many characters the `longest` may have."""
        self.run = run
        self.longest = longest
        super().__init__(
            f"`{run}` can't be the id of a run. Write lowercase letters, digits and `-`, beginning "
            f"with a letter, with at most {longest} characters."
        )
