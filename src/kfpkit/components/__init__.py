"""The catalogue: one component per file, named after it.

    from kfpkit.components import split_data, train_model

A component's file is imported when its name is asked for, and ships without its neighbours.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kfpkit.components.apply_transformer import apply_transformer as apply_transformer
    from kfpkit.components.batch_predict import batch_predict as batch_predict
    from kfpkit.components.bigquery_extract import bigquery_extract as bigquery_extract
    from kfpkit.components.bigquery_load import bigquery_load as bigquery_load
    from kfpkit.components.bigquery_query import bigquery_query as bigquery_query
    from kfpkit.components.breast_cancer_data import breast_cancer_data as breast_cancer_data
    from kfpkit.components.compare_data import compare_data as compare_data
    from kfpkit.components.evaluate_model import evaluate_model as evaluate_model
    from kfpkit.components.fit_transformer import fit_transformer as fit_transformer
    from kfpkit.components.import_file import import_file as import_file
    from kfpkit.components.infer_schema import infer_schema as infer_schema
    from kfpkit.components.profile_data import profile_data as profile_data
    from kfpkit.components.select_model import select_model as select_model
    from kfpkit.components.split_data import split_data as split_data
    from kfpkit.components.storage_copy import storage_copy as storage_copy
    from kfpkit.components.table_snapshot import table_snapshot as table_snapshot
    from kfpkit.components.train_model import train_model as train_model
    from kfpkit.components.validate_data import validate_data as validate_data


class _Catalogue(ModuleType):
    """A package whose attributes are components, where Python would bind their modules."""

    def __getattribute__(self, name: str) -> object:
        value = super().__getattribute__(name)
        is_own = isinstance(value, ModuleType) and value.__name__ == f"{__name__}.{name}"
        return getattr(value, name, value) if is_own else value


sys.modules[__name__].__class__ = _Catalogue
