"""Reads YAML files as values with lines, and refuses what versions of YAML read differently."""

from __future__ import annotations

from kfpkit.configuration.documents.document import Document, read_document

__all__ = ["Document", "read_document"]
