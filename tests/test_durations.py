from __future__ import annotations

import pytest

from kfpkit.durations import describe_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("90s", 90), ("0.5 s", 0.5), ("10m", 600), ("1.5h", 5400), ("1d", 86400)],
)
def test_a_number_may_have_a_unit(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "0m", "-1", "ten", "1w", "1h30m", "1e400", "inf"])
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match="is not a positive duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.5, "0.5 s"), (90, "90 s"), (120, "2 min"), (5400, "90 min"), (7200, "2 h"), (86400, "1 d")],
)
def test_it_is_written_with_its_largest_whole_unit(seconds, text):
    assert describe_duration(seconds) == text
