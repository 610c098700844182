"""What of Debian's machinery an image does without, read from dpkg's status."""

from __future__ import annotations

import os
import shutil
import sys

import pytest

from kfpkit.environments.in_build import unused_packages
from kfpkit.environments.in_build.unused_packages import loaded, read, unused

MINIMAL = """\
Package: dpkg
Essential: yes
Status: install ok installed
Priority: required
Depends: tar (>= 1.28-1)
Description: package management
 Conffiles and such:
 .
 Depends: nothing that counts

Package: perl-base
Essential: yes
Priority: required
Provides: libfile-path-perl, perlapi-5.36.0

Package: debconf
Priority: important
Pre-Depends: perl-base (>= 5.20.1-3~)

Package: libgnutls30
Priority: optional
Depends: libc6 (>= 2.34), libnettle8 (>= 3.7~), libidn2-0 (>= 2.0.0)

Package: libnettle8
Priority: optional

Package: libidn2-0
Priority: optional

Package: libc6
Priority: optional
"""
ALL = {"debconf", "dpkg", "libgnutls30", "libidn2-0", "libnettle8", "perl-base"}
GNUTLS = {"libgnutls30", "libidn2-0", "libnettle8"}


def test_debians_minimal_system_uses_none_of_its_machinery():
    assert unused(read(MINIMAL), []) == ALL


@pytest.mark.parametrize(
    ("fields", "used"),
    [
        ("Depends: libc6", set()),
        ("Depends: libldap (>= 2), libgnutls30 (>= 3.7.0) | libgnutls28", GNUTLS),
        ("Pre-Depends: libnettle8", {"libnettle8"}),
        ("Depends: perl:any", set()),
        ("Depends: perlapi-5.36.0", {"perl-base"}),
        ("Depends: debconf (>= 0.5) | debconf-2.0, dpkg", set()),
        ("Recommends: libgnutls30", set()),
    ],
)
def test_what_a_package_depends_on_is_used(fields, used):
    packages = read(f"{MINIMAL}\nPackage: more\nPriority: optional\n{fields}\n")

    assert unused(packages, []) == ALL - used


@pytest.mark.parametrize("fields", ["Essential: yes", "Priority: required"])
def test_the_minimal_system_decides_nothing(fields):
    packages = read(f"{MINIMAL}\nPackage: more\n{fields}\nDepends: libgnutls30\n")

    assert unused(packages, []) == ALL


def test_what_is_wanted_is_used_with_all_that_it_needs():
    assert unused(read(MINIMAL), ["libgnutls30", "absent"]) == ALL - GNUTLS
    assert unused(read(MINIMAL), ["dpkg"]) == ALL - {"dpkg"}


def test_a_status_keeps_its_paragraphs_as_they_are():
    packages = read(MINIMAL)

    assert "".join(f"{package.paragraph}\n\n" for package in packages) == f"{MINIMAL}\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the loader of Linux")
def test_libraries_are_those_that_programs_below_a_folder_load(tmp_path, monkeypatch):
    monkeypatch.setattr(unused_packages, "_BATCH", 1)
    shutil.copy(os.path.realpath("/bin/sh"), tmp_path / "shell")
    (tmp_path / "script").write_text("#!/bin/sh\n")
    (tmp_path / "script").chmod(0o755)

    assert "libc.so.6" in {library.name for library in loaded([str(tmp_path)])}
    assert loaded([str(tmp_path / "absent")]) == set()
