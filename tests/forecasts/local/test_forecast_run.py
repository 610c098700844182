"""What is forecast is what `kfpkit run` then does, task by task."""

import json
from typing import Optional

import pytest
from forecasts.foreseen import Foresight, in_words
from kfp import dsl
from local.steps import component, join, number, read, read_all, say, write

from kfpkit.forecasts import Answer


@pytest.fixture
def foresight(project):
    return Foresight(project({}))


@component
def letters(text: str) -> float:
    return float(len(text))


@component
def split(text: str) -> list:
    return text.split(",")


@component
def pass_on(data: dsl.Input[dsl.Dataset], word: str, out: dsl.Output[dsl.Dataset]):
    out.uri = data.uri
    out.metadata["letters"] = 1


@dsl.pipeline(name="chain")
def chain(word: str = "w", other: str = "o"):
    made = write(text=word)
    read(data=made.outputs["out"])
    say(text=f"{other}!")
    number(value=letters(text=word).output)


def test_a_first_run_has_no_hits(foresight):
    assert set(foresight.confirm(chain).values()) == {"miss: never"}


def test_what_has_run_is_a_hit(foresight):
    run = foresight.run(chain)
    forecast = foresight.forecast(chain)
    assert {task.answer for task in forecast.tasks} == {Answer.HIT}
    assert {task.run for task in forecast.tasks} == {run.folder.path.name}
    assert (forecast.pipeline, forecast.target, forecast.successes) == ("chain", "local", 5)
    foresight.confirm(chain)


def test_a_changed_input_and_what_follows_from_it_are_told_apart(foresight):
    foresight.run(chain)
    assert foresight.confirm(chain, {"word": "v"}) == {
        "letters": "miss: input text",
        "number": "open: value letters.Output",
        "write": "miss: input text",
        "read": "miss: upstream data",
        "say": "hit",
    }
    assert foresight.confirm(chain, {"other": "p"})["say"] == "miss: input text"


def test_every_earlier_run_counts(foresight):
    foresight.run(chain)
    foresight.run(chain, {"word": "v", "other": "p"})
    assert set(foresight.confirm(chain, {"other": "p"}).values()) == {"hit"}


def test_a_forecast_leaves_nothing_behind(foresight):
    foresight.run(chain)
    before = sorted(foresight.root.rglob("*"))
    foresight.forecast(chain, {"word": "v"})
    assert sorted(foresight.root.rglob("*")) == before


def test_without_the_cache_every_task_runs(foresight):
    foresight.run(chain)
    assert set(foresight.confirm(chain, caching=False).values()) == {"miss: off"}


@component
def again(text: str) -> str:
    return text


first = again


@component
def again(text: str) -> str:
    return f"{text}"


second = again


@component
def again(text: str) -> str:
    return str(text)


def repeat(step):
    @dsl.pipeline(name="repeating")
    def repeating(word: str = "w"):
        step(text=say(text=word).output)

    return repeating


def test_code_that_never_ran_misses_although_an_input_is_open(foresight):
    foresight.run(repeat(first))
    foresight.run(repeat(second), {"word": "v"})
    assert foresight.confirm(repeat(first), {"word": "u"})["again"] == "open: value say.Output"
    assert foresight.confirm(repeat(again), {"word": "t"})["again"] == "miss: code again"


def test_variables_are_a_reason(foresight):
    foresight.run(chain)
    found = foresight.confirm(chain, environment_variables={"MODE": "fast"})
    assert found["say"] == "miss: variables"
    assert found["read"] == "miss: variables, upstream data"


def test_outputs_that_changed_are_a_reason(foresight):
    run = foresight.run(chain)
    (run.folder.path / "artifacts" / "write" / "out").write_text("by hand")
    found = foresight.confirm(chain)
    assert (found["write"], found["read"]) == ("miss: outputs", "miss: upstream data")
    assert found["say"] == "hit"


def test_an_artifact_that_a_task_passes_on_is_open(foresight):
    @dsl.pipeline(name="passing")
    def passing(word: str = "w"):
        made = write(text="a")
        read(data=pass_on(data=made.output, word=word).outputs["out"])

    foresight.run(passing)
    # Its address is the one that `write` made, so the consumer is a hit, against all appearances.
    assert foresight.confirm(passing, {"word": "v"}) == {
        "write": "hit",
        "pass-on": "miss: input word",
        "read": "open: value pass-on.out",
    }


def test_conditions_are_decided_where_their_values_are_known(foresight):
    @dsl.pipeline(name="deciding")
    def deciding(word: str = "w", limit: int = 3):
        with dsl.If(limit > 2):
            say(text="known")
        with dsl.Else():
            say(text="otherwise")
        count = letters(text=word)
        with dsl.If(count.output > 1.0):
            say(text="counted")

    foresight.confirm(deciding)
    assert foresight.confirm(deciding) == {
        "letters": "hit",
        "say": "hit",
        "say-2": "skipped: condition condition-3",
        "say-3": "skipped: condition condition-4",
    }
    found = foresight.confirm(deciding, {"word": "more", "limit": "1"})
    assert found["say-3"] == "open: condition letters.Output, never"
    assert (found["say"], found["say-2"][:4]) == (
        "skipped: condition condition-2",
        "miss",
    )


def test_loops_have_iterations_where_their_items_are_known(foresight):
    @dsl.pipeline(name="looping")
    def looping(words: list = ["a", "b"], listed: str = "x,y"):  # noqa: B006 - KFP's way
        with dsl.ParallelFor(words) as word:
            made = write(text=word)
        read_all(data=dsl.Collected(made.outputs["out"]))
        with dsl.ParallelFor(split(text=listed).output) as part:
            say(text=part)

    foresight.confirm(looping)
    assert set(foresight.confirm(looping).values()) == {"hit"}
    found = foresight.confirm(looping, {"words": '["a", "c"]', "listed": "x,z"})
    assert found == {
        "for-loop-1/0/write": "hit",
        "for-loop-1/1/write": "miss: input text",
        "read-all": "miss: upstream data",
        "split": "miss: input text",
        "for-loop-2": "open: value split.Output",
    }


def test_what_an_exit_handler_does_is_foreseen(foresight):
    @component
    def report(status: dsl.PipelineTaskFinalStatus):
        assert status.state == "SUCCEEDED"

    @dsl.pipeline(name="handled")
    def handled(word: str = "w"):
        with dsl.ExitHandler(report()):
            say(text=word)

    foresight.run(handled)
    assert foresight.confirm(handled) == {"say": "hit", "report": "miss: off"}


def test_an_importer_is_not_predicted_but_its_artifact_is_known(foresight):
    @dsl.pipeline(name="importing")
    def importing(place: str = "gs://bucket/a"):
        data = dsl.importer(artifact_uri=place, artifact_class=dsl.Dataset, reimport=False)
        note(data=data.output)

    foresight.run(importing)
    assert foresight.confirm(importing) == {"importer": "not predicted: importer", "note": "hit"}
    assert foresight.confirm(importing, {"place": "gs://bucket/b"})["note"] == "miss: input data"


def test_a_reimported_artifact_is_another_one_in_each_run(foresight):
    @dsl.pipeline(name="reimporting")
    def reimporting():
        data = dsl.importer(artifact_uri="gs://b/a", artifact_class=dsl.Dataset, reimport=True)
        note(data=data.output)

    foresight.run(reimporting)
    assert foresight.confirm(reimporting)["note"] == "miss: upstream data"


def test_a_table_that_is_filled_anew_is_another_artifact(foresight):
    @dsl.pipeline(name="filling")
    def filling(text: str = "a"):
        note(data=fill(text=text).outputs["table"])

    foresight.run(filling)
    assert foresight.confirm(filling) == {"fill": "hit", "note": "hit"}
    assert foresight.confirm(filling, {"text": "b"}) == {
        "fill": "miss: input text",
        "note": "miss: upstream data",
    }


@component
def fill(text: str, table: dsl.Output[dsl.Dataset]):
    assert text
    table.uri = "bq://p.d.t"


@component
def note(data: dsl.Input[dsl.Dataset]) -> str:
    return data.uri


def test_retries_change_nothing(foresight):
    @dsl.pipeline(name="retried")
    def retried():
        say(text="a").set_retry(3)

    foresight.run(retried)
    assert foresight.confirm(retried) == {"say": "hit"}


def test_tasks_that_do_the_same_are_open_unless_one_follows_the_other(foresight):
    @dsl.pipeline(name="twins")
    def twins():
        first = say(text="a")
        say(text="a").after(first)
        say(text="b")
        say(text="b")

    assert foresight.confirm(twins) == {
        "say": "miss: never",
        "say-2": "hit",
        "say-3": "open: same say-4",
        "say-4": "open: same say-3",
    }


def test_a_fact_of_the_run_is_new_each_time(foresight):
    @dsl.pipeline(name="facts")
    def facts():
        say(text=dsl.PIPELINE_JOB_NAME_PLACEHOLDER)
        say(text=dsl.PIPELINE_TASK_NAME_PLACEHOLDER)

    foresight.run(facts)
    assert foresight.confirm(facts) == {"say": "miss: input text", "say-2": "hit"}


def test_the_authors_own_key_does_not_depend_on_inputs(foresight):
    @dsl.pipeline(name="own")
    def own(word: str = "w"):
        task = number(value=letters(text=word).output)
        task.set_caching_options(True, cache_key="mine")

    foresight.run(own)
    assert foresight.confirm(own, {"word": "other"})["number"] == "hit"


def test_pipelines_in_pipelines_are_followed(foresight):
    @dsl.pipeline(name="inner")
    def inner(word: str) -> str:
        return say(text=word).output

    @dsl.pipeline(name="outer")
    def outer(word: str = "w"):
        join(texts=[inner(word=word).output, "end"])

    foresight.run(outer)
    assert foresight.confirm(outer) == {"inner/say": "hit", "join": "hit"}
    assert foresight.confirm(outer, {"word": "v"}) == {
        "inner/say": "miss: input text",
        "join": "open: value inner/say.Output",
    }


def test_a_task_that_would_fail_is_not_predicted(foresight):
    @dsl.pipeline(name="failing")
    def failing(word: Optional[str] = None):  # noqa: UP045 - KFP reads no other form
        say(text=say(text=word).output)
        say(text="apart")

    found = in_words(foresight.forecast(failing))
    assert found.pop("say").startswith("not predicted: failure `word` is `None`, but the task")
    assert found == {"say-2": "not predicted: upstream failure", "say-3": "miss: never"}


def test_entries_of_unknown_inputs_leave_it_open(foresight):
    foresight.run(chain)
    (foresight.root / ".kfpkit" / "cache" / f"{'0' * 64}.json").write_text(json.dumps({}))
    found = foresight.confirm(chain, {"word": "v"})
    assert found["read"] == "open: value write.out"
