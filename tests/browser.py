"""Debian's Chromium, which shows a page as a user would see it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

# The first shows the same pages in less time: it has no windows of its own.
PROGRAMS = ("chromium-headless-shell", "chromium")
SECONDS = 60
# What scripts do after a page has loaded is waited for.
AFTER_LOADING = 300  # milliseconds


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A page as the browser shows it.

    Args:
        content: The page's elements as HTML, after its scripts have run.
        title: Its title.
        console: The lines on its console: uncaught errors, and what scripts write there.
    """

    content: str
    title: str
    console: list[str]

    @property
    def is_source(self) -> bool:
        """Whether the browser shows the file as plain text."""
        return re.search(r"<body><pre( style=[^>]*)?>", self.content) is not None


Open = Callable[[str], Shown]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Return Playwright's handle of a running Chromium.

    It ends with the module, because Playwright holds the thread's event loop.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip(
            "Chromium is missing; on Debian, `apt-get install chromium-headless-shell` installs it."
        )
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is missing; `make install` installs it."
    )
    # Root, as which tests run in containers, has no sandbox.
    options = ["--no-proxy-server", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=options)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def open_page(chromium: Any) -> Open:
    """Return a function that opens an address in Chromium."""

    def open_page(address: str) -> Shown:
        page = chromium.new_page()
        console: list[str] = []
        page.on("console", lambda message: console.append(message.text))
        page.on("pageerror", lambda error: console.append(f"{error.name}: {error.message}"))
        page.goto(address, wait_until="load", timeout=SECONDS * 1000)
        page.wait_for_timeout(AFTER_LOADING)
        shown = Shown(content=page.content(), title=page.title().strip(), console=console)
        page.close()
        return shown

    return open_page
