"""Values that look like credentials are refused, wherever they come from, unless allowed."""

import pytest
from kfp import dsl
from local.steps import say

from kfpkit.configuration import collect_given, find_faults
from kfpkit.project import find_project

API_KEY = "AIza" + "Sy0123456789abcdefghijklmnopqrstuvw"


@dsl.pipeline(name="calling")
def calling(key: str = "", table: dict = {}, password: str = "", names: list = []):  # noqa: B006
    say(text=key)


@pytest.fixture
def find(project):
    """Return a function that lists the faults of a file, variables and options."""

    def find_all(text="", variables=None, options=None, allowed=()):
        settings = f"[tool.kfpkit]\nallow-secrets = {[*allowed]!r}\n"
        root = project({"p/dev.yaml": text, "pyproject.toml": settings})
        given = collect_given(
            root / "p" / "dev.yaml", pipeline=root / "p", variables=variables or {}, options=options
        )
        return find_faults(given, calling.pipeline_spec, project=find_project(root))

    return find_all


@pytest.mark.parametrize(
    ("text", "line", "named"),
    [
        (f"parameters:\n  key: {API_KEY}\n", 2, "`parameters.key` looks like a Google API key"),
        (f"parameters:\n  table:\n    a: [{API_KEY}]\n", 2, "`parameters.table.a` looks like"),
        (f"environment_variables:\n  A: {API_KEY}\n", 2, "`environment_variables.A` looks like"),
        (f"caching: true\n# {API_KEY}\n", 2, "it looks like a Google API key (google-api-key)"),
        ("parameters: {password: x}\n", 1, "`parameters.password` looks like a credential, by its"),
        ("environment_variables: {DB_PASSWORD: x}\n", 1, "`environment_variables.DB_PASSWORD`"),
    ],
)
def test_a_credential_in_a_file_is_refused_with_its_line_and_not_shown(find, text, line, named):
    (fault,) = find(text)
    assert fault.where.line == line
    assert fault.problem.startswith(named)
    assert "write `secret: projects/" in fault.problem
    assert API_KEY not in str(fault)


def test_a_credential_of_a_variable_or_an_option_is_refused(find):
    first, second = find(variables={"KFPKIT_PARAM_KEY": API_KEY}), find(options={"key": API_KEY})
    assert [first[0].where, second[0].where] == ["KFPKIT_PARAM_KEY", "--param"]


@pytest.mark.parametrize(
    "text",
    ["parameters: {password: 48151623}\n", "environment_variables: {DB_PASSWORD: 48151623}\n"],
)
def test_a_credential_of_another_type_is_not_shown(find, text):
    faults = find(text)
    assert "is `***`" in faults[0].problem
    assert "48151623" not in str(faults)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        (f"parameters: {{key: {API_KEY}}}\n", "p/dev.yaml:google-api-key"),
        ("parameters: {password: x}\n", "p/*.yaml:named-credential"),
    ],
)
def test_the_settings_allow_what_is_no_credential(find, text, entry):
    (fault,) = find(text)
    assert f"add `p/dev.yaml:{entry.rpartition(':')[2]}` to `allow-secrets`" in fault.problem
    assert find(text, allowed=[entry]) == []


@pytest.mark.parametrize(
    "text",
    [
        "parameters: {password: ''}\n",
        "parameters: {password: projects/p/secrets/s}\n",
        "parameters: {password: {secret: projects/p/secrets/s}}\n",
        "parameters: {table: {password_column: x, token: '<pad>'}}\n",
    ],
)
def test_references_and_other_names_are_no_credentials(find, text):
    assert find(text) == []


def test_a_file_outside_the_project_is_allowed_by_its_whole_path(find, tmp_path):
    file = tmp_path / "elsewhere.yaml"
    file.write_text("parameters: {password: x}\n")
    given = collect_given(file, pipeline=tmp_path, variables={})
    find()  # writes the project
    project = find_project(tmp_path / "project")
    (fault,) = find_faults(given, calling.pipeline_spec, project=project)
    assert f"add `{file}:named-credential` to `allow-secrets`" in fault.problem
