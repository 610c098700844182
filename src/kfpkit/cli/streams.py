"""Standard output and error that behave as in other Unix tools.

If its reader exits (`kfpkit run … | head -1`), a command ends silently, as if SIGPIPE had ended it.
The signal itself stays ignored, as always in Python, because connections that a server closes would
raise it too. Characters that the terminal's encoding lacks are spelled in ASCII.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import signal
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_EXIT_CODE = 128 + signal.SIGPIPE  # what a shell reports for a command that the signal ended
_ERRORS = "kfpkit.spelled"
_SPELLINGS = {"…": "...", "→": "->"}  # what commands write of their own


class ReaderGone(SystemExit):
    """The program that read the output has exited. Raised once."""

    def __init__(self) -> None:
        super().__init__(_EXIT_CODE)


@contextlib.contextmanager
def unix_streams() -> Iterator[None]:
    """Give standard output and error this behavior until the context ends.

    Yields:
        Nothing.

    Raises:
        ReaderGone: Output remained, but its reader had exited.
    """
    codecs.register_error(_ERRORS, _spell)
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = map(_make_polite, before)
    try:
        yield
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            sys.stdout, sys.stderr = before


class _Descriptor(io.FileIO):
    """A file descriptor that discards output once its reader has exited."""

    def __init__(self, number: int) -> None:
        super().__init__(number, "wb", closefd=False)
        self._has_reader = True

    def write(self, data: ReadableBuffer, /) -> int:
        """Write as much as the descriptor accepts; see `io.RawIOBase`."""
        if self._has_reader:
            try:
                return super().write(data)
            except BrokenPipeError:
                self._has_reader = False
                raise ReaderGone from None
        return memoryview(data).nbytes


class _Output(io.TextIOWrapper):
    """A stream that keeps its own encoding; click would write UTF-8 to an ASCII stream."""

    @property
    def buffer(self) -> Any:
        """Hide it from click."""
        raise AttributeError


def _make_polite(stream: TextIO) -> TextIO:
    """Return a stream for the same descriptor, or the stream itself if it has no descriptor."""
    try:
        number = stream.fileno()
    except (AttributeError, OSError):
        return stream
    is_unbuffered = bool(getattr(stream, "write_through", False))
    descriptor = _Descriptor(number)
    return _Output(
        descriptor if is_unbuffered else io.BufferedWriter(descriptor),
        encoding=stream.encoding,
        errors=_ERRORS,
        line_buffering=bool(stream.line_buffering),
        write_through=is_unbuffered,
    )


def _spell(error: UnicodeError) -> tuple[bytes, int]:
    """Spell characters that an encoding lacks, as an error handler for `codecs`."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return b"".join(map(_spell_character, missing)), error.end


def _spell_character(character: str) -> bytes:
    if "\udc80" <= character <= "\udcff":  # a byte of a file's name, which Python could not decode
        return character.encode("utf-8", "surrogateescape")
    return _SPELLINGS.get(character, ascii(character)[1:-1]).encode("ascii")
