"""The base of all parts of a record."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, PlainSerializer


class Part(BaseModel):
    """A part of a record.

    What isn't known is None, and left out of the file. Readers ignore unknown fields.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


def _write_moment(moment: dt.datetime) -> str:
    written = moment.astimezone(dt.timezone.utc).isoformat(timespec="milliseconds")
    return written.replace("+00:00", "Z")


Moment = Annotated[AwareDatetime, PlainSerializer(_write_moment, when_used="json")]
"""A point in time; in the file in UTC with milliseconds, such as `2026-11-20T09:30:00.250Z`."""


def make_moment(seconds: float | None) -> dt.datetime | None:
    """Return the point in time for seconds since the epoch. None for None.

    Args:
        seconds: The seconds, as from `time.time`.
    """
    return None if seconds is None else dt.datetime.fromtimestamp(seconds, tz=dt.timezone.utc)
