import pytest
from components.claims import WITH_SKLEARN
from components.tables import rows

from kfpkit.components.breast_cancer_data import breast_cancer_data

pytestmark = [pytest.mark.slow, pytest.mark.environments(*WITH_SKLEARN)]


@pytest.mark.smoke("breast_cancer_data")
def test_the_data_has_keys_labels_and_names_for_sql(run_component):
    samples = rows(run_component(breast_cancer_data)["data"])

    assert len({row["sample_id"] for row in samples}) == 569
    assert sum(row["malignant"] for row in samples) == 212
    assert len(samples[0]) == 32
    assert all(name.isidentifier() for name in samples[0])
    assert samples[0]["mean_radius"] == 17.99
