"""`kfpkit emulator`: the emulators of Google's services, apart from runs."""

from __future__ import annotations

from kfpkit.cli.emulator.group import app

__all__ = ["app"]
