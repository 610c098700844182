"""What the parameters of the pipeline must be."""

from typing import Literal

from pydantic import BaseModel, Field


class Parameters(BaseModel):
    """The parameters of the pipeline `batch_prediction`. Their defaults are in `pipeline.py`."""

    source: str = Field(min_length=1)
    model: str = Field(min_length=1)
    library: Literal["scikit-learn", "xgboost", "lightgbm", "catboost", "keras"]
    reference: str = Field(min_length=1)
    key: str = Field(min_length=1)
    columns: list[str] = Field(min_length=1)
    destination: str = Field(pattern=r"^([\w-]+\.)?\w+\.\w+$")
