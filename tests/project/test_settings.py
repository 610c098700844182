"""The `[tool.kfpkit]` table."""

import dataclasses

import pytest

from kfpkit.project.settings import READERS, Settings, SettingsProblems, read_settings


def test_an_empty_table_gives_the_defaults():
    assert read_settings({}) == Settings()


def test_each_setting_has_a_key_and_each_key_a_setting():
    fields = [field.name.replace("_", "-") for field in dataclasses.fields(Settings)]

    assert fields == list(READERS)


def test_values_are_read():
    table = {
        "source-roots": ["lib"],
        "environments": "images",
        "registry": "eu.pkg.dev/p/r",
        "allow-secrets": ["src/a b.py:google-api-key"],
    }

    assert read_settings(table) == Settings(
        source_roots=("lib",),
        environments="images",
        registry="eu.pkg.dev/p/r",
        allow_secrets=("src/a b.py:google-api-key",),
    )


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({"registri": "x"}, "registri: unknown key; did you mean `registry`?"),
        ({"source_roots": ["x"]}, "source_roots: unknown key; did you mean `source-roots`?"),
        ({"xyz": 1}, "xyz: unknown key; known keys: source-roots, environments, registry, allow-"),
        ({"source-roots": "src"}, "source-roots: must be a list of strings, not `src`"),
        ({"source-roots": ["src", 1]}, "source-roots: must be a list of strings, not `['src', 1]`"),
        ({"environments": 7}, "environments: must be a string, not `7`"),
        ({"registry": ["r"]}, "registry: must be a string, not `['r']`"),
        ({"allow-secrets": [":kind"]}, "allow-secrets: `:kind` is not `PATH:KIND`, such as `src/"),
        ({"allow-secrets": ["a.py:"]}, "allow-secrets: `a.py:` is not `PATH:KIND`, such as `src/"),
        ({"allow-secrets": "a.py:k"}, "allow-secrets: must be a list of strings, not `a.py:k`"),
    ],
)
def test_a_wrong_key_or_value_is_named(table, problem):
    with pytest.raises(SettingsProblems) as refused:
        read_settings(table)

    [told] = refused.value.problems
    assert told.startswith(f"[tool.kfpkit] {problem}")


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(SettingsProblems) as refused:
        read_settings({"registry": 1, "environments": 2})

    assert len(refused.value.problems) == 2
