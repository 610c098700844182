"""Short names for runs: `latest`, `latest~2`, or the beginning of a name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kfpkit.errors import AmbiguousRunError, UnknownRunError
from kfpkit.wording import find_nearest

_LATEST = re.compile(r"latest(?:~(\d{1,9}))?")


def choose_name(wanted: str, names: Sequence[str]) -> str:
    """Return the name of the run that a short name means.

    Args:
        wanted: `latest`, `latest~N` for the Nth run before it, a name, or the beginning of one.
        names: The names of all runs, from the newest to the oldest.

    Returns:
        One of the names.

    Raises:
        UnknownRunError: It means no run.
        AmbiguousRunError: It is the beginning of several names.
    """
    latest = _LATEST.fullmatch(wanted)
    if latest:
        back = int(latest[1] or 0)
        if back < len(names):
            return names[back]
        raise UnknownRunError(run=wanted, count=len(names), nearest=None)
    if wanted in names:
        return wanted
    found = [name for name in names if wanted and name.startswith(wanted)]
    if len(found) > 1:
        raise AmbiguousRunError(run=wanted, found=found)
    if not found:
        nearest = find_nearest(wanted, names)
        raise UnknownRunError(run=wanted, count=len(names), nearest=nearest)
    return found[0]
