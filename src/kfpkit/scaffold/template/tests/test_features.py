from my_project.features import measures


def test_a_measure_has_a_mean_and_a_worst_value() -> None:
    columns = ["sample_id", "mean_radius", "worst_radius", "mean_area", "worst_texture"]

    assert measures(columns) == ["radius"]
