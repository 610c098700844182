"""Which Debian packages an image does without.

The contract: it runs as root in the base image, with dpkg and `ldd`. The first argument is the file
to write: dpkg's status without the unused packages, as scanners read it. The others are packages
that the image is to have, each as `NAME` or `NAME=VERSION`. Standard output has the names of the
unused packages, sorted, a line for each.

Unused is what Debian needs to install, administer or boot a machine, and the libraries that only
this needs, by the dependencies that the packages declare; so the names of libraries, which differ
from one Debian to the next, are in no list. It is used after all when it is named, when a package
that stays needs it, when a wheel may expect it of any Linux, or when software outside of Debian's
packages loads a library of it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

STATUS = Path("/var/lib/dpkg/status")
FOREIGN = ("/usr/local", "/opt")  # where software lies that no Debian package brings
_TOOLS = """
    adduser apt base-passwd bsdutils debconf debian-archive-keyring dpkg e2fsprogs gpgv
    libaudit-common libpam-modules libpam-modules-bin libpam-runtime libsemanage-common login
    login.defs logsave mount passwd perl-base sqv util-linux util-linux-extra
"""
TOOLS = frozenset(_TOOLS.split())
# What is common to all of Linux by the rules for wheels (manylinux), and was so once.
WHEELS = frozenset({"libc6", "libcrypt1", "libexpat1", "libgcc-s1", "libstdc++6", "zlib1g"})
_LIBRARIES = re.compile(r"(.*/)?(old)?libs")
# Packages depend on these for the scripts that install them, and those have run.
_INSTALLING = frozenset({"adduser", "debconf", "dpkg", "init-system-helpers"})
_BATCH = 500
_NAME = re.compile(r"(?:^|[,|])\s*([a-z0-9][a-z0-9.+-]+)")


@dataclass(frozen=True, kw_only=True)
class Package:
    """A package of dpkg's status.

    Args:
        name: Its name.
        paragraph: What the status says of it.
        is_library: Whether it is there for programs that link it.
        needs: The packages that it depends on, virtual ones too, and all alternatives.
        provides: The virtual packages that it stands for.
    """

    name: str
    paragraph: str
    is_library: bool
    needs: frozenset[str]
    provides: frozenset[str]


def read(status: str) -> list[Package]:
    """Read dpkg's status."""
    return [_package(paragraph) for paragraph in re.split(r"\n{2,}", status.strip()) if paragraph]


def unused(packages: Iterable[Package], wanted: Iterable[str]) -> frozenset[str]:
    """Return the machinery that nobody wants or needs.

    Args:
        packages: All installed packages.
        wanted: Names of packages that are wanted, whatever they are.
    """
    installed = {package.name: package for package in packages}
    found = _machinery(installed)
    return found - _closure(installed, (installed.keys() - found) | set(wanted))


def machinery(packages: Iterable[Package]) -> frozenset[str]:
    """Return Debian's tools for machines, and the libraries that they need, with others or not."""
    return _machinery({package.name: package for package in packages})


def owners(names: Iterable[str], libraries: Iterable[Path]) -> set[str]:
    """Return those of some packages that files come from."""
    real = {os.path.realpath(library) for library in libraries}
    return {
        name
        for name in names
        if not real.isdisjoint(map(os.path.realpath, _said("dpkg-query", "--listfiles", name)))
    }


def loaded(folders: Iterable[str]) -> set[Path]:
    """Return the libraries that the programs and libraries below some folders load."""
    files = [
        str(path)
        for folder in folders
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file() and (".so" in path.name or os.access(path, os.X_OK))
    ]
    # A command takes only so many arguments, and a base image may have an installation of Conda.
    batches = (files[start : start + _BATCH] for start in range(0, len(files), _BATCH))
    said = (line for batch in batches for line in _said("ldd", *batch))
    return {Path(found[1]) for line in said if (found := re.search(r"=> (/\S+) \(", line))}


def main(written: str, *wanted: str) -> None:
    """Write the status of what stays, and print what goes."""
    packages = read(STATUS.read_text(encoding="utf-8"))
    named = {name.partition("=")[0] for name in wanted}
    gone = unused(packages, named | owners(machinery(packages), loaded(_foreign())))
    kept = [f"{package.paragraph}\n\n" for package in packages if package.name not in gone]
    Path(written).write_text("".join(kept), encoding="utf-8")
    sys.stdout.write("".join(f"{name}\n" for name in sorted(gone)))


def _package(paragraph: str) -> Package:
    fields = dict(re.findall(r"^([\w-]+): *(.*)$", paragraph, re.MULTILINE))
    needs = f"{fields.get('Pre-Depends', '')},{fields.get('Depends', '')}"
    return Package(
        name=fields["Package"],
        paragraph=paragraph,
        is_library=_LIBRARIES.fullmatch(fields.get("Section", "")) is not None,
        needs=frozenset(_NAME.findall(needs)),
        provides=frozenset(_NAME.findall(fields.get("Provides", ""))),
    )


def _machinery(installed: Mapping[str, Package]) -> frozenset[str]:
    tools = TOOLS & installed.keys()
    needed = _closure(installed, set(tools)) - WHEELS
    return tools | {name for name in needed if installed[name].is_library}


def _foreign() -> list[str]:
    """Return the folders of foreign software, that of a Python with a folder of its own, too."""
    return [*FOREIGN, *({sys.base_prefix} - {"/usr", *FOREIGN})]


def _closure(installed: Mapping[str, Package], wanted: set[str]) -> set[str]:
    """Add to packages what they need, and what that needs."""
    providers: dict[str, set[str]] = {name: {name} for name in installed}
    for name, package in installed.items():
        for virtual in package.provides:
            providers.setdefault(virtual, set()).add(name)
    found: set[str] = set()
    open_ones = wanted & installed.keys()
    while open_ones:
        package = installed[open_ones.pop()]
        found.add(package.name)
        needed = {name for need in package.needs for name in providers.get(need, ())}
        open_ones |= needed - found - _INSTALLING
    return found


def _said(*command: str) -> list[str]:
    """Return the lines that a program says, whatever else it complains about."""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()


if __name__ == "__main__":
    main(*sys.argv[1:])
