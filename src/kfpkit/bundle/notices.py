"""What an author is told about a bundle that is made all the same."""

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
    """Something about a bundle that the author should know."""


class DynamicImportWarning(BundleWarning):
    """A shipped file imports a module whose name only running code knows."""


class LeftOutWarning(BundleWarning):
    """A statement of a component's module may matter to the component and does not ship."""


class DataFileWarning(BundleWarning):
    """A shipped file names a data file that does not ship."""


class HiddenNameWarning(BundleWarning):
    """A component reads names of its module that only running code knows."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What the author is told, and where."""

    place: Place
    sentence: str
    category: type[BundleWarning]

    def tell(self, shown: dict[Any, Any]) -> None:
        """Warn, once for each line, as Python's own warnings are.

        A filter that ignores all warnings does not reach this one, since the author's file sets it
        for the code that runs there; what the user asks Python for does.

        Args:
            shown: The registry of what was shown.
        """
        file, line = str(self.place.file), self.place.line or 0
        if not _ignores_all(self.category):
            warnings.warn_explicit(self.sentence, self.category, file, line, registry=shown)
        elif (self.sentence, line) not in shown:
            shown[self.sentence, line] = True
            _log.warning("%s: %s", self.place, self.sentence)


def _ignores_all(category: type[Warning]) -> bool:
    """Whether code, and not the user, has Python ignore every warning."""
    if sys.warnoptions:
        return False
    for action, message, filtered, module, line in warnings.filters:
        if issubclass(category, filtered) and message is None and module is None and not line:
            return action == "ignore" and filtered in _WIDE
    return False
