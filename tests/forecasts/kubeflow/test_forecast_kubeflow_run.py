"""Forecasts on Kubeflow, compared with real runs that follow its key."""

import pytest
from forecasts.foreseen import in_words
from forecasts.kubeflow.cluster import Cluster
from kfp import dsl
from local.steps import component, join, number, read, say, write

from kfpkit.forecasts import Answer, forecast_kubeflow_run


@component
def letters(text: str) -> float:
    return float(len(text))


@dsl.pipeline(name="chain")
def chain(word: str = "w", other: str = "o"):
    made = write(text=word)
    read(data=made.outputs["out"])
    say(text=f"{other}!", times=2)
    number(value=letters(text=word).output)


@dsl.pipeline(name="renamed")
def renamed(word: str = "w"):
    write(text=word)


@dsl.pipeline(name="chain")
def uncached(word: str = "w"):
    made = write(text=word).set_caching_options(False)
    read(data=made.outputs["out"])


@dsl.pipeline(name="loops")
def loops(word: str = "w"):
    with dsl.ParallelFor(["a", "b"]) as item:
        say(text=f"{word}-{item}")
    first = say(text=word)
    join(texts=["x", f"<{first.output}>"])
    with dsl.If(first.output == "w"):
        say(text="yes")


@dsl.pipeline(name="steered")
def steered(word: str = "w", go: str = "yes"):
    made = write(text=word)
    with dsl.If(go == "yes"):
        read(data=made.outputs["out"])
        say(text=word)


@dsl.pipeline(name="inner")
def inner(text: str) -> str:
    return say(text=text).output


@dsl.pipeline(name="nested")
def nested(word: str = "w"):
    first = say(text=word)
    inner(text=f"{first.output}-1")
    inner(text=f"{first.output}-2")


@pytest.fixture
def cluster(project):
    return Cluster(project({"pyproject.toml": "[tool.kfpkit]\n"}))


def test_without_earlier_runs_every_task_runs(cluster):
    found = cluster.confirm(chain)
    words = in_words(found)
    assert words.pop("number") == "miss: never"
    assert {*words.values()} == {"miss: never"}
    assert (found.runs, found.successes) == (0, 0)


def test_the_same_run_again_is_a_hit_with_all_that_it_produced(cluster):
    cluster.run(chain)
    found = cluster.confirm(chain)
    assert {task.answer for task in found.tasks} == {Answer.HIT}
    assert {(task.run, task.task) for task in found.tasks} == {
        ("run-0", task.name) for task in found.tasks
    }
    assert (found.runs, found.successes) == (1, 5)


def test_values_count_and_artifacts_of_tasks_that_run_are_new(cluster):
    cluster.run(chain)
    assert in_words(cluster.confirm(chain, word="v")) == {
        "letters": "miss: input text",
        "number": "open: value letters.Output",
        "write": "miss: input text",
        "read": "miss: upstream data",
        "say": "hit",
    }


def test_all_earlier_runs_count(cluster):
    cluster.run(chain)
    cluster.run(chain, word="v")
    answers = {task.answer for task in cluster.confirm(chain).tasks}
    assert answers == {Answer.HIT}


def test_each_earlier_run_counts_with_its_own_parameters(cluster):
    for word, other in (("a", "x"), ("b", "x"), ("b", "y")):
        cluster.run(chain, word=word, other=other)
    found = {task.name: task for task in cluster.confirm(chain, word="a", other="y").tasks}
    runs = {name: task.run for name, task in found.items()}
    assert runs == {
        "letters": "run-0",
        "write": "run-0",
        "read": "run-0",
        "say": "run-2",
        "number": None,
    }
    assert in_words(cluster.forecast(chain, word="c", other="y")) == {
        "letters": "miss: input text",
        "number": "open: value letters.Output",
        "write": "miss: input text",
        "read": "miss: upstream data",
        "say": "hit",
    }


def test_a_parameter_that_decides_which_tasks_run_does_so_for_earlier_runs_too(cluster):
    cluster.run(steered, word="a", go="yes")
    cluster.run(steered, word="b", go="no")
    every = {task.name: task.answer for task in cluster.confirm(steered, word="a").tasks}
    assert {*every.values()} == {Answer.HIT}
    found = in_words(cluster.confirm(steered, word="b"))
    assert found == {
        "write": "hit",
        "read": "miss: input data",
        "say": "miss: input text",
    }


def test_a_value_that_another_run_led_to_is_open(cluster):
    cluster.run(chain)
    found = in_words(cluster.confirm(chain, other="p"))
    assert found["number"] == "open: value letters.Output"
    assert (found["read"], found["letters"]) == ("hit", "hit")


def test_another_pipeline_does_not_share(cluster):
    cluster.run(chain)
    assert in_words(cluster.confirm(renamed)) == {"write": "miss: pipeline chain"}


def test_a_task_without_the_cache_runs_and_so_do_its_dependents(cluster):
    cluster.run(uncached)
    assert in_words(cluster.confirm(uncached)) == {
        "write": "miss: off",
        "read": "miss: upstream data",
    }


def test_loops_conditions_and_strings_around_values(cluster):
    cluster.run(loops)
    again = cluster.confirm(loops)
    assert [task.name for task in again.tasks if task.answer is Answer.MISS] == []
    assert sum(task.answer is Answer.HIT for task in again.tasks) >= 4
    other = {task.name: task.answer for task in cluster.confirm(loops, word="v").tasks}
    assert Answer.HIT not in {other[name] for name in other if name != "condition-2/say-3"}


def test_strings_around_a_value_are_told_apart(cluster):
    cluster.run(nested)
    found = cluster.confirm(nested)
    assert {task.answer for task in found.tasks} == {Answer.HIT}
    tasks = {task.name: task.task for task in found.tasks}
    assert all(name == own for name, own in tasks.items())


def test_tasks_of_failed_runs_count_and_those_that_failed_do_not(cluster):
    cluster.run(chain)
    details = cluster.runs[0]["run_details"]["task_details"]
    for each in details:
        if each["display_name"] == "say":
            each["state"] = "FAILED"
    found = in_words(cluster.forecast(chain))
    assert found["say"] == "miss: never"
    assert found["write"] == "hit"


def test_an_own_key_replaces_everything_else(cluster):
    planned = cluster.plan(renamed)
    options = {"enableCache": True, "cacheKey": "mine"}
    planned["pipeline_spec"]["root"]["dag"]["tasks"]["write"]["cachingOptions"] = options
    done = {
        **planned,
        "run_id": "1",
        "run_details": {"task_details": [{"display_name": "write", "state": "SUCCEEDED"}]},
    }
    changed = {**planned, "runtime_config": {"parameters": {"word": "v"}}}
    assert in_words(forecast_kubeflow_run(changed, [done])) == {"write": "hit"}


def mount(planned, volume):
    settings = {"exec-write": {"pvcMount": [{"mountPath": "/data", **volume}]}}
    platform = {"platforms": {"kubernetes": {"deploymentSpec": {"executors": settings}}}}
    content = {"pipeline_spec": planned["pipeline_spec"], "platform_spec": platform}
    return {**planned, "pipeline_spec": content}


def test_volumes_count_and_unknown_ones_are_not_predicted(cluster):
    plain = cluster.plan(renamed)
    details = {"task_details": [{"display_name": "write", "state": "SUCCEEDED"}]}
    known = {"pvcNameParameter": {"runtimeValue": {"constant": "data"}}}
    done = {**mount(plain, known), "run_id": "1", "run_details": details}
    dynamic = {"taskOutputParameter": {"producerTask": "make", "outputParameterKey": "name"}}

    def forecast(planned):
        return in_words(forecast_kubeflow_run(planned, [done]))["write"]

    assert forecast(mount(plain, known)) == "hit"
    assert forecast(plain) == "miss: volumes"
    assert forecast(mount(plain, {"constant": "other"})) == "miss: volumes"
    assert forecast(mount(plain, dynamic)) == "not predicted: volume"


def test_runs_whose_pipeline_cannot_be_read_are_left_out(cluster):
    cluster.run(chain)
    cluster.runs.insert(0, {"run_id": "1", "pipeline_version_reference": {"pipeline_id": "p"}})
    cluster.runs.insert(0, {"run_id": "2", "pipeline_spec": {"apiVersion": "argoproj.io/v1alpha1"}})
    found = cluster.forecast(chain)
    assert found.runs == 1
    assert {task.answer for task in found.tasks} == {Answer.HIT}
