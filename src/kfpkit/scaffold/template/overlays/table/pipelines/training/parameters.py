"""What the parameters of the pipeline must be. kfpkit checks them before a run starts."""

from typing import Literal

from pydantic import BaseModel, Field


class Parameters(BaseModel):
    """The parameters of the pipeline `training`. Their defaults are in `pipeline.py`."""

    source: str = Field(min_length=1)
    key: str = Field(min_length=1)
    target: str = Field(min_length=1)
    task: Literal["binary", "multiclass", "regression"]
    metric: str = Field(min_length=1)
    split_method: Literal["hash", "group", "time"]
    test_fraction: float = Field(gt=0, lt=1)
