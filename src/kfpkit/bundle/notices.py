"""Notices for the author about a bundle that is created nevertheless."""

from __future__ import annotations

import logging
import sys
import warnings
from dataclasses import dataclass
from typing import Any

from kfpkit.place import Place

_WIDE = (Exception, Warning, UserWarning)
_log = logging.getLogger("kfpkit")


class BundleWarning(UserWarning):
    """A notice about a bundle."""


class DynamicImportWarning(BundleWarning):
    """A shipped file imports a module with a name that is known only at run time."""


class LeftOutWarning(BundleWarning):
    """A statement of a component's module may matter to the component but doesn't ship."""


class DataFileWarning(BundleWarning):
    """A shipped file names a data file that doesn't ship."""


class HiddenNameWarning(BundleWarning):
    """A component reads names of its module that are known only at run time."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A message for the author, with its place."""

    place: Place
    sentence: str
    category: type[BundleWarning]

    def tell(self, shown: dict[Any, Any]) -> None:
        """Warn once for each line, as Python does.

        A filter in the author's code that ignores all warnings has no effect on this one, because
        the author set it for the code that runs there. Filters that the user passes to Python do.

        Args:
            shown: The registry of warnings that were shown.
        """
        file, line = str(self.place.file), self.place.line or 0
        if not _ignores_all(self.category):
            warnings.warn_explicit(self.sentence, self.category, file, line, registry=shown)
        elif (self.sentence, line) not in shown:
            shown[self.sentence, line] = True
            _log.warning("%s: %s", self.place, self.sentence)


def _ignores_all(category: type[Warning]) -> bool:
    """Whether the code, not the user, makes Python ignore every warning."""
    if sys.warnoptions:
        return False
    for action, message, filtered, module, line in warnings.filters:
        if issubclass(category, filtered) and message is None and module is None and not line:
            return action == "ignore" and filtered in _WIDE
    return False
