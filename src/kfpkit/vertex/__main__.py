"""`python -m kfpkit.vertex`: write the message types and methods from the official client."""

from __future__ import annotations

import json
from pathlib import Path

from kfpkit.vertex.extraction import extract_descriptors, extract_methods

MESSAGES = Path(__file__).with_name("messages")


def main() -> None:
    """Write both files."""
    (MESSAGES / "descriptors.binpb").write_bytes(extract_descriptors())
    methods = json.dumps(extract_methods(), indent=1)
    (MESSAGES / "methods.json").write_text(f"{methods}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
