"""Files, variables and options give values, in this order of strength."""

from pathlib import Path

import pytest
from kfp import dsl
from local.steps import say

from kfpkit.configuration import collect_given, resolve_configuration
from kfpkit.errors import InvalidConfigurationError
from kfpkit.project import find_project


@dsl.pipeline(name="giving")
def giving(word: str = "w", count: int = 1, Count_2: int = 2, count_2: int = 2):  # noqa: N803
    say(text=word, times=count)


@pytest.fixture
def resolve(tmp_path):
    """Return a function that resolves what a file, variables and options give."""

    def resolve_all(text=None, variables=None, options=None):
        file = tmp_path / "dev.yaml"
        if text is not None:
            file.write_text(text)
        given = collect_given(
            file if text is not None else None,
            pipeline=tmp_path,
            options=options,
            variables=variables or {},
        )
        return resolve_configuration(given, giving.pipeline_spec, project=find_project(tmp_path))

    return resolve_all


FILE = "caching: false\nparameters:\n  word: file\n  count: 2\n"


def test_a_variable_wins_over_the_file_and_an_option_over_both(resolve):
    variables = {"KFPKIT_PARAM_COUNT": "3", "KFPKIT_PARAM_WORD": "variable", "KFPKIT_PARAM_": ""}
    found = resolve(FILE, variables, {"count": "4"})
    assert found.parameters == {"word": "variable", "count": 4, "Count_2": 2, "count_2": 2}
    origins = {name: str(origin) for name, origin in found.origins.items()}
    assert origins["count"] == "--param"
    assert origins["word"] == "KFPKIT_PARAM_WORD"
    assert origins["count_2"] == "default"
    assert found.arguments == {"word": "variable", "count": 4}


def test_a_value_of_a_file_has_its_line(resolve):
    found = resolve(FILE)
    assert found.origins["count"].place.line == 4
    assert found.given.find_origin("caching").place.line == 1
    assert str(found.given.find_origin("containers")) == "default"


def test_a_setting_that_an_option_changes_has_the_option_as_its_origin(tmp_path):
    given = collect_given(None, pipeline=tmp_path, variables={}).change(
        {"caching": False}, "--no-cache"
    )
    assert given.settings.caching is False
    assert str(given.find_origin("caching")) == "--no-cache"


def test_a_variable_with_the_exact_name_needs_no_guess(resolve):
    found = resolve(variables={"KFPKIT_PARAM_count_2": "5"})
    assert (found.parameters["count_2"], found.parameters["Count_2"]) == (5, 2)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "KFPKIT_PARAM_COUNTT",
            "`COUNTT` is not a parameter of the pipeline; did you mean `count`",
        ),
        ("KFPKIT_PARAM_COUNT_2", "`COUNT_2` is not a parameter of the pipeline; did you mean"),
    ],
)
def test_a_variable_that_fits_no_parameter_or_two_is_refused(resolve, name, expected):
    with pytest.raises(InvalidConfigurationError) as caught:
        resolve(variables={name: "1"})
    (fault,) = caught.value.faults
    assert fault.where == name
    assert fault.problem.startswith(expected)
    assert fault.problem.endswith("or unset the variable")


def test_all_faults_of_the_file_the_variables_and_the_options_are_one_message(resolve):
    text = "cachng: true\nparameters:\n  count: 012\n  wrd: x\n  count_2: many\n"
    with pytest.raises(InvalidConfigurationError) as caught:
        resolve(text, {"KFPKIT_PARAM_WORLD": "x"}, {"count_2": "1.5"})
    lines = str(caught.value).splitlines()
    assert lines[0] == "The configuration has 6 problems:"
    assert [line.split()[0].rpartition("/")[2] for line in lines[1:7]] == [
        "dev.yaml:1:",
        "dev.yaml:3:",
        "dev.yaml:4:",
        "dev.yaml:5:",
        "--param:",
        "KFPKIT_PARAM_WORLD:",
    ]
    assert lines[-1] == "Correct each of them."


def test_a_value_with_a_fault_is_not_also_missing(tmp_path):
    @dsl.pipeline(name="needing")
    def needing(count: int, word: str):
        say(text=word, times=count)

    file = tmp_path / "dev.yaml"
    file.write_text("parameters:\n  count: 012\n")
    given = collect_given(file, pipeline=tmp_path, variables={})
    with pytest.raises(InvalidConfigurationError) as caught:
        resolve_configuration(given, needing.pipeline_spec, project=find_project(tmp_path))
    first, second = caught.value.faults
    assert (first.where.line, second.where.line) == (1, 2)
    assert first.problem == "`word` is missing: the pipeline needs text"


def test_a_name_is_checked_even_if_its_value_has_a_fault(resolve):
    with pytest.raises(InvalidConfigurationError) as caught:
        resolve("parameters:\n  wrd: [no, 012]\n")
    assert [fault.problem.partition(";")[0] for fault in caught.value.faults] == [
        "`parameters.wrd.0`: `no` is a truth value in YAML 1.1 and a string in YAML 1.2",
        "`parameters.wrd.1`: `012` is octal in YAML 1.1 and 12 in YAML 1.2",
        "`wrd` is not a parameter of the pipeline",
    ]


def test_a_file_of_another_pipeline_is_refused(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name / "config").mkdir(parents=True)
        (tmp_path / name / "pipeline.py").touch()
        (tmp_path / name / "config" / "dev.yaml").touch()
    file = tmp_path / "one" / "config" / "dev.yaml"
    (fault,) = collect_given(file, pipeline=tmp_path / "two", variables={}).faults
    assert fault.problem.startswith(f"it belongs to the pipeline in {tmp_path / 'one'}; ")
    for own in (tmp_path / "one", tmp_path / "one" / "pipeline.py", Path("build/one.yaml")):
        assert not collect_given(file, pipeline=own, variables={}).faults
