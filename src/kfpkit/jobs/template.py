"""`python -m kfpkit.jobs.template`: a compiled pipeline on standard input, its JSON on the output.

The emulator's environment has no reader of YAML, so it asks the author's Python. If the content is
something else than one mapping, the exit code is 1, and standard error has the reason.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_template(content: bytes) -> str:
    """Return the JSON of a compiled pipeline.

    Args:
        content: The compiled pipeline: YAML, or JSON, which is YAML, too.

    Raises:
        ValueError: It is something else.
    """
    try:
        documents: list[Any] = list(yaml.load_all(content, Loader=_Loader))
    except yaml.YAMLError as error:
        raise ValueError(f"it is not YAML: {' '.join(str(error).split())}") from error
    if len(documents) > 1:
        # It has settings of platforms other than Vertex AI, which its official client refuses, too.
        raise ValueError(f"it has {len(documents)} documents, and only one is allowed")
    if not documents or not isinstance(documents[0], dict):
        raise ValueError("it is not a mapping")
    try:
        return json.dumps(documents[0], allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ValueError(f"it has a value that JSON lacks: {error}") from error


def main() -> None:
    """Write the JSON of standard input, or the reason why there is none."""
    try:
        sys.stdout.write(read_template(sys.stdin.buffer.read()))
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
