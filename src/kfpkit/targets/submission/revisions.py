"""The commit that a submission comes from."""

from __future__ import annotations

from concurrent.futures import Future

from kfpkit.local.record import ask_revision
from kfpkit.project import Project
from kfpkit.runs.record import Revision

_DIGITS = 12  # of a commit in a label or tag
_SECONDS = 60.0  # a target may refuse what git does not know


def ask_commit(project: Project) -> Future[Revision | None]:
    """Ask git for a project's commit, in the background.

    Args:
        project: The project.
    """
    return ask_revision(project.root, _SECONDS)


def shorten_revision(revision: Revision | None) -> str | None:
    """Return a commit as labels and tags have it. None outside a repository.

    Args:
        revision: The commit.
    """
    if revision is None:
        return None
    return f"{revision.commit[:_DIGITS]}{'-dirty' if revision.dirty else ''}"
