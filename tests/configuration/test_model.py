"""The keys of a file have types; a wrong one is a fault with its line."""

from __future__ import annotations

import pytest

from kfpkit.configuration.documents import read_document
from kfpkit.configuration.model import Configuration, read_settings


@pytest.fixture
def read(tmp_path):
    """Return a function that reads the keys of a text, and its faults as strings."""
    file = tmp_path / "local.yaml"

    def read_text(text):
        file.write_text(text)
        settings, faults = read_settings(read_document(file))
        return settings, [f"{fault.where.line}: {fault.problem}" for fault in faults]

    return read_text


def test_every_key_is_read(read):
    settings, faults = read(
        "parameters: {rows: 5}\ncaching: false\nemulators: [bigquery, storage]\n"
        "environment_variables: {LEVEL: debug}\nmax_parallel: 3\ncontainers: true\n"
    )
    assert faults == []
    assert settings == Configuration(
        parameters={"rows": 5},
        caching=False,
        emulators=("bigquery", "storage"),
        environment_variables={"LEVEL": "debug"},
        max_parallel=3,
        containers=True,
    )


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("1.5", 1.5), ("2h", 7200)])
def test_a_time_out_is_a_number_of_seconds_or_has_a_unit(read, text, seconds):
    assert read(f"task_timeout: {text}\n")[0].task_timeout == seconds


@pytest.mark.parametrize("text", ["", "parameters:\ncaching:\n"])
def test_a_key_without_a_value_has_its_default(read, text):
    assert read(text) == (Configuration(), [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "caching: true\nparamters: {rows: 5}\n",
            "2: `paramters` is not a valid key; did you mean",
        ),
        ("zzz: 5\n", "1: `zzz` is not a valid key; the keys are `parameters`, `caching`"),
        ("max_parallel: 0\n", "1: `max_parallel` is 0: input should be greater than or equal to 1"),
        ("max_parallel: true\n", "1: `max_parallel` is True: input should be a valid integer"),
        ("caching: 'no'\n", "1: `caching` is 'no': input should be a valid boolean"),
        ("task_timeout: 0\n", "1: `task_timeout` is 0"),
        ("task_timeout: soon\n", "`soon` is not a positive duration, such as `90s`, `10m` or `2h`"),
        ("caching: true\nemulators: [bigtable]\n", "2: `emulators.0` is 'bigtable'"),
        ("environment_variables:\n  PORT: 80\n", "2: `environment_variables.PORT` is 80: "),
        (
            "environment_variables:\n  KEY: {secret: projects/p/secrets/s}\n",
            "2: `environment_variables.KEY` cannot refer to a secret; pass its name in a parameter",
        ),
        ("parameters: [1]\n", "1: `parameters` is [1]: input should be a valid dictionary"),
    ],
)
def test_a_wrong_value_is_a_fault_with_its_line(read, text, expected):
    settings, (fault,) = read(text)
    assert expected in fault
    assert settings == Configuration(caching=settings.caching)


def test_all_faults_are_found_and_the_sound_keys_kept(read):
    settings, faults = read("max_parallel: 0\ncaching: false\ncontaners: true\n")
    assert [fault[0] for fault in faults] == ["1", "3"]
    assert settings.caching is False
