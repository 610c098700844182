"""Modules of the standard library, which differ between Python versions."""

from __future__ import annotations

import sys

ADDED = {"tomllib": 11, "annotationlib": 14, "compression": 14}
REMOVED = {
    "asynchat": 12,
    "asyncore": 12,
    "distutils": 12,
    "imp": 12,
    "smtpd": 12,
    "aifc": 13,
    "audioop": 13,
    "cgi": 13,
    "cgitb": 13,
    "chunk": 13,
    "crypt": 13,
    "imghdr": 13,
    "lib2to3": 13,
    "mailcap": 13,
    "msilib": 13,
    "nis": 13,
    "nntplib": 13,
    "ossaudiodev": 13,
    "pipes": 13,
    "sndhdr": 13,
    "spwd": 13,
    "sunau": 13,
    "telnetlib": 13,
    "uu": 13,
    "xdrlib": 13,
}
ALWAYS = frozenset(sys.stdlib_module_names) - ADDED.keys() - REMOVED.keys()


def is_standard(module: str, minor: int) -> bool:
    """Whether Python 3.`minor` has a module in its standard library."""
    top = module.partition(".")[0]
    if top in ADDED:
        return minor >= ADDED[top]
    return top in ALWAYS or minor < REMOVED.get(top, 0)
