"""The part of kfp that runs in a container, for images that have no kfp.

`kfp.txt` holds it as a payload does: for each file its path, its size and its content. It is
generated from the installed kfp (`python -m kfpkit.bundle.runtime`, or `make kfp-runtime`) and
committed, so that every author's kfpkit sends the same bytes. `stripping` says what is left out.
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
