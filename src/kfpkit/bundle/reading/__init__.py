"""Reads source: its imports, its names, and their meaning. Nothing is imported or run."""

from __future__ import annotations

from kfpkit.bundle.reading.branches import is_main_guard, list_running_statements
from kfpkit.bundle.reading.compile_time import (
    COMPONENT_DECORATORS,
    DSL_NAMES,
    PREAMBLE_ALIASES,
    RUNTIME_DSL_NAMES,
    Use,
    find_compile_time_uses,
    find_imported_uses,
    is_component_decorator,
    is_pipeline,
    list_compile_time_aliases,
    read_kfp_aliases,
    uses_when_compiling,
)
from kfpkit.bundle.reading.dynamic import DynamicImport, Kind
from kfpkit.bundle.reading.given import ALWAYS_THERE, KFP_PREAMBLE
from kfpkit.bundle.reading.imports import ImportStatement, read_imports, split_import
from kfpkit.bundle.reading.names import Names, read_annotation_names, read_names
from kfpkit.bundle.reading.other_python import Fault, parse_with
from kfpkit.bundle.reading.source import (
    PYTHON,
    Text,
    decode,
    minor_of,
    parse,
    read_dynamic_imports,
    read_references,
    read_source,
    read_state,
    read_tree,
    reading_for,
)
from kfpkit.bundle.reading.syntax import (
    FunctionNode,
    ImportNode,
    bound_name,
    cut_columns,
    find_running_functions,
    is_future,
    list_stored_names,
    read_chain,
)

__all__ = [
    "ALWAYS_THERE",
    "COMPONENT_DECORATORS",
    "DSL_NAMES",
    "KFP_PREAMBLE",
    "PREAMBLE_ALIASES",
    "PYTHON",
    "RUNTIME_DSL_NAMES",
    "DynamicImport",
    "Fault",
    "FunctionNode",
    "ImportNode",
    "ImportStatement",
    "Kind",
    "Names",
    "Text",
    "Use",
    "bound_name",
    "cut_columns",
    "decode",
    "find_compile_time_uses",
    "find_imported_uses",
    "find_running_functions",
    "is_component_decorator",
    "is_future",
    "is_main_guard",
    "is_pipeline",
    "list_compile_time_aliases",
    "list_running_statements",
    "list_stored_names",
    "minor_of",
    "parse",
    "parse_with",
    "read_annotation_names",
    "read_chain",
    "read_dynamic_imports",
    "read_imports",
    "read_kfp_aliases",
    "read_names",
    "read_references",
    "read_source",
    "read_state",
    "read_tree",
    "reading_for",
    "split_import",
    "uses_when_compiling",
]
