"""The catalogue as data says what the components say, and where they compile."""

from __future__ import annotations

from pathlib import Path

import pytest

from kfpkit.catalogue import find_entry, list_entries
from kfpkit.components import fit_transformer, select_model, storage_copy
from kfpkit.errors import BundleError, UnknownCatalogueComponentError
from kfpkit.project.project import find_project

PROJECT = find_project(Path(__file__))
COMPONENTS = Path(__file__).parents[2] / "src" / "kfpkit" / "components"


@pytest.fixture(scope="module")
def entries():
    return {entry.name: entry for entry in list_entries(PROJECT)}


def test_every_component_is_listed_with_purpose_inputs_and_outputs(entries):
    assert list(entries) == sorted(file.stem for file in COMPONENTS.glob("[a-z]*.py"))
    for entry in entries.values():
        assert entry.purpose.endswith((".", ":")), entry.purpose
        assert entry.outputs
        assert all(port.description for port in (*entry.inputs, *entry.outputs)), entry.name


@pytest.mark.parametrize("component", [fit_transformer, select_model, storage_copy])
def test_a_component_runs_where_it_compiles(entries, component):
    names = {place.name for place in entries[component.name.replace("-", "_")].environments}

    for name in ("gcp", "sklearn", "tensorflow"):
        try:
            compiles = bool(component.in_environment(name).pipeline_spec)
        except BundleError:
            compiles = False
        assert (name in names) == compiles


def test_an_entry_has_the_types_of_python(entries):
    inputs = {port.name: port for port in entries["train_model"].inputs}

    assert (inputs["train_data"].type, inputs["train_data"].is_artifact) == ("Dataset", True)
    assert (inputs["seed"].type, inputs["seed"].default) == ("int", 0)
    assert inputs["class_weights"].type == "dict[str, float]"
    assert inputs["transformer"].is_optional
    assert {port.name: port.type for port in entries["select_model"].inputs}["models"] == (
        "list[Model]"
    )


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["drift"], {"compare_data"}),
        (["Parquet", "table_snapshot"], set()),
        (["lightgbm", "split"], {"split_data"}),
    ],
)
def test_entries_match_all_words_in_any_case(entries, words, found):
    matching = {name for name, entry in entries.items() if entry.matches(words)}

    assert matching >= found
    assert found or not matching


def test_a_project_without_environments_is_offered_kfpkits(project):
    entry = find_entry("split_data", find_project(project({})))

    assert "sklearn" in {place.name for place in entry.environments}
    assert not any(place.in_project for place in entry.environments)


def test_an_unknown_component_is_refused():
    with pytest.raises(UnknownCatalogueComponentError, match="Did you mean `train_model`") as error:
        find_entry("train_models", PROJECT)

    assert error.value.name == "train_models"
