"""Components are tested in every environment that holds what they import."""

from pathlib import Path

import pytest
from components.claims import WITH_SKLEARN

from kfpkit.authoring.home import active_project
from kfpkit.components.apply_transformer import apply_transformer
from kfpkit.components.batch_predict import batch_predict
from kfpkit.components.breast_cancer_data import breast_cancer_data
from kfpkit.components.compare_data import compare_data
from kfpkit.components.evaluate_model import evaluate_model
from kfpkit.components.fit_transformer import fit_transformer
from kfpkit.components.import_file import import_file
from kfpkit.components.infer_schema import infer_schema
from kfpkit.components.profile_data import profile_data
from kfpkit.components.select_model import select_model
from kfpkit.components.split_data import split_data
from kfpkit.components.train_model import train_model
from kfpkit.components.validate_data import validate_data
from kfpkit.environments import list_environments
from kfpkit.errors import BundleError
from kfpkit.project.project import find_project
from kfpkit.testing.selection import match_environments

PROJECT = find_project(Path(__file__))


def compiles(component, environment):
    try:
        return bool(component.in_environment(environment).pipeline_spec)
    except BundleError:
        return False


@pytest.mark.parametrize(
    ("component", "claims"),
    [
        (apply_transformer, WITH_SKLEARN),
        (batch_predict, WITH_SKLEARN),
        (breast_cancer_data, WITH_SKLEARN),
        (compare_data, WITH_SKLEARN),
        (evaluate_model, WITH_SKLEARN),
        (fit_transformer, WITH_SKLEARN),
        (import_file, ["*"]),
        (infer_schema, ["*"]),
        (profile_data, WITH_SKLEARN),
        (select_model, ["*"]),
        (split_data, ["*"]),
        (train_model, WITH_SKLEARN),
        (validate_data, ["gcp"]),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_a_component_claims_every_environment_that_it_compiles_for(component, claims):
    names = [found.name for found in list_environments(PROJECT) if found.description.has_image]

    with active_project(PROJECT):
        fitting = {name for name in names if compiles(component, name)}

    assert fitting == set(match_environments(PROJECT, claims))
