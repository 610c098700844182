"""The decorator that turns a function into a component; in a container it changes nothing.

A module that ships into a container may hold a decorated function, so this file ships too: it
imports nothing at import time, and where KFP's runtime runs (`_KFP_RUNTIME=true`) the decorator
hands the plain function back.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    from kfpkit.authoring import Component


@overload
def component(func: Callable[..., Any]) -> Component: ...


@overload
def component(
    func: None = None,
    *,
    environment: str | None = None,
    helpers: Sequence[str | ModuleType] = (),
    **kfp_options: Any,
) -> Callable[[Callable[..., Any]], Component]: ...


def component(
    func: Callable[..., Any] | None = None,
    *,
    environment: str | None = None,
    helpers: Sequence[str | ModuleType] = (),
    **kfp_options: Any,
) -> Any:
    """Turn a function into a KFP component that ships with its helpers.

    This decorator is a drop-in replacement for `kfp.dsl.component`. It takes the same arguments and
    returns KFP's own component object, so conditions, loops, `.after`, resource limits,
    `kfp.compiler` and `kfp.local` work unchanged. When the component is first used in a pipeline or
    compiled, kfpkit collects the code that the function uses from the project's modules, and
    reports an error if that code cannot work in the container.

    Args:
        func: The function. Omit it when you use the decorator with arguments.
        environment: The name of the folder under `environments/` whose lock the component runs in.
        helpers: First-party modules or packages, by dotted name or as module objects, that no
            import statement mentions: plug-ins, dynamic imports, packages with data files (`.sql`,
            `.json`, `.yaml`, `.txt`, `.csv`).
        **kfp_options: The arguments of `kfp.dsl.component`: `base_image`, `packages_to_install`,
            `pip_index_urls`, `pip_trusted_hosts`, `install_kfp_package`, `kfp_package_path`,
            `use_venv`, `target_image`, `output_component_file`, `additional_funcs`,
            `embedded_artifact_path`, `task_config_passthroughs`.

    Returns:
        The component, a `kfp.dsl.PythonComponent` with `in_environment(name)`. Without `func`, a
        decorator that creates it. In a container, the function itself.

    Raises:
        kfpkit.errors.ComponentError: Arguments are mutually exclusive, such as `environment=` with
            `base_image=` or with `packages_to_install=`.
        kfpkit.errors.EnvironmentsError: The environment does not exist.
    """
    if os.environ.get("_KFP_RUNTIME") == "true":
        return func if func is not None else _identity
    # The compile-time side stays out of containers.
    from kfpkit.authoring import Options, make_component  # noqa: PLC0415

    named = (helpers,) if isinstance(helpers, str) else tuple(helpers)
    options = Options(environment=environment, helpers=named, kfp=kfp_options)
    if func is None:
        return lambda function: make_component(function, options)
    return make_component(func, options)


def _identity(function: Callable[..., Any]) -> Callable[..., Any]:
    return function
