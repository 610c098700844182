"""The table has what the configurations name."""

from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from kfpkit.components.import_file import import_file

ROOT = Path(__file__).parents[1]
CONFIGURATIONS = sorted((ROOT / "pipelines" / "training" / "config").glob("*.yaml"))


@pytest.mark.environments("sklearn")
@pytest.mark.parametrize("file", CONFIGURATIONS, ids=lambda file: file.name)
def test_the_table_has_the_columns_that_a_configuration_names(
    run_component: Any, file: Path
) -> None:
    """Read the table as the pipeline does."""
    parameters = yaml.safe_load(file.read_text(encoding="utf-8"))["parameters"]

    done = run_component(import_file, source=str(ROOT / parameters["source"]))

    columns = done["data"].metadata["columns"]
    assert {parameters["key"], parameters["target"], *parameters.get("slices", [])} <= set(columns)
