import pytest

from kfpkit.helpers.keys import place_of, require_keys

PLACE = 0.09465718260219558


def test_a_keys_place_never_changes():
    # Written down once: another value would move rows of splits that people have made.
    assert place_of("wdbc-001") == PLACE
    assert place_of("wdbc-001", "again") != PLACE


def test_an_integer_and_its_text_have_one_place():
    assert place_of(7) == place_of("7")


def test_places_fill_the_range_evenly():
    places = sorted(place_of(number) for number in range(10_000))

    assert 0 <= places[0] < places[-1] < 1
    assert max(abs(place - rank / 10_000) for rank, place in enumerate(places)) < 0.02


def test_salt_and_key_do_not_run_into_each_other():
    assert place_of("ab", "c") != place_of("b", "ca")


@pytest.mark.parametrize("keys", [["a", None], ["a", float("nan")], ["a", 1.0]])
def test_keys_that_do_not_last_are_refused(keys):
    with pytest.raises(ValueError, match=r"`id` .* in row 1"):
        require_keys(keys, "id")
