"""Reading the documentation's code blocks, and following them in a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FENCE = re.compile(
    r"^```(?P<kind>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
CLONED = ("environments", "pipelines", "pyproject.toml", "src")
ANYTHING = "…"


@dataclass(frozen=True, kw_only=True)
class Block:
    """A fenced block: a file to write if it has a title, commands with output if a console."""

    kind: str
    title: str | None
    text: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """A page, with what a reader would type and copy."""

    file: Path

    @property
    def text(self) -> str:
        return self.file.read_text(encoding="utf-8")

    @property
    def blocks(self) -> Iterator[Block]:
        for found in FENCE.finditer(self.text):
            yield Block(kind=found["kind"], title=found["title"], text=found["text"])

    def follow(self, folder: Path) -> None:
        """Write the files and run the commands, in order, as a reader does."""
        blocks, here = list(self.blocks), folder
        assert blocks, f"{self.file} has nothing to follow"
        for block in blocks:
            if block.title is not None:
                _write(folder, block.title, block.text)
            elif block.kind == "console":
                for command, expected in _commands(block.text):
                    if command.startswith("cd "):
                        here = here / command.removeprefix("cd ")
                    else:
                        _run(command, expected, here)


def _write(folder: Path, title: str, text: str) -> None:
    """Write a file, or the end of one that exists: `pyproject.toml, at the end`."""
    name, at_the_end, _ = title.partition(", at the end")
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    before = target.read_text(encoding="utf-8") if at_the_end else ""
    target.write_text(before + text, encoding="utf-8")


@pytest.fixture
def document() -> Callable[[str], Document]:
    """Return a function that opens a page by its path in the repository."""
    return lambda path: Document(file=ROOT / path)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a folder with what a fresh clone has and the documentation speaks of."""
    folder = tmp_path / "clone"
    folder.mkdir()
    for name in CLONED:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, folder)
    return folder


def _commands(text: str) -> Iterator[tuple[str, list[str]]]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *expected = part.splitlines()
        yield command, expected


def _run(command: str, expected: list[str], folder: Path) -> None:
    """Run a command; it fails where its output says that something was refused or has failed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    variables = {**os.environ, "PATH": path, "PYTHONPATH": str(folder / "src"), "COLUMNS": "100"}
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    fails = any(line.startswith("error:") or " failed in " in line for line in expected)
    # `kfpkit submit` exits with 2 if something was refused, because 1 is for a run that has failed.
    allowed = {1, 2} if fails else {0}
    assert done.returncode in allowed, f"$ {command}\n{done.stdout}"
    if expected:
        assert _pattern(expected).fullmatch(done.stdout), f"$ {command}\n{done.stdout}"


def _pattern(expected: list[str]) -> re.Pattern[str]:
    """Match the lines in order; `…` alone stands for any lines, within a line for any text."""
    lines = [
        r"(?:.*\n)*?"
        if line == ANYTHING
        else " *" + ".*".join(re.escape(part.strip(" ")) for part in line.split(ANYTHING)) + " *\n"
        for line in expected
    ]
    return re.compile("".join(lines))
