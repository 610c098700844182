"""The browser of the user, which shows pages of runs."""

from __future__ import annotations

from pathlib import Path

import typer


def open_page(page: Path) -> None:
    """Open a page, or print where it is if there is no browser.

    Args:
        page: The page.
    """
    import webbrowser

    if not webbrowser.open(page.absolute().as_uri()):
        typer.echo(f"There is no browser to open. The page is {page}", err=True)
