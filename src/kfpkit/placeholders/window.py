"""Answers import statements while the author's files load.

During the load, `builtins.__import__` is replaced. Unlike a finder in `sys.meta_path`, the
replacement can distinguish import statements of the author's files from all others, and adds
nothing to `sys.modules`.
"""

from __future__ import annotations

import builtins
import contextlib
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from kfpkit.errors import PlaceholderError
from kfpkit.placeholders import load as loads
from kfpkit.placeholders.import_results import Answers
from kfpkit.placeholders.load import Load

# Loads of two threads would restore `__import__` in the wrong order.
_one_at_a_time = threading.RLock()
_AS_THE_IMPORT_SYSTEM = "<kfpkit importlib._bootstrap>"


@contextlib.contextmanager
def placeholders(load: Load) -> Iterator[None]:
    """Answer the author's import statements while a `with` block runs.

    Args:
        load: The load. It may be one that has been used before.
    """
    with _one_at_a_time:
        load.border = frozenset(_frames(sys._getframe()))
        before = builtins.__import__
        replaced = _make_replacement(before, load)
        loads.begin(load)
        builtins.__import__ = replaced
        try:
            yield
        finally:
            # Who else has replaced it calls this one, which answers nothing any more.
            if builtins.__import__ is replaced:
                builtins.__import__ = before
            loads.end(load)


def _make_replacement(original: Callable[..., Any], load: Load) -> Callable[..., Any]:
    """Create the replacement of `builtins.__import__`. It costs half a microsecond."""
    answers = Answers(load)
    plain = answers.plain

    def replaced(
        name: str,
        globals: Mapping[str, Any] | None = None,  # noqa: A002 - Python names it
        locals: Mapping[str, Any] | None = None,  # noqa: A002 - as above
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        __tracebackhide__ = True  # pytest leaves this frame out
        try:
            module = original(name, globals, locals, fromlist, level)
        except ModuleNotFoundError as error:
            if level or not loads.is_open(load):
                raise
            answer = answers.to_failure(
                name, fromlist or (), error, _find_importing_frame(sys._getframe(1))
            )
            if answer is None:
                raise
            return answer
        if level or name in plain or not loads.is_open(load):
            return module
        return answers.to_success(
            name, fromlist or (), module, _find_importing_frame(sys._getframe(1))
        )

    # A library that places a warning counts frames, and passes over those of the import system.
    replaced.__code__ = replaced.__code__.replace(co_filename=_AS_THE_IMPORT_SYSTEM)
    return replaced


def _find_importing_frame(frame: FrameType) -> FrameType:
    """Return the frame with the import, below the replacements of enclosing loads."""
    while frame.f_code.co_filename == _AS_THE_IMPORT_SYSTEM and frame.f_back is not None:
        frame = frame.f_back
    return frame


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


@contextlib.contextmanager
def reopened(file: Path) -> Iterator[None]:
    """Continue the load of a file of the author, for code that runs once more.

    Args:
        file: The file. Nothing happens if none of its imports was answered.
    """
    load = loads.find_answered(str(file))
    with placeholders(load) if load is not None else contextlib.nullcontext():
        yield


def list_swallowed(load: Load) -> list[PlaceholderError]:
    """Return the refusals of a load that ended successfully, one for each place."""
    return list({refusal.place: refusal for refusal in load.refusals}.values())
