"""Which programs of Debian an image does without, and which tables of character sets.

The contract: it runs as root in a base image as Docker Hub has it, with dpkg. The first argument is
the file with dpkg's status of what stays, without the packages that `unused_packages.py` found; it
is written again, without those that go here. The others are packages that the image is to have,
each as `NAME` or `NAME=VERSION`. Standard output has the files that go, a line for each.

A shell stays, with a few programs and what the loader needs. Debian's packages need not name the
tools that every Debian system has: all of them stay when a package that the base image does not
have brings programs of its own. One that is named stays in any case.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

_PACKAGES = """
    bash debianutils diffutils findutils grep gzip hostname init-system-helpers libacl1 libattr1
    libblkid1 libc-gconv-modules-extra libcap2 libgmp10 liblz4-1 libmd0 libmount1 libpcre2-8-0
    libselinux1 libsmartcols1 libxxhash0 libzstd1 mawk ncurses-bin sed sysvinit-utils tar
"""
PACKAGES = frozenset(_PACKAGES.split())  # the tools, and the libraries that only tools load
# Of the packages that stay in part: a shell with the few programs that wrappers of tasks call, and
# what the loader, `ctypes` and the resolver need. Openssl's has the settings of libssl.
PARTLY = ("coreutils", "libc-bin", "openssl")
KEPT = frozenset({"cat", "env", "getent", "ldconfig", "mktemp", "nproc", "rm", "sleep", "uname"})
# Converters between UTF-8 and what files are written in elsewhere, as Debian 13 divides them; the
# others are for programs that ask the C library to convert. Python has its own for all.
CONVERTERS = re.compile(
    r".*/gconv/(?!(ANSI_X3\.110|CP1252|ISO8859-15?|UNICODE|UTF-(7|16|32))\.so$)[^/]+\.so"
)
FOLDERS = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/")
# What the base image has beside Debian's minimal system and brings programs; for administrators.
_ADMINISTRATION = frozenset({"adduser", "ca-certificates", "openssl"})


def unused(status: str, wanted: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the packages and the files that nobody needs.

    Args:
        status: dpkg's status of what stays otherwise.
        wanted: Names of packages that are wanted.
    """
    paragraphs = _paragraphs(status)
    added = {name: text for name, text in paragraphs.items() if _is_added(name, text)}
    if any(map(_programs, added)):
        return frozenset(), frozenset()
    named = _closure(paragraphs, {*wanted, *added})
    gone = (PACKAGES & paragraphs.keys()) - named
    files = {file for name in gone for file in _files(name)}
    for name in {*PARTLY} & paragraphs.keys() - named:
        files |= {file for file in _programs(name) if Path(file).name not in KEPT}
    files |= {file for file in _files("libc6") if CONVERTERS.fullmatch(file)}
    return gone, frozenset(files | set(_links_to(files)))


def main(status: str, *wanted: str) -> None:
    """Write the status of what stays, and print what goes."""
    file = Path(status)
    text = file.read_text(encoding="utf-8")
    gone, files = unused(text, [name.partition("=")[0] for name in wanted])
    kept = [one for name, one in _paragraphs(text).items() if name not in gone]
    file.write_text("".join(f"{one}\n\n" for one in kept), encoding="utf-8")
    sys.stdout.write("".join(f"{one}\n" for one in sorted(files)))


def _paragraphs(status: str) -> dict[str, str]:
    found = re.split(r"\n{2,}", status.strip())
    return {re.findall(r"^Package: *(.*)$", one, re.MULTILINE)[0]: one for one in found if one}


def _is_added(name: str, paragraph: str) -> bool:
    minimal = r"^(Essential: *yes|Priority: *required)$"
    return name not in _ADMINISTRATION | PACKAGES and not re.search(
        minimal, paragraph, re.MULTILINE
    )


def _closure(paragraphs: Mapping[str, str], names: set[str]) -> set[str]:
    """Add to packages what they depend on; not what only the base image's own packages need."""
    found: set[str] = set()
    open_ones = names & paragraphs.keys()
    while open_ones:
        name = open_ones.pop()
        found.add(name)
        open_ones |= ({*_needs(paragraphs[name])} & paragraphs.keys()) - found
    return found


def _needs(paragraph: str) -> list[str]:
    lines = re.findall(r"^(?:Pre-)?Depends: *(.*)$", paragraph, re.MULTILINE)
    return re.findall(r"(?:^|[,|])\s*([a-z0-9][a-z0-9.+-]+)", ",".join(lines))


def _programs(name: str) -> list[str]:
    return [file for file in _files(name) if file.startswith(FOLDERS)]


def _files(name: str) -> list[str]:
    command = ["dpkg-query", "--listfiles", name]
    listed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout
    return [file for file in listed.splitlines() if not Path(file).is_dir()]


def _links_to(files: Iterable[str]) -> list[str]:
    """Return the programs that are links to files, such as `awk` where that is `mawk`."""
    real = {os.path.realpath(file) for file in files}
    links = [entry for folder in FOLDERS for entry in os.scandir(folder) if entry.is_symlink()]
    return [entry.path for entry in links if os.path.realpath(entry.path) in real]


if __name__ == "__main__":
    main(*sys.argv[1:])
