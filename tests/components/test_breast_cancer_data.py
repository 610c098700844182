import pytest

from kfpkit.components.breast_cancer_data import breast_cancer_data

pytestmark = pytest.mark.slow


def test_the_data_has_keys_labels_and_names_for_sql(run_component):
    rows = run_component(breast_cancer_data)["data"].rows

    assert len({row["sample_id"] for row in rows}) == 569
    assert sum(row["malignant"] for row in rows) == 212
    assert len(rows[0]) == 32
    assert all(name.isidentifier() for name in rows[0])
    assert rows[0]["mean_radius"] == 17.99
