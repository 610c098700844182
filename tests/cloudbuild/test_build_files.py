"""The Cloud Build files, against the service's own message types and the commands that exist."""

from __future__ import annotations

import json
import re

import pytest
from cloudbuild.build_files import ELSEWHERE, ROOT
from google.cloud.devtools.cloudbuild_v1.types import Build, BuildOptions
from google.protobuf.json_format import ParseError
from typer.testing import CliRunner

from kfpkit.cli import app

BUILT_IN = {"BUILD_ID", "PROJECT_ID", "SHORT_SHA", "TAG_NAME"}
MAY_FAIL = {
    "audit.yaml": [],
    "environments.yaml": [],
    "pull-request.yaml": ["history", "pin"],
    "release.yaml": [],
}


def test_cloud_build_takes_the_file(build_file):
    build = Build.from_json(json.dumps(build_file.content))

    assert len(build.steps) == len(build_file.commands)


def test_a_field_that_cloud_build_does_not_know_is_refused(build_file):
    content = {**build_file.content, "time-out": "60s"}

    with pytest.raises(ParseError, match="time-out"):
        Build.from_json(json.dumps(content))


def test_every_step_is_a_make_target_or_a_command_of_kfpkit(build_file, make_targets):
    for program, *arguments in build_file.commands:
        if program == "make":
            assert {word for word in arguments if "=" not in word} <= make_targets
        else:
            assert program == ".venv/bin/kfpkit"
            # With `--help` behind them, the arguments are parsed and nothing is done.
            result = CliRunner().invoke(app, [*arguments, "--help"])
            assert result.exit_code == 0, result.output


def test_a_step_that_no_end_to_end_test_runs_is_run_elsewhere(build_file):
    elsewhere = ELSEWHERE[build_file.path.name]

    assert elsewhere.keys() <= {step["id"] for step in build_file.content["steps"]}
    for file, words in elsewhere.values():
        text = (ROOT / file).read_text(encoding="utf-8")
        assert re.search(rf"{re.escape(words)}(?![\w-])", text), f"`{words}` is not in {file}"


def test_every_step_has_a_name_and_a_timeout_within_the_build_s(build_file):
    build = Build.from_json(json.dumps(build_file.content))

    assert all(step.id and step.timeout for step in build.steps)
    assert (
        sum(step.timeout.total_seconds() for step in build.steps) <= build.timeout.total_seconds()
    )


def test_substitutions_are_declared_and_used(build_file):
    used = set(re.findall(r"\$\{?([A-Z_]+)\}?", build_file.text)) - BUILT_IN

    assert used == set(build_file.content["substitutions"])


def test_only_a_step_whose_failure_is_foreseen_may_fail(build_file):
    build = Build.from_json(json.dumps(build_file.content))

    assert [step.id for step in build.steps if step.allow_failure] == MAY_FAIL[build_file.path.name]


@pytest.mark.parametrize("build_file", ["environments.yaml", "pull-request.yaml"], indirect=True)
def test_a_registry_that_refuses_an_answer_fails_before_a_step_that_may_fail(build_file):
    steps = {step["id"]: number for number, step in enumerate(build_file.content["steps"])}

    assert steps["plan"] < steps["pin"]


@pytest.mark.parametrize("build_file", ["environments.yaml"], indirect=True)
def test_what_is_kept_is_written_by_a_step_and_lies_apart_for_each_build(build_file):
    kept = Build.from_json(json.dumps(build_file.content)).artifacts.objects

    assert kept.location == "gs://${_BUCKET}/${BUILD_ID}/"
    # Cloud Build fails a build that keeps nothing for a path; `pin` always writes these.
    assert list(kept.paths) == ["build/*.yaml"]


@pytest.mark.parametrize("build_file", ["environments.yaml"], indirect=True)
def test_nothing_that_a_new_vulnerability_fails_keeps_a_push_from_its_result(build_file):
    assert not [words for words in build_file.commands if "audit" in words]


@pytest.mark.parametrize("build_file", ["environments.yaml"], indirect=True)
def test_pushed_images_carry_their_bill_and_the_build_that_made_them(build_file):
    (push,) = [words for words in build_file.commands if "--push" in words]

    assert "--attach" in push
    names = [text.partition("=")[0] for text in build_file.content["options"]["env"]]
    assert "KFPKIT_BUILD" in names


@pytest.mark.parametrize("build_file", ["pull-request.yaml"], indirect=True)
def test_a_pull_request_builds_what_is_missing_and_pushes_nothing(build_file):
    assert ["make", "images"] in build_file.commands
    assert not [words for words in build_file.commands if "--push" in words]


@pytest.mark.parametrize("build_file", ["environments.yaml"], indirect=True)
def test_every_lock_is_imported_and_every_image_tested_before_the_push(build_file):
    steps = [step["id"] for step in build_file.content["steps"]]

    assert steps.index("environments") < steps.index("push")
    assert steps.index("test") < steps.index("push")


def test_logs_go_to_cloud_logging_and_no_secret_is_asked_for(build_file):
    build = Build.from_json(json.dumps(build_file.content))

    assert build.options.logging == BuildOptions.LoggingMode.CLOUD_LOGGING_ONLY
    assert not build.available_secrets.secret_manager
    assert not build.secrets


def test_each_file_has_a_service_account_of_its_own(build_file):
    account = f"kfpkit-{build_file.path.stem}@${{PROJECT_ID}}.iam.gserviceaccount.com"

    assert build_file.content["serviceAccount"].endswith(f"/serviceAccounts/{account}")
