"""Finds uses of the part of kfp that exists only where pipelines are compiled.

A container has only kfp's runtime: `kfp.dsl` with the artifact types, and the executor. It lacks
decorators, control flow, the compiler and the client.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from kfpkit.bundle.reading.branches import list_running_statements
from kfpkit.bundle.reading.imports import ImportStatement, read_imports
from kfpkit.bundle.reading.syntax import FunctionNode, bound_name, read_chain

KFP_MODULES = frozenset({"Client", "cli", "client", "compiler", "components", "local", "registry"})
DSL_NAMES = frozenset(
    {
        "Collected",
        "ConcatPlaceholder",
        "Condition",
        "ContainerSpec",
        "Elif",
        "Else",
        "ExitHandler",
        "If",
        "IfPresentPlaceholder",
        "KubernetesWorkspaceConfig",
        "OneOf",
        "ParallelFor",
        "PipelineConfig",
        "PipelineTask",
        "TaskConfigField",
        "TaskConfigPassthrough",
        "WorkspaceConfig",
        "component",
        "container_component",
        "importer",
        "notebook_component",
        "pipeline",
    }
)
RUNTIME_DSL_NAMES = frozenset(
    {
        "Artifact",
        "ClassificationMetrics",
        "Dataset",
        "HTML",
        "Input",
        "InputPath",
        "Markdown",
        "Metrics",
        "Model",
        "Output",
        "OutputPath",
        "PIPELINE_JOB_CREATE_TIME_UTC_PLACEHOLDER",
        "PIPELINE_JOB_ID_PLACEHOLDER",
        "PIPELINE_JOB_NAME_PLACEHOLDER",
        "PIPELINE_JOB_RESOURCE_NAME_PLACEHOLDER",
        "PIPELINE_JOB_SCHEDULE_TIME_UTC_PLACEHOLDER",
        "PIPELINE_ROOT_PLACEHOLDER",
        "PIPELINE_TASK_EXECUTOR_INPUT_PLACEHOLDER",
        "PIPELINE_TASK_EXECUTOR_OUTPUT_PATH_PLACEHOLDER",
        "PIPELINE_TASK_ID_PLACEHOLDER",
        "PIPELINE_TASK_NAME_PLACEHOLDER",
        "PipelineTaskFinalStatus",
        "SlicedClassificationMetrics",
        "TaskConfig",
        "WORKSPACE_PATH_PLACEHOLDER",
        "get_uri",
        "run_notebook",
    }
)


COMPONENT_DECORATORS = frozenset(
    {
        "kfp.component",
        "kfp.dsl.component",
        "kfp.dsl.component_decorator.component",
        "kfpkit.component",
        "kfpkit.component.component",
    }
)
PIPELINE_DECORATORS = frozenset(
    {
        "kfp.dsl.container_component",
        "kfp.dsl.graph_component",
        "kfp.dsl.notebook_component",
        "kfp.dsl.pipeline",
    }
)
# What KFP writes in front of a component's source is there without an import.
PREAMBLE_ALIASES = {"dsl": "kfp.dsl", "kfp": "kfp"}


@dataclass(frozen=True, kw_only=True)
class Use:
    """One use of something that a container lacks.

    Args:
        name: The dotted name.
        line: Its line.
        in_function: Whether it runs later than the module.
    """

    name: str
    line: int
    in_function: bool


def find_compile_time_uses(nodes: list[ast.stmt], aliases: dict[str, str]) -> tuple[Use, ...]:
    """Find the uses in statements: any import, and names in code that runs on import.

    Args:
        nodes: The statements.
        aliases: The meaning of names in their module, as `read_kfp_aliases` returns it.
    """
    statements = read_imports(nodes)
    uses = [use for statement in statements for use in find_imported_uses(statement)]
    if not aliases:
        return tuple(uses)
    for node in _walk_running_names(nodes):
        name = resolve_kfp_name(node, aliases)
        if name is not None and is_compile_time(name):
            uses.append(Use(name=name, line=node.lineno, in_function=False))
    return tuple(uses)


def is_compile_time(name: str) -> bool:
    """Whether a container lacks a dotted name of kfp."""
    parts = name.split(".")
    if parts[:2] == ["kfp", "dsl"]:
        return len(parts) > 2 and parts[2] in DSL_NAMES  # noqa: PLR2004 - kfp.dsl.NAME
    return len(parts) > 1 and parts[0] == "kfp" and parts[1] in KFP_MODULES


def find_imported_uses(statement: ImportStatement) -> Iterator[Use]:
    """Yield the parts of an import that a container lacks."""
    if statement.level or statement.optional or statement.module.partition(".")[0] != "kfp":
        return
    candidates = [f"{statement.module}.{name}" for name in statement.names or ()]
    for name in candidates or [statement.module]:
        if is_compile_time(name):
            yield Use(name=name, line=statement.line, in_function=statement.in_function)
            return


def read_kfp_aliases(nodes: list[ast.stmt]) -> dict[str, str]:
    """Map the names that top-level imports bind to parts of kfp and kfpkit to their origin."""
    aliases: dict[str, str] = {}
    for top in nodes:
        if isinstance(top, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for node in [top] if isinstance(top, ast.Import | ast.ImportFrom) else ast.walk(top):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    root = alias.name.partition(".")[0]
                    aliases[alias.asname or root] = alias.name if alias.asname else root
            elif isinstance(node, ast.ImportFrom) and not node.level:
                if node.module == "kfp.dsl" and node.names[0].name == "*":
                    given = DSL_NAMES | RUNTIME_DSL_NAMES
                    aliases |= {name: f"kfp.dsl.{name}" for name in given}
                for alias in node.names:
                    aliases[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return {
        name: origin
        for name, origin in aliases.items()
        if origin.partition(".")[0] in {"kfp", "kfpkit"}
    }


def resolve_kfp_name(node: ast.AST, aliases: dict[str, str]) -> str | None:
    """Return the dotted name that an expression refers to, if it is part of kfp or kfpkit."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in aliases:
        return None
    return ".".join([aliases[node.id], *reversed(parts)])


def is_component_decorator(
    node: ast.expr, aliases: dict[str, str], makers: frozenset[str] = frozenset()
) -> bool:
    """Whether a decorator turns a function into a component.

    Args:
        node: The decorator.
        aliases: The meaning of names in its module, as `read_kfp_aliases` returns it.
        makers: Functions of the project that make components, as the module writes them.
    """
    function = node.func if isinstance(node, ast.Call) else node
    return (
        resolve_kfp_name(function, aliases) in COMPONENT_DECORATORS
        or read_chain(function) in makers
    )


def uses_when_compiling(node: ast.AST, aliases: dict[str, str], names: frozenset[str]) -> bool:
    """Whether code names something that exists only where pipelines are compiled.

    Args:
        node: A piece of code, including the bodies of its functions.
        aliases: The meaning of names in its module.
        names: Names of the module that refer to pipelines, clients and the like.
    """
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and each.id in names:
            return True
        name = resolve_kfp_name(each, aliases)
        if name is not None and (is_compile_time(name) or _is_of_compiling_side(name)):
            return True
    return False


def _is_of_compiling_side(name: str) -> bool:
    """Whether a dotted name of kfpkit doesn't ship."""
    parts = name.split(".")
    shipped = {"COMPILE_TIME", "component", "components", "helpers"}
    return parts[0] == "kfpkit" and len(parts) > 1 and parts[1] not in shipped


def list_compile_time_aliases(
    node: ast.Import | ast.ImportFrom, aliases: dict[str, str]
) -> frozenset[str]:
    """Return the names of an import that only compiling provides."""
    found = set()
    for alias in node.names:
        name = aliases.get(bound_name(alias), "")
        if isinstance(node, ast.Import) and not alias.asname:
            # `import kfp.compiler` gives `kfp`, which containers have too.
            name = alias.name
        if is_compile_time(name) or _is_of_compiling_side(name):
            found.add(bound_name(alias))
    return frozenset(found)


def is_pipeline(node: ast.stmt, aliases: dict[str, str]) -> bool:
    """Whether a statement defines a pipeline, or a component without a Python function."""
    return isinstance(node, FunctionNode) and any(
        resolve_kfp_name(each.func if isinstance(each, ast.Call) else each, aliases)
        in PIPELINE_DECORATORS
        for each in node.decorator_list
    )


def _walk_running_names(nodes: list[ast.stmt]) -> Iterator[ast.Attribute | ast.Name]:
    """Yield the names in code that runs when the module is imported."""
    stack: list[ast.AST] = list(reversed(nodes))
    while stack:
        node = stack.pop()
        if isinstance(node, ast.If):
            stack += [node.test, *list_running_statements(node)]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            stack += [*node.decorator_list, *node.args.defaults]
            stack += [default for default in node.args.kw_defaults if default]
        elif isinstance(node, ast.Attribute):
            yield node
            stack.append(node.value)
        elif isinstance(node, ast.Lambda | ast.AnnAssign):
            stack += [node.value] if isinstance(node, ast.AnnAssign) and node.value else []
        elif isinstance(node, ast.Name):
            yield node
        else:
            stack += ast.iter_child_nodes(node)
