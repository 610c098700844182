"""`python -m kfpkit.bundle.runtime`: write `kfp.txt` from the installed kfp."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from kfpkit.bundle.bundle import serialize
from kfpkit.bundle.runtime import FILE, FOLDER
from kfpkit.bundle.runtime.stripping import strip_kfp


def main() -> None:
    """Write the file."""
    found = importlib.util.find_spec("kfp")
    stripped = strip_kfp(Path((found and found.origin) or "").parent)
    files = ((f"{FOLDER}/kfp/{name}", text.encode()) for name, text in stripped.items())
    FILE.write_bytes(serialize((), files))


if __name__ == "__main__":
    main()
