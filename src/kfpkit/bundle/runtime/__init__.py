"""The part of kfp that runs in a container, for images without kfp.

`kfp.txt` contains it in the format of a payload: the path, size and content of each file. `python
-m kfpkit.bundle.runtime` or `make kfp-runtime` generates it from the installed kfp. The file is
committed, so every author's kfpkit sends the same bytes. `stripping` documents what is left out.
"""

from __future__ import annotations

import functools
from pathlib import Path

FILE = Path(__file__).with_name("kfp.txt")
FOLDER = ".runtime"


@functools.cache
def serialized_runtime() -> bytes:
    """Return kfp's runtime as the bytes that follow a bundle's own."""
    return FILE.read_bytes()
