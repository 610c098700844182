"""Labels follow the rules of Google Cloud."""

import pytest

from kfpkit.targets.labels import find_label_fault, sanitize_label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("feature/New_Model", "feature-new_model"),
        ("ann@example.com", "ann-example-com"),
        ("é日本", "é日本"),
        ("a" * 80, "a" * 63),
        ("", ""),
    ],
)
def test_a_text_becomes_a_label(text, label):
    assert sanitize_label(text) == label
    assert find_label_fault("key", sanitize_label(text)) is None


@pytest.mark.parametrize(
    ("key", "value"), [("team", "churn"), ("été", ""), ("a-b_c1", "0"), ("k" * 63, "v" * 63)]
)
def test_a_valid_label_has_no_fault(key, value):
    assert find_label_fault(key, value) is None


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("", "x", "a key begins with a lowercase letter"),
        ("1a", "x", "a key begins with a lowercase letter"),
        ("k" * 64, "x", "the key has 64 characters; 63 are allowed"),
        ("a", "X", "the value may have lowercase letters, digits, `_` and `-`; `x` would be"),
        ("kfpkit-user", "x", "keys that begin with `kfpkit-` are kfpkit's"),
    ],
)
def test_an_invalid_label_has_one(key, value, fault):
    assert fault in find_label_fault(key, value)
