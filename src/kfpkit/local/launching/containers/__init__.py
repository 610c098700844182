"""Runs a task's command in a container of its image."""

from __future__ import annotations

from kfpkit.local.launching.containers.container_launcher import container_launcher

__all__ = ["container_launcher"]
