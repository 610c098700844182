"""Image references, and the registry's HTTP API."""

from __future__ import annotations

from kfpkit.images.registry.attachments import Attachment, attach, fetch_attached_kinds
from kfpkit.images.registry.credentials import LoginFault, find_login_fault
from kfpkit.images.registry.references import Reference, host_of, newest_of, parse
from kfpkit.images.registry.registry import Registry, RemoteImage, ask_all
from kfpkit.images.registry.transport import THREADS

__all__ = [
    "THREADS",
    "Attachment",
    "LoginFault",
    "Reference",
    "Registry",
    "RemoteImage",
    "ask_all",
    "attach",
    "fetch_attached_kinds",
    "find_login_fault",
    "host_of",
    "newest_of",
    "parse",
]
