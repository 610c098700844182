"""Gathers the files that one component needs: the modules that it reaches, and its data files."""

from __future__ import annotations

from kfpkit.bundle.gathering.constants import PathConstants
from kfpkit.bundle.gathering.credentials import SecretRules
from kfpkit.bundle.gathering.data_files import list_files_below
from kfpkit.bundle.gathering.named_files import NamedFiles
from kfpkit.bundle.gathering.reach import Reach, Start, find_reach
from kfpkit.bundle.gathering.shipment import Shipment
from kfpkit.bundle.gathering.sources import Sources
from kfpkit.bundle.gathering.unseen import list_unanswered, list_unshipped

__all__ = [
    "NamedFiles",
    "PathConstants",
    "Reach",
    "SecretRules",
    "Shipment",
    "Sources",
    "Start",
    "find_reach",
    "list_files_below",
    "list_unanswered",
    "list_unshipped",
]
