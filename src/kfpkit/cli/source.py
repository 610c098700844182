"""A component's own module as it ships, with the decision on each statement."""

from __future__ import annotations

from typing import Any

from kfpkit.cli import output


def print_source(facts: dict[str, Any]) -> None:
    """Print the reduced module, then statements kept for other reasons and statements left out.

    Args:
        facts: What `kfpkit bundle show --json` prints.
    """
    from rich.console import Console
    from rich.syntax import Syntax
    from rich.table import Table

    own = facts["own_module"]
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"{own['path']}, as it ships with {facts['component']}:\n", markup=False)
    console.print(Syntax(own["source"], "python", line_numbers=True, background_color="default"))
    for title, verdicts in (
        ("Ships", ("kept",)),
        ("Does not ship", ("left out", "left out, with a warning")),
    ):
        table = Table("Lines", title, "Why", box=None, pad_edge=False)
        table.columns[2].overflow = "fold"
        for each in own["statements"]:
            if each["verdict"] in verdicts:
                lines = str(each["line"]) + (
                    f"-{each['end']}" if each["end"] > each["line"] else ""
                )
                table.add_row(lines, each["words"], each["reason"])
        if table.row_count:
            console.print()
            output.print_table(table, styled=False)
    for warning in facts["warnings"]:
        console.print(f"Warning: {warning}", markup=False)
