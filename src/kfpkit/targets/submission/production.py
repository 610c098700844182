"""What a target with `confirm` asks for."""

from __future__ import annotations

import os

from kfpkit.errors import ConfirmationError, UncommittedChangesError
from kfpkit.runs.record import Revision
from kfpkit.targets.target import Target


def require_approval(target: Target, revision: Revision | None, *, is_confirmed: bool) -> None:
    """Refuse a submission to a target with `confirm` that isn't confirmed or can't be repeated.

    Args:
        target: The target.
        revision: The project's commit. None outside a repository.
        is_confirmed: Whether the author has confirmed it. In continuous integration, where the
            variable `CI` is set, nothing has to be confirmed.

    Raises:
        ConfirmationError: It isn't confirmed.
        UncommittedChangesError: The work tree has changes, or no commit.
    """
    if not target.confirm:
        return
    if not is_confirmed and os.environ.get("CI", "").lower() in {"", "0", "false"}:
        raise ConfirmationError(target=target.name, place=target.place)
    is_clean = revision is not None and revision.dirty is False
    if not is_clean and not target.allow_dirty:
        raise UncommittedChangesError(
            target=target.name, commit=revision.commit if revision else None
        )
