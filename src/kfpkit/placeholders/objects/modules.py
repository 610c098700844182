"""Modules of packages that aren't installed, and namespaces that are installed in part.

No module is added to `sys.modules`, where every library would find it, and no real one is changed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from kfpkit.placeholders.load import Package, find_current, is_authors
from kfpkit.placeholders.objects import asking
from kfpkit.placeholders.objects.making import make_named
from kfpkit.placeholders.objects.origin import Origin, modules
from kfpkit.placeholders.objects.placeholder import MARK, is_hidden
from kfpkit.placeholders.objects.refusals import refuse_value

_VERSIONS = frozenset({"__version__", "__version_info__", "__git_version__"})


class MissingModule(ModuleType):
    """A module of a package that isn't installed. It has every attribute.

    Args:
        path: Its dotted name.
        package: The package.
    """

    def __init__(self, path: str, package: Package) -> None:
        super().__init__(path)
        self.__placeholder_package__ = package

    def __getattr__(self, name: str) -> Any:
        """Return a submodule that was imported, or the placeholder of a name."""
        path = f"{self.__name__}.{name}"
        if path in modules:
            return modules[path]
        if is_hidden(name) and name not in _VERSIONS:
            raise _make_attribute_error(self, name)
        origin = Origin(package=self.__placeholder_package__, path=path, is_name=True)
        if asking.doubts(sys._getframe(1)):
            raise refuse_value(origin, "the existence", sys._getframe(1))
        return make_named(origin)

    def __dir__(self) -> Iterable[str]:
        """Refuse the names during a load, because a loop may iterate over them."""
        if find_current() is not None:
            raise refuse_value(_origin(self), "the names", sys._getframe(1))
        return super().__dir__()

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        """Refuse the names to the author, as `vars` requests them."""
        asker = sys._getframe(1)
        if find_current() is not None and is_authors(asker):
            raise refuse_value(_origin(self), "the names", asker)
        names: dict[str, Any] = vars(ModuleType)["__dict__"].__get__(self)
        return names

    def __repr__(self) -> str:
        """Describe the module."""
        return f"{MARK}{self.__placeholder_package__.name}: {self.__name__}>"


class Namespace(ModuleType):
    """A namespace such as `google`, with its installed parts and the imported placeholders."""

    def __getattr__(self, name: str) -> Any:
        """Return a part of the namespace, preferably the installed one."""
        added = modules.get(f"{self.__name__}.{name}")
        real = sys.modules.get(self.__name__)
        if not isinstance(added, Namespace) and hasattr(real, name):
            return getattr(real, name)
        if added is None:
            raise _make_attribute_error(self, name)
        return added


def make_missing_module(path: str, package: Package) -> ModuleType:
    """Return the placeholder of a module, the same one each time."""
    return modules.setdefault(path, MissingModule(path, package))


def make_namespace(path: str) -> ModuleType:
    """Return the overlay of a namespace, the same one each time."""
    return modules.setdefault(path, Namespace(path))


def _origin(module: MissingModule) -> Origin:
    return Origin(package=module.__placeholder_package__, path=module.__name__)


def _make_attribute_error(module: ModuleType, name: str) -> AttributeError:
    text = f"module '{module.__name__}' has no attribute '{name}'"
    return AttributeError(text, name=name, obj=module)
