"""Debian's Chromium, which shows a page as a user would see it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

SECONDS = 60
# What scripts do after a page has loaded is waited for, in the page's own time.
AFTER_LOADING = 3000  # milliseconds
CONSOLE = re.compile(r'^\[.*:CONSOLE:\d+\] (".*", source: .*)$', re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A page as the browser shows it.

    Args:
        content: The page's elements as HTML, after its scripts have run.
        console: The lines on its console: uncaught errors, and what scripts write there.
    """

    content: str
    console: list[str]

    @property
    def title(self) -> str:
        found = re.search(r"<title>(.*?)</title>", self.content, re.DOTALL)
        return found[1].strip() if found else ""

    @property
    def is_source(self) -> bool:
        """Whether the browser shows the file as plain text."""
        return re.search(r"<body><pre style=[^>]*>", self.content) is not None


Open = Callable[[str], Shown]


@pytest.fixture(scope="session")
def open_page(tmp_path_factory: pytest.TempPathFactory) -> Open:
    """Return a function that opens an address in Chromium."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is missing; on Debian, `apt-get install chromium` installs it.")
    home = tmp_path_factory.mktemp("browser")

    def open_page(address: str) -> Shown:
        done = subprocess.run(
            [*_command(program, home), address],
            env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return Shown(content=done.stdout, console=CONSOLE.findall(done.stderr))

    return open_page


def _command(program: str, home: Path) -> list[str]:
    return [
        program,
        "--headless",
        "--dump-dom",
        "--enable-logging=stderr",
        f"--virtual-time-budget={AFTER_LOADING}",
        f"--user-data-dir={home / 'profile'}",
        "--no-sandbox",  # it refuses to run as root with one
        "--no-proxy-server",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-crash-reporter",
    ]
