from __future__ import annotations

import pytest

from kfpkit.errors import InvalidConfigError, MissingConfigError
from kfpkit.local import find_configuration, read_configuration


def read(tmp_path, text):
    file = tmp_path / "local.yaml"
    file.write_text(text)
    return read_configuration(file)


def test_every_key_is_read(tmp_path):
    configuration = read(
        tmp_path,
        "parameters: {rows: 5}\ncaching: false\nemulators: [bigquery, storage]\n"
        "environment_variables: {LEVEL: debug}\nmax_parallel: 3\n",
    )
    assert configuration.parameters == {"rows": 5}
    assert configuration.caching is False
    assert configuration.emulators == ("bigquery", "storage")
    assert configuration.environment_variables == {"LEVEL": "debug"}
    assert configuration.max_parallel == 3


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("1.5", 1.5), ("2h", 7200)])
def test_a_time_out_is_a_number_of_seconds_or_has_a_unit(tmp_path, text, seconds):
    assert read(tmp_path, f"task_timeout: {text}\n").task_timeout == seconds


def test_an_empty_file_means_the_defaults(tmp_path):
    configuration = read(tmp_path, "")
    assert (configuration.caching, configuration.emulators) == (True, ())


def test_an_unknown_key_is_refused_with_its_line_and_the_nearest_key(tmp_path):
    with pytest.raises(InvalidConfigError) as caught:
        read(tmp_path, "caching: true\nparamters: {rows: 5}\n")
    assert "line 2: `paramters` is not a valid key; did you mean `parameters`?" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("max_parallel: 0\n", "line 1: `max_parallel`"),
        ("task_timeout: 0\n", "line 1: `task_timeout`"),
        ("task_timeout: soon\n", "`soon` is not a positive duration, such as `90s`, `10m` or `2h`"),
        ("caching: true\nemulators: [bigtable]\n", "line 2: `emulators.0`"),
        ("environment_variables:\n  PORT: 80\n", "line 2: `environment_variables.PORT`"),
        ("- parameters\n", "it does not contain keys"),
        ("parameters: {rows: 5\n", "expected ',' or '}'"),
    ],
)
def test_a_wrong_value_is_refused_with_its_line(tmp_path, text, expected):
    with pytest.raises(InvalidConfigError) as caught:
        read(tmp_path, text)
    assert expected in str(caught.value)


def test_a_file_is_found_as_given_and_beside_the_pipeline(tmp_path, monkeypatch):
    pipeline = tmp_path / "pipelines" / "training"
    pipeline.mkdir(parents=True)
    (pipeline / "local.yaml").touch()
    (tmp_path / "other.yaml").touch()
    monkeypatch.chdir(tmp_path)
    relative = type(pipeline)("local.yaml")
    assert find_configuration(relative, pipeline) == pipeline / "local.yaml"
    assert find_configuration(relative, pipeline / "pipeline.py") == pipeline / "local.yaml"
    assert find_configuration(relative.with_name("other.yaml"), pipeline).samefile("other.yaml")


def test_a_missing_file_is_refused_and_its_neighbours_named(tmp_path):
    (tmp_path / "local.yaml").touch()
    with pytest.raises(MissingConfigError, match=r"`local\.yaml`"):
        find_configuration(tmp_path / "locl.yaml", tmp_path)
