"""What the parameters of the pipeline must be. kfpkit checks them before a run starts."""

from typing import Literal

from pydantic import BaseModel, Field


class Parameters(BaseModel):
    """The parameters of the pipeline `training`. Their defaults are in `pipeline.py`."""

    estimator: Literal["logistic_regression", "random_forest"]
    test_fraction: float = Field(gt=0, lt=1)
