"""Refuses operations that a placeholder can't perform, at the author's line."""

from __future__ import annotations

from pathlib import Path
from types import FrameType

from kfpkit.errors import (
    Absence,
    LostTasksError,
    PlaceholderCallError,
    PlaceholderError,
    PlaceholderValueError,
)
from kfpkit.place import Place
from kfpkit.placeholders import load
from kfpkit.placeholders.load import Package
from kfpkit.placeholders.objects.origin import Origin


def refuse_value(origin: Origin, needed: str, asker: FrameType) -> PlaceholderError:
    """Create the refusal of a value.

    Args:
        origin: The placeholder's origin.
        needed: What Python needs, such as `the length`.
        asker: The frame that performs the operation.
    """
    return _note_refusal(PlaceholderValueError(make_absence(origin, asker), needed=needed), asker)


def refuse_call(origin: Origin, asker: FrameType) -> PlaceholderError:
    """Create the refusal of a call after the load.

    Args:
        origin: The origin of the called placeholder.
        asker: The frame that calls.
    """
    return PlaceholderCallError(make_absence(origin, asker))


def refuse_code(origin: Origin, asker: FrameType) -> PlaceholderError:
    """Create the refusal of a call in a pipeline that passes functions of the author.

    Args:
        origin: The origin of the called placeholder.
        asker: The frame that calls.
    """
    return _note_refusal(LostTasksError(make_absence(origin, asker)), asker)


def make_absence(origin: Origin, asker: FrameType) -> Absence:
    """Return the facts about a placeholder.

    Args:
        origin: The placeholder's origin.
        asker: The frame that performs the operation. The place is the innermost line of the author
            from there.
    """
    frame = _find_authors_frame(asker)
    package = _refresh_package(origin.package)
    imported = _find_import(package, frame)
    place = imported if frame is None else Place(Path(frame.f_code.co_filename), frame.f_lineno)
    return Absence(
        name=origin.as_written(frame),
        place=place,
        package=package.name,
        imported=imported,
        distribution=package.distribution,
        environments=package.environments,
        is_loading=load.find_current() is not None,
    )


def _find_authors_frame(asker: FrameType) -> FrameType | None:
    frame: FrameType | None = asker
    while frame is not None:
        # Methods that `dataclasses` generates stand in no file.
        if load.is_authors(frame) and not frame.f_code.co_filename.startswith("<"):
            return frame
        frame = frame.f_back
    return None


def _refresh_package(package: Package) -> Package:
    """Return a package with the environments of the load in progress."""
    latest = load.find_latest()
    now = latest.packages.get(package.name) if latest is not None else None
    return now or package


def _find_import(package: Package, frame: FrameType | None) -> Place | None:
    """Return where a package is imported: in a frame's own file, or else in any file."""
    file = None if frame is None else frame.f_globals.get("__file__")
    line = load.list_imported(file).get(package.name) if file is not None else None
    if file is not None and line is not None:
        return Place(Path(file), line)
    found = load.find_last_import(package)
    return None if found is None else Place(Path(found[0]), found[1])


def _note_refusal(error: PlaceholderError, asker: FrameType) -> PlaceholderError:
    """Record a refusal, because the author's code may catch it and take another branch."""
    current = load.find_current()
    if current is not None and load.is_authors(asker):
        current.refusals.append(error)
    return error
