"""From a container's command back to the bundle in it."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kfpkit.bundle.encode import LOADER
from kfpkit.bundle.runtime import FOLDER

_PREFIX = 4  # the interpreter, `-c`, the loader and the bootstrap
_MARK = LOADER.partition("\n")[0]


@dataclass(frozen=True, kw_only=True)
class Payload:
    """What a component's command carries.

    Args:
        module: The dotted name under which the component's module is imported.
        function: The name of the component's function.
        digest: The SHA-256, in hex, that the start-up checks.
        files: The files of the bundle by path, without kfp's runtime.
    """

    module: str
    function: str
    digest: str
    files: Mapping[str, bytes]


def decode(command: Sequence[str]) -> Payload | None:
    """Read the bundle that a container's command carries.

    Args:
        command: The container's command, as compiled.

    Returns:
        What it carries; None for a command that this version of kfpkit did not write.
    """
    if len(command) <= _PREFIX + 1 or not command[2].startswith(_MARK):
        return None
    try:
        text = "".join(command[_PREFIX + 1 :])
        content = zlib.decompress(base64.b64decode(text))
        module, function, _, rest = content.split(b"\n", 3)
        files = dict(_read_files(rest))
        return Payload(
            module=module.decode(), function=function.decode(), digest=command[_PREFIX], files=files
        )
    except (binascii.Error, zlib.error, ValueError):
        return None


def _read_files(content: bytes) -> list[tuple[str, bytes]]:
    files = []
    start = 0
    while start < len(content):
        path_end = content.index(b"\n", start)
        size_end = content.index(b"\n", path_end + 1)
        end = size_end + 1 + int(content[path_end + 1 : size_end])
        path = content[start:path_end].decode()
        if not path.startswith(f"{FOLDER}/"):
            files.append((path, content[size_end + 1 : end]))
        start = end
    return files
