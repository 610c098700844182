"""Which of Debian's programs an image does without, read from dpkg's status and lists of files."""

from __future__ import annotations

import pytest

from kfpkit.environments.recipe.in_build import unused_tools

STATUS = """\
Package: bash
Essential: yes
Priority: required

Package: coreutils
Essential: yes
Priority: required
Pre-Depends: libgmp10 (>= 2:6.2.1), libselinux1 (>= 3.1~)

Package: dash
Essential: yes
Priority: required

Package: libgmp10
Priority: optional

Package: libselinux1
Priority: optional
Depends: libc6 (>= 2.34), libpcre2-8-0 (>= 10.22)

Package: libpcre2-8-0
Priority: optional

Package: libc6
Priority: optional

Package: ca-certificates
Priority: standard
Depends: openssl (>= 1.1.1)

Package: openssl
Priority: optional
"""
GCONV = "/usr/lib/x86_64-linux-gnu/gconv"
FILES = {
    "bash": ["/bin/bash", "/usr/share/bash/completion"],
    "coreutils": ["/bin/cat", "/bin/vdir", "/usr/bin/factor", "/usr/bin/env", "/bin/ls"],
    "dash": ["/bin/dash", "/bin/sh"],
    "git": ["/usr/bin/git"],
    "libc6": [
        f"{GCONV}/{name}" for name in ("BIG5.so", "UTF-16.so", "ISO8859-1.so", "ISO8859-2.so")
    ],
    "libgmp10": ["/usr/lib/x86_64-linux-gnu/libgmp.so.10"],
    "libgnutls30": ["/usr/lib/x86_64-linux-gnu/libgnutls.so.30"],
    "ca-certificates": ["/usr/sbin/update-ca-certificates"],
    "openssl": ["/usr/bin/openssl", "/usr/lib/ssl/openssl.cnf"],
}
GONE = {"bash", "libgmp10", "libpcre2-8-0", "libselinux1"}


@pytest.fixture(autouse=True)
def _files(monkeypatch):
    """Give packages files that this machine's need not have."""
    monkeypatch.setattr(unused_tools, "_files", lambda name: FILES.get(name, []))


def test_tools_go_and_a_shell_with_the_programs_of_scripts_stays():
    packages, files = unused_tools.unused(STATUS, [])

    assert packages == GONE
    left = {file for listed in FILES.values() for file in listed} - files
    assert "/usr/lib/ssl/openssl.cnf" in left
    assert {"/bin/cat", "/bin/dash", "/bin/sh", "/usr/bin/env"} <= left
    assert {
        "/bin/bash",
        "/usr/bin/openssl",
        "/bin/ls",
        "/bin/vdir",
        "/usr/bin/factor",
        *FILES["libgmp10"],
    } <= files


def test_the_character_sets_of_debians_own_division_stay():
    _, files = unused_tools.unused(STATUS, [])

    converters = {file for file in files if file.startswith(GCONV)}
    assert converters == {f"{GCONV}/BIG5.so", f"{GCONV}/ISO8859-2.so"}


def test_a_package_that_brings_programs_brings_all_tools():
    added = f"{STATUS}\nPackage: git\nPriority: optional\nDepends: libc6\n"

    assert unused_tools.unused(added, ["git"]) == (frozenset(), frozenset())


def test_a_package_of_libraries_brings_those_that_it_needs():
    depends = "Depends: libgmp10 (>= 2:6.2.1), libselinux1"
    added = f"{STATUS}\nPackage: libgnutls30\nPriority: optional\n{depends}\n"
    packages, files = unused_tools.unused(added, ["libgnutls30"])

    assert packages == {"bash"}
    assert not files & set(FILES["libgmp10"])


@pytest.mark.parametrize("name", ["bash", "openssl"])
def test_a_tool_that_is_named_stays(name):
    packages, files = unused_tools.unused(STATUS, [name])

    assert packages == GONE - {name}
    assert not files & set(FILES[name])


def test_all_of_a_package_that_is_named_stays():
    _, files = unused_tools.unused(STATUS, ["coreutils"])

    assert not files & set(FILES["coreutils"])


def test_a_status_loses_what_goes_and_nothing_else(tmp_path, capsys):
    file = tmp_path / "status"
    file.write_text(STATUS)
    unused_tools.main(str(file), "openssl=3.0")

    gone = ("bash", "libgmp10", "libselinux1", "libpcre2-8-0")
    paragraphs = [paragraph.strip() for paragraph in STATUS.split("\n\n")]
    kept = [
        one for one in paragraphs if one.partition("\n")[0] not in map("Package: {}".format, gone)
    ]
    assert file.read_text() == "".join(f"{paragraph}\n\n" for paragraph in kept)
    assert "/bin/bash\n" in capsys.readouterr().out
