"""The frames of a printed traceback: whose code they run, and which of them the author needs.

A component runs from unpacked files, so its frames get the paths that the author knows. Frames of
libraries become one line with their number, and frames of the start-up code are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import kfpkit
from kfpkit.project import Project

START = re.compile(r"( *[+|] )?(Exception Group )?Traceback \(most recent call last\):")
_MARGIN = re.compile(r" *\| ")  # of a traceback in a group of exceptions
_FRAME = re.compile(r'  File "(?P<file>[^"]+)", line (?P<line>\d+)(?P<call>, in .+)?')
_REPEATED = re.compile(r"  \[Previous line repeated (?P<count>\d+) more times?\]")
_BUNDLE = re.compile(r".*/kfpkit-(?:[0-9a-f]{16}|memory)/(?:\.embedded/)?(?P<path>.+)")
# The start-up code in front of the author's, and KFP's executor that calls it.
_MACHINERY = re.compile(r"<(string|kfpkit \w+|frozen .*)>|.*/kfp/dsl/executor(_main)?\.py")
_PACKAGES = re.compile(r".*/(?:site|dist)-packages/(?P<path>.+)")
_STANDARD_LIBRARY = re.compile(r".*/lib(?:64)?/python3\.\d+/.+")
_SHARED_FOLDERS = ("google", "google/cloud")  # their packages come from different distributions


@dataclass(frozen=True, kw_only=True)
class _Frame:
    """A frame of a traceback, or a line that isn't part of one.

    Args:
        lines: Its printed lines.
        margin: The characters in front of each line.
        file: Its file as printed. Empty for other lines.
        line: The number of its line. 0 for other lines.
        is_call: Whether it is a frame, and not the place of a syntax error.
        count: The number of frames that it represents.
    """

    lines: Sequence[str]
    margin: str = ""
    file: str = ""
    line: int = 0
    is_call: bool = False
    count: int = 1

    @property
    def is_machinery(self) -> bool:
        """Whether the frame belongs to what starts a component."""
        return _MACHINERY.fullmatch(self.file) is not None

    @property
    def library(self) -> str:
        """The library whose code it runs. Empty for the author's code and code without a file."""
        if not self.is_call or _BUNDLE.fullmatch(self.file):
            return ""
        package = _PACKAGES.fullmatch(self.file)
        if package:
            return _name_package(PurePosixPath(package["path"]))
        return "the standard library" if _STANDARD_LIBRARY.fullmatch(self.file) else ""

    @property
    def is_authors(self) -> bool:
        """Whether it runs the author's code or that of the start-up."""
        return self.is_call and not self.library and not self.is_unnamed

    @property
    def is_unnamed(self) -> bool:
        """Whether its code has no file, such as code that a library generates."""
        return self.is_call and self.file.startswith("<")


def find_authors_line(lines: Sequence[str], project: Project) -> tuple[Path, int] | None:
    """Return the last of the author's lines in a traceback.

    Args:
        lines: A printed traceback.
        project: The project. Its files get the names that the author knows.

    Returns:
        The file and the number of the line. None if no frame is the author's.
    """
    own = [frame for frame in _read(lines) if frame.is_authors and not frame.is_machinery]
    if not own:
        return None
    bundled = _BUNDLE.fullmatch(own[-1].file)
    return (_find(bundled["path"], project) if bundled else Path(own[-1].file)), own[-1].line


def show_frames(lines: Sequence[str], project: Project) -> list[str]:
    """Return tracebacks in the form for their author.

    Args:
        lines: Printed tracebacks, with the lines between and after them.
        project: The project. Its files get the names that the author knows.

    Returns:
        The lines. If no frame is the author's, those of libraries stay.
    """
    frames = [frame for frame in _read(lines) if not frame.is_machinery]
    has_authors = any(frame.is_authors for frame in frames)
    shown: list[str] = []
    folded: list[_Frame] = []
    for frame in frames:
        if has_authors and (frame.library or (folded and frame.is_unnamed)):
            folded.append(frame)
            continue
        shown += _fold(folded)
        folded = []
        shown += _show_real_path(frame, project)
    return [*shown, *_fold(folded)]


def _read(lines: Iterable[str]) -> Iterator[_Frame]:
    """Group the lines of each frame."""
    frame: _Frame | None = None
    is_inside = False
    for line in lines:
        margin = _margin(line)
        body = line[len(margin) :]
        found = _FRAME.fullmatch(body) if is_inside else None
        if frame and not found and (more := _continue(frame, line, body)):
            frame = more
            continue
        if frame:
            yield frame
        frame = None
        if found:
            is_call = found["call"] is not None
            frame = _Frame(
                lines=[line],
                margin=margin,
                file=found["file"],
                line=int(found["line"]),
                is_call=is_call,
            )
        else:
            is_inside = START.fullmatch(line) is not None
            yield _Frame(lines=[line])
    if frame:
        yield frame


def _margin(line: str) -> str:
    found = _MARGIN.match(line)
    return found[0] if found else ""


def _continue(frame: _Frame, line: str, body: str) -> _Frame | None:
    """Return the frame with one more of its lines. None for a line that isn't part of a frame."""
    repeated = _REPEATED.fullmatch(body)
    if repeated is None and not body.startswith("    "):
        return None
    count = frame.count + (int(repeated["count"]) if repeated else 0)
    return replace(frame, lines=[*frame.lines, line], count=count)


def _fold(frames: Sequence[_Frame]) -> list[str]:
    """Return the line that replaces frames of libraries."""
    if not frames:
        return []
    *others, last = dict.fromkeys(frame.library for frame in frames if frame.library)
    names = f"{', '.join(others)} and {last}" if others else last
    count = sum(frame.count for frame in frames)
    return [f"{frames[0].margin}  … {count} {'frame' if count == 1 else 'frames'} in {names}"]


def _show_real_path(frame: _Frame, project: Project) -> list[str]:
    bundled = _BUNDLE.fullmatch(frame.file)
    if bundled is None:
        return list(frame.lines)
    first, *others = frame.lines
    return [first.replace(frame.file, str(_find(bundled["path"], project)), 1), *others]


def _find(path: str, project: Project) -> Path:
    """Return the author's file for one of a bundle, or its path in the bundle if it is gone."""
    package = Path(kfpkit.__file__).parent
    roots = [*project.source_roots, *([package.parent] if path.startswith("kfpkit/") else [])]
    return next((root / path for root in roots if (root / path).is_file()), Path(path))


def _name_package(path: PurePosixPath) -> str:
    """Name the package of a file in `site-packages` as import statements do."""
    parts = path.parts
    depth = 1
    while depth < len(parts) and "/".join(parts[:depth]) in _SHARED_FOLDERS:
        depth += 1
    return ".".join(parts[:depth]).removesuffix(".py")
