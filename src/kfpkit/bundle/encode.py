"""Encodes a bundle as the container's command."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
import zlib
from pathlib import Path

from kfpkit.bundle.bundle import Bundle
from kfpkit.bundle.runtime import serialized_runtime
from kfpkit.errors import PayloadTooLargeError

# Linux takes 131,071 bytes in one argument, and 2,097,152 in all arguments and the environment
# together (with the usual stack of 8 MiB). The limit leaves 131,072 for KFP's executor input and
# as much again for environment variables and pointers.
CHUNK_SIZE = 120_000
COMMAND_LIMIT = 1_800_000
_LEVEL = 6
# kfp.local replaces this text in every element of a command by its own interpreter.
_REPLACED = "python3"
_LARGEST = 5
_OTHERS = ("memory", "trouble")  # what `bootstrap.py` compiles only where it is needed
_NO_SOURCES = "SOURCES: Mapping[str, str] = {}"
# kfp.local wants the name of KFP's executor module in a component's command.
LOADER = """\
# A kfpkit component, run as kfp.dsl.executor_main does: bootstrap, digest and files follow.
import binascii, sys, zlib
try:
    code = zlib.decompress(binascii.a2b_base64(sys.argv.pop(1)))
except Exception as error:
    sys.exit("kfpkit: the component's bootstrap was changed after it was compiled (%s)" % error)
exec(compile(code, "<kfpkit bootstrap>", "exec"))
"""


def encode(bundle: Bundle, *, carry_runtime: bool = False) -> tuple[str, ...]:
    """Encode a bundle as a container's command. KFP's arguments follow it.

    Args:
        bundle: The bundle.
        carry_runtime: Whether to include kfp's runtime, for an image without kfp.

    Returns:
        The elements of the command, each below the size limit of one argument.

    Raises:
        PayloadTooLargeError: The command is too large for a container to start.
    """
    content = bundle.serialized
    if carry_runtime:
        content += serialized_runtime()
    command = (_REPLACED, "-c", LOADER, _encode_bootstrap(), *_encode_payload(content))
    size = sum(len(element) + 1 for element in command)
    if size > COMMAND_LIMIT:
        largest = sorted(bundle.files, key=lambda file: (-len(file.content), file.path))[:_LARGEST]
        raise PayloadTooLargeError(
            component=f"{bundle.module}:{bundle.function}",
            size=size,
            limit=COMMAND_LIMIT,
            largest=[(file.path, len(file.content)) for file in largest],
        )
    return command


@functools.lru_cache(maxsize=512)
def _encode_payload(content: bytes) -> tuple[str, ...]:
    digest = hashlib.sha256(content).hexdigest()
    return (digest, *split(base64.b64encode(zlib.compress(content, _LEVEL)).decode()))


def split(text: str, size: int = CHUNK_SIZE) -> tuple[str, ...]:
    """Split a string into chunks of at most `size`, none of which contains `python3`.

    A chunk also ends inside each `python3`, because kfp.local would replace it.
    """
    ends = [match.start() + len(_REPLACED) // 2 for match in re.finditer(_REPLACED, text)]
    chunks = []
    start = 0
    for end in [*ends, len(text)]:
        chunks += [text[at : min(at + size, end)] for at in range(start, end, size)]
        start = end
    return tuple(chunks)


@functools.cache
def _encode_bootstrap() -> str:
    return base64.b64encode(zlib.compress(read_bootstrap_source().encode(), _LEVEL)).decode()


@functools.cache
def read_bootstrap_source() -> str:
    """Return what is sent of `in_container/`: `bootstrap.py`, and the other files as strings."""
    others = {part: _read_code(f"{part}.py") for part in _OTHERS}
    return _read_code("bootstrap.py").replace(_NO_SOURCES, f"SOURCES = {others!r}")


def _read_code(name: str) -> str:
    """Return the source of a file without docstrings, comment lines and blank lines."""
    text = (Path(__file__).parent / "in_container" / name).read_text(encoding="utf-8")
    _, _, code = text.split('"""', 2)
    lines = [line.partition("  # noqa")[0].partition("  # type:")[0] for line in code.splitlines()]
    return "".join(f"{line}\n" for line in lines if line.strip() and not _is_prose(line))


def _is_prose(line: str) -> bool:
    return line.lstrip().startswith(("#", '"""'))
