"""Errors that are recognised in what programs write."""

from __future__ import annotations

import re

import pytest

from kfpkit.errors import (
    BuildNetworkError,
    ImageBuildError,
    ImageDiskFullError,
    IndexUnreachableError,
    PackageHashError,
    ToolError,
    find_fault,
)

FACTS = {"name": "tiny", "base": "python:3.12", "python": "3.12", "platform": "linux/amd64"}
FAULTS = [
    pytest.param(fault, id=f"{kind.__name__}-{number}")
    for base in (ImageBuildError, ToolError)
    for kind in base.__subclasses__()
    for number, fault in enumerate(kind.faults)
]


@pytest.mark.parametrize("fault", FAULTS)
def test_signs_can_match_output_in_lower_case(fault):
    assert fault.signs
    for sign in fault.signs:
        written = re.sub(r"\\.", "", sign)
        assert written == written.lower()
        assert not re.search(sign, "")


@pytest.mark.parametrize("fault", FAULTS)
def test_texts_name_known_facts_alone(fault):
    for text in (fault.problem, fault.remedy, fault.command):
        assert "{" not in text.format(**FACTS)


def test_of_two_classes_that_fit_the_first_is_taken():
    output = "Hash mismatch for `six`\nNo space left on device\n"

    found = [
        find_fault(kinds, output)
        for kinds in (
            [ImageDiskFullError, PackageHashError],
            [PackageHashError, ImageDiskFullError],
        )
    ]

    assert [each and each[0] for each in found] == [ImageDiskFullError, PackageHashError]


def test_a_class_may_have_several_faults_with_a_remedy_each():
    missing = find_fault([BuildNetworkError], "network bridge not found")
    refused = find_fault([BuildNetworkError], "network.host is not allowed")

    assert missing
    assert refused
    assert missing[0] is refused[0] is BuildNetworkError
    assert missing[1].remedy != refused[1].remedy


def test_what_no_sign_fits_has_no_fault():
    assert find_fault([IndexUnreachableError], "all is well") is None
