from __future__ import annotations

import json


def test_every_value_is_shown_with_its_origin(kfpkit):
    done = kfpkit(
        *("show", "pipelines/one", "--config", "dev.yaml", "--param", "day=2024-01-31"),
        KFPKIT_PARAM_NOTE="abc",
    )
    assert done.returncode == 0, done.stderr
    rows = [tuple(line.split()) for line in done.stdout.splitlines()]
    assert rows == [
        ("loaded",),
        ("Key", "Value", "Origin"),
        ("parameters.day", '"2024-01-31"', "--param"),
        ("parameters.note", '"abc"', "KFPKIT_PARAM_NOTE"),
        ("parameters.rows", "5", "pipelines/one/config/dev.yaml:3"),
        ("caching", "false", "pipelines/one/config/dev.yaml:1"),
        ("emulators", "[]", "default"),
        ("environment_variables", "{}", "default"),
        ("max_parallel", "null", "default"),
        ("task_timeout", "null", "default"),
        ("containers", "false", "default"),
    ]


def test_programs_get_the_values_with_file_and_line(kfpkit):
    done = kfpkit("show", "pipelines/two", "--config", "local.yaml", "--json")
    facts = json.loads(done.stdout)
    assert facts["pipeline"] == "two"
    assert facts["file"] == "pipelines/two/local.yaml"
    assert facts["parameters"]["day"] == {
        "value": "today",
        "origin": "pipelines/two/local.yaml",
        "line": 1,
    }
    assert facts["settings"]["caching"] == {"value": True, "origin": "default"}


def test_a_fault_is_reported_as_in_a_run(kfpkit):
    done = kfpkit("show", "pipelines/one", "--config", "dev.yaml", "--param", "rows=0")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "error: The configuration has 2 problems:",
        "  pipelines/one/config/dev.yaml:2: `day` is missing: the pipeline needs text",
        "  --param: `rows` is 0: Input should be greater than 0",
        "Correct each of them.",
    ]
