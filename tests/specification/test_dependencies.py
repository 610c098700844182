from kfp import dsl
from local.steps import read, say, write

from kfpkit.specification.dependencies import find_dependencies, sort_tasks


@dsl.pipeline(name="depending")
def depending():
    first = say(text="a").set_display_name("last in the alphabet: z")
    second = write(text=first.output)
    third = read(data=second.outputs["out"]).after(first)
    say(text="b").set_memory_limit(third.output).after(second)


def test_a_task_depends_on_what_it_names_and_on_what_its_inputs_come_from():
    tasks = depending.pipeline_spec.root.dag.tasks
    # KFP's compiler does not name the task that a resource comes from.
    assert list(tasks["say-2"].dependent_tasks) == ["write"]
    assert {name: find_dependencies(task) for name, task in tasks.items()} == {
        "say": [],
        "write": ["say"],
        "read": ["say", "write"],
        "say-2": ["read", "write"],
    }


def test_tasks_come_after_those_that_they_depend_on():
    tasks = depending.pipeline_spec.root.dag.tasks
    assert list(sort_tasks(tasks)) == ["say", "write", "read", "say-2"]
