"""Reading source: its imports, its names, and what both stand for. Nothing is imported or run."""

from __future__ import annotations

from kfpkit.bundle.reading.branches import (
    branches_that_run,
    is_main_guard,
)
from kfpkit.bundle.reading.compile_time import (
    COMPONENT_DECORATORS,
    DSL_NAMES,
    PREAMBLE_ALIASES,
    RUNTIME_DSL_NAMES,
    Use,
    compile_time_aliases,
    compile_time_uses,
    imported_uses,
    is_component_decorator,
    is_pipeline,
    kfp_aliases,
    uses_when_compiling,
)
from kfpkit.bundle.reading.dynamic import (
    DynamicImport,
    Kind,
)
from kfpkit.bundle.reading.given import (
    ALWAYS_THERE,
    KFP_PREAMBLE,
)
from kfpkit.bundle.reading.imports import (
    ImportStatement,
    import_statements,
    imports_of,
)
from kfpkit.bundle.reading.names import (
    Names,
    names_in_annotation,
    names_of,
)
from kfpkit.bundle.reading.other_python import (
    Fault,
    parsed_by,
)
from kfpkit.bundle.reading.source import (
    PYTHON,
    Text,
    decode,
    minor_of,
    parse,
    read_dynamic_imports,
    read_references,
    read_source,
    reading_for,
    state_of,
    tree_of,
)
from kfpkit.bundle.reading.syntax import (
    FunctionNode,
    ImportNode,
    bound_name,
    chain,
    columns,
    is_future,
    running_functions,
    stored_names,
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
    "branches_that_run",
    "chain",
    "columns",
    "compile_time_aliases",
    "compile_time_uses",
    "decode",
    "import_statements",
    "imported_uses",
    "imports_of",
    "is_component_decorator",
    "is_future",
    "is_main_guard",
    "is_pipeline",
    "kfp_aliases",
    "minor_of",
    "names_in_annotation",
    "names_of",
    "parse",
    "parsed_by",
    "read_dynamic_imports",
    "read_references",
    "read_source",
    "reading_for",
    "running_functions",
    "state_of",
    "stored_names",
    "tree_of",
    "uses_when_compiling",
]
