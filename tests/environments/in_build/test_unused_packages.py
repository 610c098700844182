"""What of Debian's machinery an image does without, read from dpkg's status."""

from __future__ import annotations

import os
import re
import shutil
import sys

import pytest

from kfpkit.environments.recipe.in_build import unused_packages
from kfpkit.environments.recipe.in_build.unused_packages import loaded, machinery, read, unused

MINIMAL = """\
Package: dpkg
Essential: yes
Status: install ok installed
Priority: required
Section: admin
Depends: tar (>= 1.28-1)
Description: package management
 Conffiles and such:
 .
 Depends: nothing that counts

Package: perl-base
Essential: yes
Section: perl
Provides: libfile-path-perl, perlapi-5.36.0

Package: debconf
Section: admin
Pre-Depends: perl-base (>= 5.20.1-3~)

Package: apt
Section: admin
Depends: libc6 (>= 2.34), libstdc++6, libtls30, libapt9 (>= 9), tar

Package: libapt9
Section: libs
Depends: libbz9, liblinked1

Package: libtls30
Section: libs
Depends: libc6 (>= 2.34), libnumbers8 (>= 3.7~), libnames2-0 (>= 2.0.0)

Package: libnumbers8
Section: contrib/libs

Package: libnames2-0
Section: oldlibs

Package: libbz9
Section: libs

Package: liblinked1
Section: libs

Package: libc6
Section: libs

Package: libstdc++6
Section: libs

Package: tar
Essential: yes
Section: utils
Pre-Depends: liblinked1
"""
TLS = {"libtls30", "libnames2-0", "libnumbers8"}
ALL = {"apt", "debconf", "dpkg", "libapt9", "libbz9", "perl-base"} | TLS


def test_tools_go_with_the_libraries_that_nothing_else_needs():
    assert unused(read(MINIMAL), []) == ALL


def test_debian_13_loses_what_debian_12_does_whatever_its_libraries_are_called():
    renamed = re.sub(r"lib(tls|numbers|bz)(\d+)", r"lib\1\2t64", MINIMAL)

    gone = unused(read(renamed), [])

    assert {name.removesuffix("t64") for name in gone} == ALL


@pytest.mark.parametrize(
    ("fields", "used"),
    [
        ("Depends: libc6", set()),
        ("Depends: libldap (>= 2), libtls30 (>= 3.7.0) | libtls28", TLS),
        ("Pre-Depends: libnumbers8", {"libnumbers8"}),
        ("Essential: yes\nDepends: libbz9", {"libbz9"}),
        ("Depends: perl:any", set()),
        ("Depends: perlapi-5.36.0", {"perl-base"}),
        ("Depends: debconf (>= 0.5) | debconf-2.0, dpkg", set()),
        ("Recommends: libtls30", set()),
    ],
)
def test_what_a_package_depends_on_is_used(fields, used):
    packages = read(f"{MINIMAL}\nPackage: more\nSection: libs\n{fields}\n")

    assert unused(packages, []) == ALL - used


def test_what_is_wanted_is_used_with_all_that_it_needs():
    assert unused(read(MINIMAL), ["libtls30", "absent"]) == ALL - TLS
    assert unused(read(MINIMAL), ["dpkg"]) == ALL - {"dpkg"}


def test_a_library_may_be_of_use_to_others_however_much_the_tools_need_it():
    assert machinery(read(MINIMAL)) == ALL | {"liblinked1"}


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
