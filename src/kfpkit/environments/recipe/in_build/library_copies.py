"""Turn copies of a library into links to it.

The contract: arguments are folders in which packages lie. A wheel holds no links, so a library that
has several names is in it several times. The file whose name the loader asks for stays, and the
others of the same folder become links to it. Every name is still there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path


def link_copies(root: Path) -> None:
    """Turn the copies below a folder into links."""
    for same in _copies(root):
        # The loader asks for `libarrow.so.2600`, not for `libarrow.so` or `libarrow.so.2600.1.0`.
        kept = min(
            same, key=lambda file: (file.name.partition(".so")[2].count(".") != 1, file.name)
        )
        for file in same:
            if file != kept:
                file.unlink()
                file.symlink_to(kept.name)


def _copies(root: Path) -> Iterator[list[Path]]:
    """Yield the files of a folder that are one library under several names."""
    found: dict[tuple[Path, str, int], list[Path]] = {}
    for file in sorted(root.rglob("*.so*")):
        if file.is_file() and not file.is_symlink():
            stem = file.name.partition(".so")[0]
            found.setdefault((file.parent, stem, file.stat().st_size), []).append(file)
    for files in found.values():
        same = [file for file in files if file.read_bytes() == files[0].read_bytes()]
        if len(same) > 1:
            yield same


if __name__ == "__main__":
    for folder in sys.argv[1:]:
        link_copies(Path(folder))
