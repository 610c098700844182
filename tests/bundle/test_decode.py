"""What a command carries is read back as it was collected."""

from __future__ import annotations

import pytest

from kfpkit.bundle import decode, encode
from kfpkit.bundle.bundle import Bundle, ShippedFile


@pytest.fixture
def bundle(tmp_path):
    files = {
        "a/__init__.py": b"",
        "a/b.py": b"def f():\n    return 'python3'\n" * 50,
        "a/\xe4.bin": bytes(range(256)) * 2000,
    }
    shipped = [
        ShippedFile(path=path, content=content, source=tmp_path / path, chain=())
        for path, content in files.items()
    ]
    return Bundle(module="a.b", function="f", files=tuple(shipped))


@pytest.mark.parametrize("carry_runtime", [False, True])
def test_a_payload_has_what_the_bundle_has(bundle, carry_runtime):
    payload = decode(encode(bundle, carry_runtime=carry_runtime))
    assert (payload.module, payload.function) == ("a.b", "f")
    assert payload.files == {file.path: file.content for file in bundle.files}
    assert (payload.digest == bundle.digest) is not carry_runtime


@pytest.mark.parametrize("end", [4, 5, -1])
def test_a_command_that_is_not_ours_carries_nothing(bundle, end):
    assert decode(encode(bundle)[:end]) is None
    assert decode(["sh", "-c", "echo", "a", "b", "c"]) is None
