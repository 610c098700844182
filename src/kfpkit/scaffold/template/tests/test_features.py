import pandas as pd
import pytest

from my_project.features import add_spreads


@pytest.mark.environments("sklearn")
def test_a_spread_is_the_worst_value_less_the_mean() -> None:
    samples = pd.DataFrame({"mean_radius": [10.0, 12.0], "worst_radius": [14.0, 12.5]})

    assert list(add_spreads(samples)["spread_radius"]) == [4.0, 0.5]
