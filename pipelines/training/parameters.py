"""What the parameters of the pipeline must be."""

from pydantic import BaseModel, Field


class Parameters(BaseModel):
    """The parameters of the pipeline `training`. Their defaults are in `pipeline.py`."""

    dataset: str = Field(pattern=r"^[A-Za-z0-9_]+$")
    test_fraction: float = Field(gt=0, lt=1)
