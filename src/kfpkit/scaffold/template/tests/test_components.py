from typing import Any

import pytest
from kfpkit.components.breast_cancer_data import breast_cancer_data

from my_project.components import prepare_samples


@pytest.mark.environments("sklearn")
def test_samples_are_prepared(run_component: Any) -> None:
    samples = run_component(breast_cancer_data)["data"]

    prepared = run_component(prepare_samples, samples=samples)["prepared_samples"]

    assert prepared.metadata["rows"] == samples.metadata["rows"]
    assert prepared.metadata["columns"] == samples.metadata["columns"] + 10
