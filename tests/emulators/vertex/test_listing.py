"""Pages of a list: complete and without repetition, whatever the order."""

from __future__ import annotations

import dataclasses
import random

import pytest

from kfpkit.emulators.servers.vertex.google_messages import find_message
from kfpkit.emulators.servers.vertex.listing import Query, list_page, select_fields
from kfpkit.emulators.servers.vertex.refusals import RefusedError
from kfpkit.emulators.servers.vertex.services.pipelines import FIELDS
from kfpkit.emulators.servers.vertex.store import Store

ORDERS = ("create_time", "update_time", "end_time", "start_time")
QUERY = Query(kind="PipelineJob", parent="here", fields=FIELDS, orders=ORDERS, page_size=7)


def put(store, number, seed):
    """Store a job, whose times are often those of others."""
    fields = {"create_time": f"2026-01-01T00:00:0{seed.randrange(4)}.000000Z"}
    if seed.random() < 0.5:
        fields["end_time"] = f"2026-01-02T00:00:0{seed.randrange(3)}.000000Z"
    job = find_message("PipelineJob")(name=f"here/{number:03}")
    store.put("PipelineJob", job.name, "here", job, fields)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "vertex.sqlite")
    seed = random.Random(3)
    for number in range(50):
        put(store, number, seed)
    yield store
    store.close()


def list_names(store, query, between=lambda: None):
    """Return the names on all pages."""
    names, token = [], ""
    while True:
        rows, token = list_page(store, dataclasses.replace(query, page_token=token))
        names += [row.name for row in rows]
        between()
        if not token:
            return names


@pytest.mark.parametrize(
    "order",
    [
        "",
        "create_time",
        "create_time desc",
        "end_time",
        "end_time desc, create_time",
        "endTime asc",
    ],
)
def test_pages_together_are_the_list(store, order):
    query = dataclasses.replace(QUERY, order_by=order)
    whole = list_names(store, dataclasses.replace(query, page_size=1000))
    assert list_names(store, query) == whole
    assert len(set(whole)) == 50


def test_the_newest_come_first_without_an_order(store):
    names = list_names(store, QUERY)
    times = [store.get(name).fields["create_time"] for name in names]
    assert times == sorted(times, reverse=True)


def test_jobs_that_have_not_ended_come_last(store):
    names = list_names(store, dataclasses.replace(QUERY, order_by="end_time"))
    ended = ["end_time" in store.get(name).fields for name in names]
    assert ended == sorted(ended, reverse=True)


def test_jobs_that_come_and_go_between_pages_hide_no_others(store):
    numbers = iter(range(100, 200))
    before = set(list_names(store, QUERY))

    def change():
        number = next(numbers)
        put(store, number, random.Random(number))

    names = list_names(store, QUERY, change)
    assert before <= set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"order_by": "name"}, "Invalid `order_by`: `name`"),
        ({"order_by": "create_time down"}, "Invalid `order_by`"),
        ({"page_size": -1}, "Invalid `page_size`"),
        ({"page_token": "x"}, "Invalid `page_token`"),
    ],
)
def test_what_is_wrong_is_refused(store, changes, problem):
    with pytest.raises(RefusedError, match=problem):
        list_page(store, dataclasses.replace(QUERY, **changes))


def test_a_token_belongs_to_its_filter_and_order(store):
    _, token = list_page(store, QUERY)
    for changes in ({"filter": "labels:a"}, {"order_by": "end_time"}, {"parent": "there"}):
        with pytest.raises(RefusedError, match="Invalid `page_token`"):
            list_page(store, dataclasses.replace(QUERY, page_token=token, **changes))


def test_a_mask_selects_fields_also_in_structs():
    values = {"name": "n", "pipelineSpec": {"pipelineInfo": {"name": "p"}, "root": {}}, "state": 4}
    paths = ["name", "pipeline_spec.pipeline_info", "jobDetail.pipelineContext"]
    expected = {"name": "n", "pipelineSpec": {"pipelineInfo": {"name": "p"}}}
    assert select_fields(values, paths) == expected
    assert select_fields(values, ["*"]) == values
