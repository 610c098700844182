"""The request that creates a run: what it says, its id, its labels, and what is refused."""

import re
from datetime import datetime, timedelta, timezone
from typing import Optional

import pytest
from kfp import compiler, dsl

from kfpkit.errors import (
    InvalidConfigurationError,
    InvalidRunIdError,
    NullParameterError,
    OldSchemaError,
    UnsupportedPlatformError,
)
from kfpkit.targets.identity import Origin, make_id
from kfpkit.targets.template import read_template

AT = datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))


def list_caching(body):
    spec = body["pipelineSpec"]
    graphs = [spec["root"], *spec["components"].values()]
    tasks = [task for graph in graphs for task in graph.get("dag", {}).get("tasks", {}).values()]
    return [task.get("cachingOptions", {}).get("enableCache", False) for task in tasks]


def test_a_request_has_the_root_and_the_given_parameters_only(make_request):
    body = make_request({"rows": 3, "limits": {"high": [1, None]}}).body

    assert body["runtimeConfig"] == {
        "gcsOutputDirectory": "gs://my-bucket/root",
        "parameterValues": {"rows": 3.0, "limits": {"high": [1.0, None]}},
    }
    assert body["displayName"] == "all-kinds"
    assert "serviceAccount" not in body
    assert "preflightValidations" not in body


def test_the_keys_of_the_target_reach_the_request(make_request):
    keys = {
        "service-account": "p@my-project.iam.gserviceaccount.com",
        "psc-interface": "projects/p/regions/europe-west4/networkAttachments/a",
        "encryption-key": "projects/p/locations/europe-west4/keyRings/r/cryptoKeys/k",
        "failure-policy": "fast",
        "preflight": True,
        "labels": {"team": "churn"},
    }
    body = make_request({"rows": 3}, keys=keys).body

    assert body["serviceAccount"] == keys["service-account"]
    assert body["pscInterfaceConfig"] == {"networkAttachment": keys["psc-interface"]}
    assert body["encryptionSpec"] == {"kmsKeyName": keys["encryption-key"]}
    assert body["runtimeConfig"]["failurePolicy"] == "PIPELINE_FAILURE_POLICY_FAIL_FAST"
    assert body["preflightValidations"] is True
    assert body["labels"]["team"] == "churn"


def test_caching_stays_as_compiled_or_is_off_everywhere(make_request):
    compiled = list_caching(make_request({"rows": 3}).body)
    off = list_caching(make_request({"rows": 3}, caching=False).body)

    assert any(compiled)
    assert len(compiled) == len(off) == 7
    assert not any(off)


def test_labels_say_where_a_run_comes_from(make_request):
    origin = Origin(revision="0123abcd-dirty", user="Ann Lee@Example.com")
    labels = make_request({"rows": 3}, origin=origin).body["labels"]

    assert labels["kfpkit-revision"] == "0123abcd-dirty"
    assert labels["kfpkit-user"] == "ann-lee-example-com"
    assert labels["kfpkit-target"] == "dev"
    assert re.fullmatch("[0-9a-f]{32}", labels["kfpkit-config"])
    assert re.fullmatch("[0-9a-f]{32}", labels["kfpkit-template"])


def test_the_digest_says_what_runs_and_not_who_submits_it(make_request):
    first = make_request({"rows": 3}, origin=Origin(user="ann"))

    assert first.digest == make_request({"rows": 3}, origin=Origin(user="ci")).digest
    assert first.body["labels"]["kfpkit-request"] == first.digest[:32]
    for other in (
        make_request({"rows": 4}),
        make_request({"rows": 3}, caching=False),
        make_request({"rows": 3}, keys={"pipeline-root": "gs://my-bucket/other"}),
        make_request({"rows": 3}, keys={"labels": {"team": "churn"}}),
    ):
        assert other.digest != first.digest


def test_the_label_of_the_configuration_changes_with_its_values(make_request):
    def label(parameters, **settings):
        return make_request(parameters, **settings).body["labels"]["kfpkit-config"]

    assert label({"rows": 3}) == label({"rows": 3, "rate": 0.1})
    assert len({label({"rows": 3}), label({"rows": 4}), label({"rows": 3}, caching=False)}) == 3


def test_an_id_has_the_name_and_the_time_in_utc_and_is_unique():
    ids = {make_id("Churn Model_2", "abcdef0123", AT) for _ in range(3)}

    assert len(ids) == 3
    assert all(re.fullmatch("churn-model-2-20260228233000-abcdef[0-9a-f]{4}", each) for each in ids)


@pytest.mark.parametrize("name", ["x" * 300, "9 lives", "日本", "--"])
def test_an_id_is_one_that_vertex_ai_allows(name):
    assert re.fullmatch("[a-z][-a-z0-9]{0,126}", make_id(name, "abcdef0123", AT))


def test_an_id_of_ones_own_is_kept_or_refused(make_request):
    name = "projects/my-project/locations/europe-west4/pipelineJobs/nightly-2026-03-01"
    assert make_request({"rows": 3}, run="nightly-2026-03-01").name == name
    for wrong in ("Nightly", "1st", "a_b", "a" * 128):
        with pytest.raises(InvalidRunIdError, match="can't be the id of a run") as refused:
            make_request({"rows": 3}, run=wrong)
        assert refused.value.run == wrong


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"rows": 2**53 + 1}, "round integers past 2**53"),
        ({"rows": 3, "limits": {"high": -(2**60)}}, "round integers past 2**53"),
        ({"rows": "3"}, "`rows` is '3'; the pipeline needs a whole number"),
        ({"rows": 3, "rate": float("nan")}, "which lacks `nan`"),
        ({"rows": 3, "strict": "yes"}, "`strict` is 'yes'; the pipeline needs"),
        ({"row": 3}, "did you mean `rows`?"),
        ({}, "`rows` is missing"),
    ],
)
def test_a_value_that_would_change_on_its_way_is_refused(make_request, parameters, problem):
    with pytest.raises(InvalidConfigurationError) as refused:
        make_request(parameters)
    assert problem in str(refused.value)


def test_null_is_left_out_only_where_it_is_the_default(make_request, tmp_path):
    assert make_request({"rows": 3, "note": None}).body["runtimeConfig"]["parameterValues"] == {
        "rows": 3.0
    }

    @dsl.component(base_image="python:3.11")
    def show(text: Optional[str] = "x"):  # noqa: UP045 - KFP reads no other form
        return

    @dsl.pipeline(name="nulls")
    def nulls(text: Optional[str] = "x"):  # noqa: UP045 - as above
        show(text=text)

    file = tmp_path / "nulls.yaml"
    compiler.Compiler().compile(nulls, str(file))
    with pytest.raises(NullParameterError, match="`text` is null, but its default is 'x'"):
        make_request({"text": None}, file=file)


def test_settings_for_kubernetes_are_refused(compiled):
    platform = """
---
platforms:
  kubernetes:
    deploymentSpec:
      executors:
        exec-add:
          activeDeadlineSeconds: 60
"""
    with pytest.raises(UnsupportedPlatformError, match="add: `activeDeadlineSeconds`") as refused:
        read_template(compiled.read_text() + platform)
    assert refused.value.settings == (("add", "activeDeadlineSeconds"),)


def test_a_pipeline_of_an_old_kfp_is_refused(compiled):
    text = compiled.read_text().replace("schemaVersion: 2.1.0", "schemaVersion: 2.0.0")
    with pytest.raises(
        OldSchemaError, match=r"has the format 2\.0\.0, written by kfp-2"
    ) as refused:
        read_template(text)
    assert refused.value.pipeline == "all-kinds"
