"""Projects in text files, and a Python that imports their modules whole and reduced.

A file holds cases. A case starts with `### NAME`, then come options, each after a `|`: `told` where
the author is told something; `without=TEXT` where that must not ship; `env=NAME,…` where the
component runs in an environment with those packages; `is=ANSWER` where the whole module cannot be
imported; `crlf` for another end of lines. Then come the module without `score`, a line
`=> EXPRESSION` with what `score` returns, and other files, each after a line `--- PATH`.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_SCORE = (
    "\n@kfpkit.component(base_image='x')\ndef score(a: int) -> str:\n    return repr({answer})\n"
)
# Each call runs in a fork of a process that has imported next to nothing.
_SERVER = r"""
import json, os, sys

def call(folder):
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            sys.path.insert(0, folder)
            os.chdir(folder)
            import importlib
            answer = importlib.import_module("fraud.pipeline").score(a=1)
        except BaseException as error:
            answer = f"failed with {error!r}"
        os.write(writing, answer.encode())
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as answer:
        text = answer.read().decode()
    os.waitpid(child, 0)
    return text

sys.argv = ["task"]
for line in sys.stdin:
    print(json.dumps(call(json.loads(line))), flush=True)
"""


@dataclass(frozen=True)
class WholeModule:
    """A project with a component `score` in `fraud/pipeline.py`.

    Args:
        name: What it is about.
        files: Its files.
        answer: The answer where the whole module cannot be imported.
        told: Whether the author is told something.
        without: What must not ship.
        packages: What the environment has; without any, the component runs in a foreign image.
    """

    name: str
    files: dict[str, str]
    answer: str | None = None
    told: bool = False
    without: tuple[str, ...] = ()
    packages: tuple[str, ...] = field(default=())


def read_cases(file: Path) -> Iterator[WholeModule]:
    """Read the cases of a file."""
    for block in re.split(r"^### ", file.read_text(), flags=re.MULTILINE)[1:]:
        head, _, body = block.partition("\n")
        name, *options = (each.strip() for each in head.split("|"))
        values = [each.partition("=")[::2] for each in options]
        source, *others = re.split(r"^--- (\S+)\n", body, flags=re.MULTILINE)
        module = _module(source)
        yield WholeModule(
            name=name,
            files={
                "fraud/pipeline.py": module.replace("\n", "\r\n") if "crlf" in options else module,
                **dict(zip(others[::2], others[1::2], strict=True)),
            },
            answer=next((ast.literal_eval(value) for key, value in values if key == "is"), None),
            told="told" in options,
            without=tuple(value for key, value in values if key == "without"),
            packages=tuple(n for key, value in values if key == "env" for n in value.split(",")),
        )


def _module(source: str) -> str:
    if "def score" in source:
        return source
    found = re.search(r"^=> (.*)\n", source, flags=re.MULTILINE)
    answer = found.group(1) if found else "1"
    source = source.replace(found.group(), "") if found else source
    future = re.match(r"from __future__.*\n", source)
    start = future.end() if future else 0
    return source[:start] + "import kfpkit\n" + source[start:] + _SCORE.format(answer=answer)


class Server:
    """A Python that imports `fraud.pipeline` of a folder and calls `score`."""

    def __init__(self, environment: dict[str, str]) -> None:
        """Start it."""
        self._process = subprocess.Popen(
            [sys.executable, "-B", "-c", _SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )

    def call(self, folder: Path) -> str:
        """Return what `score` gives, or the error."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(str(folder)) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def stop(self) -> None:
        """Stop it."""
        self._process.communicate()
