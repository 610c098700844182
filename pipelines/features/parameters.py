"""What the parameters of the pipeline must be."""

from pydantic import BaseModel, Field

BUCKET = r"^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$"


class Parameters(BaseModel):
    """The parameters of the pipeline `features`. Their defaults are in `pipeline.py`."""

    query: str = Field(min_length=1)
    key: str = Field(min_length=1)
    target: str = Field(min_length=1)
    version: str = Field(pattern=r"^\w+$")
    dataset: str = Field(pattern=r"^([\w-]+\.)?\w+$")
    staging: str = Field(pattern=BUCKET)
    published: str = Field(pattern=BUCKET)
