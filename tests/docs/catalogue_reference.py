"""The rows of the catalogue's page, from the code and from the measured sizes of images."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from kfpkit.catalogue import Entry, list_entries
from kfpkit.project.project import find_project

ROOT = Path(__file__).parents[2]
HEADINGS = ("Component", "Purpose", "Inputs", "Outputs", "Environments")
MEASURED = re.compile(r"^\| ([\w-]+) \| [\d,.]+ MB[^|]*\| ([\d,.]+) MB", re.MULTILINE)


def write_reference() -> str:
    """Write the table."""
    sizes = read_sizes()
    lines = [row(HEADINGS), row(["---"] * len(HEADINGS))]
    lines += [row(cells(entry, sizes)) for entry in list_entries(find_project(ROOT))]
    return "\n".join(lines)


def read_sizes() -> Mapping[str, str]:
    """Read the compressed sizes of images, to tens of megabytes."""
    text = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    found = {name: float(size.replace(",", "")) for name, size in MEASURED.findall(text)}
    return {name: f"{round(size, -1):.0f} MB" for name, size in found.items()}


def cells(entry: Entry, sizes: Mapping[str, str]) -> list[str]:
    """Return the cells of a component's row."""
    link = f"components.md#kfpkit.components.{entry.name}.{entry.name}"
    environments = (
        f"`{place.name}` ({sizes[place.name]})" if place.name in sizes else f"`{place.name}`"
        for place in entry.environments
    )
    return [
        f"[`{entry.name}`]({link})",
        entry.purpose,
        ", ".join(f"`{port.name}`" for port in entry.inputs),
        ", ".join(f"`{port.name}`" for port in entry.outputs),
        ", ".join(environments),
    ]


def row(texts: list[str] | tuple[str, ...]) -> str:
    """Write a row of a table."""
    return f"| {' | '.join(texts)} |"
