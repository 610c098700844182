import pytest

from kfpkit.specification.execution.templates import fill, fill_all

ANSWERS = {
    "": lambda: "{}",
    "inputs.parameters['text']": lambda: "a {{$.pipeline_job_name}}",
    "pipeline_job_name": lambda: "run-1",
}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("no placeholder", "no placeholder"),
        ("{{$}}", "{}"),
        ("<{{$.pipeline_job_name}}|{{$.pipeline_job_name}}>", "<run-1|run-1>"),
        ("{{$.inputs.parameters['text']}}!", "a {{$.pipeline_job_name}}!"),
        ("{{$.inputs.parameters[''text'']}}", "a {{$.pipeline_job_name}}"),
        ('{{$.inputs.parameters["text"]}}', "a {{$.pipeline_job_name}}"),
        ("{{ jinja }} {{$.price}}", "{{ jinja }} {{$.price}}"),
    ],
)
def test_placeholders_are_filled_once_and_other_text_stays(text, filled):
    assert fill(text, ANSWERS) == filled


@pytest.mark.parametrize(
    "text",
    [
        "{{$.inputs.parameters['other']}}",
        "{{$.outputs.artifacts['data'].path}}",
        "{{$.json_escape[1]}}",
    ],
)
def test_a_placeholder_that_stands_for_nothing_is_refused(text):
    with pytest.raises(ValueError, match="is undefined"):
        fill(f"x {text}", ANSWERS)


def test_values_are_filled_at_any_depth():
    job = "{{$.pipeline_job_name}}"
    assert fill_all([job, {job: [1, None, job]}], ANSWERS) == [
        "run-1",
        {"run-1": [1, None, "run-1"]},
    ]
