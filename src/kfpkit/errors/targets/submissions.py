"""Submissions that are refused before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence

from kfpkit.errors.base import KfpkitError, TargetsError
from kfpkit.wording import indent


class SubmissionRefusedError(TargetsError):
    """Several faults stand in the way of a submission."""

    def __init__(self, *, faults: Sequence[KfpkitError]) -> None:
        """List all `faults`."""
        self.faults = tuple(faults)
        listed = "\n".join(indent(str(fault).splitlines()) for fault in faults)
        super().__init__(
            f"Nothing was submitted, for {len(faults)} reasons:\n{listed}\nCorrect all of them, "
            "and run the command again."
        )


class ConfirmationError(TargetsError):
    """The target asks for a confirmation."""

    def __init__(self, *, target: str, place: str) -> None:
        """Name the `target` and its `place`."""
        self.target = target
        self.place = place
        super().__init__(
            f"The target `{target}` ({place}) asks for a confirmation. If you mean it, add `--yes`."
        )


class UncommittedChangesError(TargetsError):
    """A target asks for a clean work tree, and this one is not."""

    def __init__(self, *, target: str, commit: str | None) -> None:
        """Name the `target`, and the `commit`, if there is one."""
        self.target = target
        self.commit = commit
        problem = (
            "the work tree has changes that are not committed"
            if commit
            else "the project has no git commit"
        )
        super().__init__(
            f"The target `{target}` takes only what a commit records, and {problem}. Commit them, "
            f"or set `allow-dirty = true` in `[tool.kfpkit.targets.{target}]`."
        )


class GoneImagesError(TargetsError):
    """The registry no longer has images that a compiled pipeline names by digest."""

    def __init__(self, *, images: Sequence[str], registry: str) -> None:
        """List the `images` that the `registry` lacks."""
        self.images = tuple(images)
        self.registry = registry
        super().__init__(
            f"The registry `{registry}` doesn't have these images, which a compiled pipeline "
            f"names:\n{indent(images)}\nThey may have been deleted. Compile the pipeline again: "
            "`kfpkit compile --pin`."
        )
