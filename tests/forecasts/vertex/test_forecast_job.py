"""Forecasts from earlier jobs of Vertex AI, sentence by sentence of its documentation."""

import pytest
from forecasts.foreseen import in_words
from forecasts.vertex.jobs import describe_task, finish, make_job
from kfp import dsl
from local.steps import component, join, say, write

from kfpkit.forecasts import Answer, forecast_job


@component
def letters(text: str) -> float:
    return float(len(text))


@component
def number(value: float) -> float:
    return value


@component
def read(data: dsl.Input[dsl.Dataset]) -> str:
    return data.uri


@dsl.pipeline(name="chain")
def chain(word: str = "w", other: str = "o", factor: float = 2.0):
    made = write(text=word)
    read(data=made.outputs["out"])
    say(text=f"{other}!", times=2)
    number(value=letters(text=word).output)


def tasks(word="w", other="o", made="7", *, read_hit=False):
    """Return the tasks of a run of the chain."""
    state = {"state": "SKIPPED", "execution": "CACHED"} if read_hit else {}
    return (
        describe_task("write", given={"text": word}, made={"out": made}),
        describe_task("read", artifacts={"data": made}, returned={"Output": "r"}, **state),
        describe_task("say", given={"text": f"{other}!", "times": 2.0}),
        describe_task("letters", given={"text": word}, returned={"Output": float(len(word))}),
        describe_task("number", given={"value": float(len(word))}),
    )


@pytest.fixture
def job(tmp_path):
    return lambda pipeline=chain, **parameters: make_job(pipeline, tmp_path, **parameters)


def forecast(new, *earlier):
    return in_words(forecast_job(new, earlier))


def test_what_ran_with_the_same_inputs_is_a_hit(job):
    found = forecast_job(job(), [finish(job(), "r1", *tasks())], target="prod")
    assert {task.answer for task in found.tasks} == {Answer.HIT}
    assert {(task.run, task.task) for task in found.tasks} == {
        ("r1", task.name) for task in found.tasks
    }
    assert (found.target, found.successes, found.runs) == ("prod", 5, 1)


def test_without_earlier_runs_every_task_runs(job):
    assert set(forecast(job()).values()) == {"miss: never"}


def test_values_of_parameters_count_and_new_artifacts_have_new_ids(job):
    assert forecast(job(word="v"), finish(job(), "r1", *tasks())) == {
        "letters": "miss: input text",
        "number": "open: value letters.Output",
        "write": "miss: input text",
        "read": "miss: upstream data",
        "say": "hit",
    }


def test_all_earlier_runs_count_and_tasks_of_failed_runs_too(job):
    first = finish(job(), "r1", *tasks())
    second = finish(job(), "r2", *tasks(word="v", other="p", made="8"))
    third = finish(job(), "r3", describe_task("write", state="FAILED", given={"text": "u"}))
    assert set(forecast(job(other="p"), first, second, third).values()) == {"hit"}
    assert forecast(job(word="u"), first, second, third)["write"] == "miss: input text"


def test_a_task_that_was_a_hit_counts(job):
    first, *rest = tasks(read_hit=True)
    assert forecast(job(), finish(job(), "r1", first, *rest))["read"] == "hit"
    skipped = describe_task("read", state="SKIPPED", execution="NEW", artifacts={"data": "7"})
    assert forecast(job(), finish(job(), "r1", first, skipped))["read"] == "miss: never"


def test_ids_of_artifacts_count(job):
    made = tasks()[0]
    other = describe_task("read", artifacts={"data": "6"})
    assert forecast(job(), finish(job(), "r1", made, other))["read"] == "miss: input data"


def test_another_pipeline_shares_nothing(job):
    renamed = dsl.pipeline(name="renamed")(chain.pipeline_func)
    found = forecast(job(renamed), finish(job(), "r1", *tasks()))
    assert (found["write"], found["read"]) == ("miss: pipeline chain", "miss: pipeline chain")


@component
def greet(text: str) -> str:
    return text


first_greet = greet


@component
def greet(text: str) -> str:
    return f"{text}!"


def greeting(step, *, caching=True, image=None, **variables):
    @dsl.pipeline(name="greeting")
    def pipeline(word: str = "w"):
        task = step(text=word).set_caching_options(caching)
        for name, value in variables.items():
            task.set_env_variable(name, value)
        if image:
            task.set_container_image(image)
        task.set_cpu_limit("2")

    return pipeline


def greeted(job, pipeline):
    return finish(job(pipeline), "r1", describe_task("greet", given={"text": "w"}))


@pytest.mark.parametrize(
    ("pipeline", "expected"),
    [
        (greeting(first_greet), "hit"),
        (greeting(greet), "miss: code greet"),
        (greeting(first_greet, MODE="fast"), "miss: variables"),
        (greeting(first_greet, image="python:3.12"), "miss: image python:3.12"),
        (greeting(first_greet, caching=False), "miss: off"),
    ],
)
def test_the_component_counts_and_its_machine_does_not(job, pipeline, expected):
    assert forecast(job(pipeline), greeted(job, greeting(first_greet))) == {"greet": expected}


def test_code_of_no_earlier_run_misses_although_an_input_is_open(job):
    def made(step):
        @dsl.pipeline(name="two")
        def two(word: str = "w"):
            step(text=say(text=word).output)

        return two

    earlier = finish(
        job(made(first_greet)),
        "r1",
        describe_task("say", given={"text": "w", "times": 1.0}, returned={"Output": "w"}),
        describe_task("greet", given={"text": "w"}),
    )
    assert forecast(job(made(greet), word="v"), earlier)["greet"] == "miss: code greet"
    assert forecast(job(made(first_greet), word="v"), earlier)["greet"] == "open: value say.Output"
    assert forecast(job(made(first_greet)), earlier)["greet"] == "hit"


def test_what_the_service_did_not_tell_is_not_guessed(job):
    untold = describe_task("say", given={"text": "o!"})
    assert forecast(job(), finish(job(), "r1", untold))["say"] == "open: untold times"


def test_loops_and_conditions_are_followed(job):
    @dsl.pipeline(name="loops")
    def loops(words: list = ["a"], limit: int = 3):  # noqa: B006 - KFP's way
        with dsl.ParallelFor(["x", "y"]) as item:
            made = say(text=item, times=1)
        join(texts=dsl.Collected(made.output))
        with dsl.If(limit > 2):
            letters(text="a")
        with dsl.ParallelFor(words) as word:
            say(text=word)

    def said(text):
        return describe_task("say", given={"text": text, "times": 1.0}, returned={"Output": text})

    earlier = finish(
        job(loops),
        "r1",
        *map(said, "xy"),
        describe_task("join", given={"texts": ["x", "y"]}),
        describe_task("letters", given={"text": "a"}),
    )
    assert forecast(job(loops), earlier) == {
        "for-loop-2/0/say": "hit",
        "for-loop-2/1/say": "hit",
        "join": "hit",
        "letters": "hit",
        "for-loop-4/0/say-2": "not predicted: dynamic loop",
    }
    assert forecast(job(loops, limit=1.0), earlier)["letters"] == "skipped: condition condition-3"


def test_what_the_documentation_does_not_say_is_not_predicted(job):
    @component
    def report(status: dsl.PipelineTaskFinalStatus):
        assert status.state

    @component
    def maybe(data: dsl.Input[dsl.Dataset] = None):
        assert data is None

    @dsl.pipeline(name="unknown")
    def unknown():
        with dsl.ExitHandler(report()):
            data = dsl.importer(artifact_uri="gs://a/b", artifact_class=dsl.Dataset)
            read(data=data.output)
            maybe()
        say(text="a").set_caching_options(True, cache_key="mine")

    assert forecast(job(unknown), finish(job(unknown), "r1")) == {
        "importer": "not predicted: importer",
        "read": "miss: never",
        "maybe": "not predicted: optional artifact",
        "report": "not predicted: exit handler",
        "say": "not predicted: own key",
    }


def test_tasks_of_one_name_are_told_apart_by_the_pipelines_around_them(job):
    @dsl.pipeline(name="one")
    def one(word: str):
        say(text=word)

    @dsl.pipeline(name="two")
    def two(word: str):
        letters(text=word)
        say(text=word, times=3)

    @dsl.pipeline(name="outer")
    def outer():
        one(word="a")
        two(word="b")

    earlier = finish(
        job(outer),
        "r1",
        describe_task("one", number=11, parent=1),
        describe_task("two", number=12, parent=1),
        describe_task("say", parent=11, given={"text": "a", "times": 1.0}),
        describe_task("say", parent=12, given={"text": "b", "times": 3.0}),
    )
    found = forecast(job(outer), earlier)
    assert found == {"one/say": "hit", "two/letters": "miss: never", "two/say": "hit"}
