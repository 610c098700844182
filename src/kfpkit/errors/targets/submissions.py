"""Submissions that are refused before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence

from kfpkit.errors.base import KfpkitError, TargetsError
from kfpkit.wording import indent, quote_all


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


class InvalidTagError(TargetsError):
    """A tag for compiled pipelines has no character that tags may have."""

    def __init__(self, *, tag: str) -> None:
        """Name the `tag`."""
        self.tag = tag
        super().__init__(
            f"The tag `{tag}` has no letter and no digit. Choose another one, such as `v1`."
        )


class TagsWithoutRepositoryError(TargetsError):
    """Compiled pipelines are to have tags, and their target stores them where there are none."""

    def __init__(self, *, target: str, tags: Sequence[str]) -> None:
        """Name the `target`, and the `tags` that were chosen."""
        self.target = target
        self.tags = tuple(tags)
        super().__init__(
            f"The target `{target}` stores compiled pipelines in its pipeline root, where there "
            f"are no tags: {quote_all(tags)}. Leave out `--tag`, or set `template-repository` in "
            f"`[tool.kfpkit.targets.{target}]`."
        )
