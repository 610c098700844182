"""Filters of lists. The first table is from the comments of Google's messages, and AIP-160."""

from __future__ import annotations

import json
import sqlite3

import pytest

from kfpkit.emulators.servers.vertex.filtering import parse_filter, write_condition
from kfpkit.emulators.servers.vertex.refusals import RefusedError
from kfpkit.emulators.servers.vertex.services.pipelines import FIELDS

JOBS = {
    "a": {
        "pipeline_name": "test",
        "display_name": "first step of two",
        "pipeline_job_user_id": "job-1",
        "state": 4,
        "create_time": "2021-06-01T10:00:00.000000Z",
        "update_time": "2021-06-01T11:00:00.000000Z",
        "end_time": "2021-06-01T11:00:00.000000Z",
        "labels": {"env": "prod", "with-dash": "1"},
        "template_metadata": {"version": "sha256:abc"},
    },
    "b": {
        "pipeline_name": "other",
        "display_name": "second [x]",
        "pipeline_job_user_id": "job-2",
        "state": 5,
        "create_time": "2020-05-18T13:30:00.000000Z",
        "update_time": "2020-05-18T13:31:00.000000Z",
        "labels": {"env": "dev"},
        "template_metadata": {"version": ""},
    },
    "c": {
        "pipeline_name": "test",
        "display_name": "third",
        "pipeline_job_user_id": "other-3",
        "state": 3,
        "create_time": "2019-01-01T00:00:00.000000Z",
        "update_time": "2022-01-01T00:00:00.000000Z",
        "labels": {},
        "template_metadata": {"version": "sha256:abd"},
    },
}
CASES = [
    ("", "abc"),
    ('pipeline_name="test"', "ac"),
    ('pipeline_name != "test"', "b"),
    ("pipelineName=test", "ac"),
    ('display_name:"*step*"', "a"),
    ('display_name="third"', "c"),
    ('display_name:"second [x]"', "b"),
    ('pipeline_job_user_id:"job-*"', "ab"),
    ("state=PIPELINE_STATE_SUCCEEDED", "a"),
    ('state="PIPELINE_STATE_FAILED"', "b"),
    ("state != PIPELINE_STATE_RUNNING", "ab"),
    ("state=4", "a"),
    ('create_time>"2020-05-18T13:30:00Z"', "a"),
    ('create_time>="2020-05-18T13:30:00Z"', "ab"),
    ('create_time="2020-05-18T15:30:00+02:00"', "b"),
    ("create_time<2020-05-18T13:30:00Z", "c"),
    ('end_time<="2021-06-01T11:00:00.000Z"', "a"),
    ('pipeline_name="test" AND create_time>"2020-05-18T13:30:00Z"', "a"),
    ('create_time>"2021-05-18T00:00:00Z" OR update_time>"2020-05-18T00:00:00Z"', "abc"),
    ('labels.env = "prod"', "a"),
    ("labels.env:*", "ab"),
    ("labels:env", "ab"),
    ("labels.env", "ab"),
    ('labels."with-dash"="1"', "a"),
    ("labels.with-dash=1", "a"),
    ('labels.env!="prod"', "bc"),
    ('template_metadata.version="sha256:abc"', "a"),
    ('templateMetadata.version:"sha256:*"', "ac"),
    ("template_metadata.version=sha256:abc", "a"),
    # OR binds closer than AND: a AND (b OR c).
    ('pipeline_name="test" AND state=4 OR state=5', "a"),
    ('state=5 OR state=4 AND pipeline_name="test"', "a"),
    ('(state=5) OR (state=4 AND pipeline_name="test")', "ab"),
    ('pipeline_name="test" state=4', "a"),
    ("NOT state=4", "bc"),
    ("-state=4", "bc"),
    ("NOT labels:env", "c"),
    ('NOT (state=4 OR state=5) AND pipeline_name="test"', "c"),
    ("end_time>2000-01-01T00:00:00Z", "a"),
    ("NOT end_time>2000-01-01T00:00:00Z", "bc"),
    (r'display_name="it\"s"', ""),
]
REFUSED = [
    ("nothing=1", "`nothing` is not a supported field"),
    ("state>4", "`state` supports != =, and not `>`"),
    ("state=WRONG", "`WRONG` is not a value of `state`"),
    ("create_time>yesterday", "needs a time in RFC 3339 format"),
    ("create_time>2020-05-18", "needs a time in RFC 3339 format"),
    ("(state=4", "`)` is needed before the end"),
    ("state=4)", "unexpected `)` at 7"),
    ("state=", "unexpected the end"),
    ("= 4", "a field is needed before `=`"),
    ("AND", "a field is needed before `AND`"),
    ('display_name="open', 'unexpected `"`'),
    ("in_context(x)", "the function `in_context` is not supported"),
    ("(" * 30 + "state=4" + ")" * 30, "too deeply nested"),
    ("labels=env", "name a key"),
]


@pytest.fixture(scope="module")
def database():
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE resources (name, fields)")
    rows = [(name, json.dumps(fields)) for name, fields in JOBS.items()]
    database.executemany("INSERT INTO resources VALUES (?, ?)", rows)
    yield database
    database.close()


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_filter_selects(database, text, expected):
    condition, values = write_condition(parse_filter(text), FIELDS)
    query = f"SELECT name FROM resources WHERE {condition} ORDER BY name"
    assert "".join(name for (name,) in database.execute(query, values)) == expected


@pytest.mark.parametrize(("text", "problem"), REFUSED, ids=[case[1] for case in REFUSED])
def test_a_wrong_filter_is_refused(text, problem):
    with pytest.raises(RefusedError) as refused:
        write_condition(parse_filter(text), FIELDS)
    assert refused.value.status == "INVALID_ARGUMENT"
    assert problem in refused.value.message
