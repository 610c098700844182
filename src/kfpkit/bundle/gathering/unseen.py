"""Imports that cannot be read from the source, and the `helpers=` that resolve them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kfpkit.bundle.reading import Kind
from kfpkit.place import Place

_ANYTHING: dict[Kind, str] = {
    "import": (
        "the name of this import is known only when the code runs, so what it imports does not "
        "ship. Name the modules in the component's `helpers=[…]`."
    ),
    "list": (
        "the modules that this finds are known only when the code runs, so they do not ship. Name "
        "them, or their package, in the component's `helpers=[…]`."
    ),
    "run": (
        "the file that this runs is known only when the code runs, so it does not ship. Name its "
        "module in the component's `helpers=[…]`."
    ),
}
_KNOWN = (
    "this {verb} `{prefix}…`. Which modules these are is known only when the code runs, so they "
    "do not ship. Name them, or their package, in the component's `helpers=[…]`."
)


@dataclass(frozen=True, kw_only=True)
class UnseenImport:
    """A place with an import that is known only at run time.

    Args:
        place: The place.
        kind: Whether it imports a module, lists the modules of a package, or runs a file.
        prefix: The beginning of the dotted name. Empty if nothing is known.
    """

    place: Place
    kind: Kind
    prefix: str

    @property
    def sentence(self) -> str:
        """The notice for the author."""
        if not self.prefix:
            return _ANYTHING[self.kind]
        verb = "lists the modules of" if self.kind == "list" else "imports"
        return _KNOWN.format(verb=verb, prefix=self.prefix)

    def is_answered_by(self, helper: str) -> bool:
        """Whether a module or package in `helpers=` can be the imported one."""
        return bool(self.prefix) and (
            helper.startswith(self.prefix) or self.prefix.startswith(f"{helper}.")
        )


Reason = Literal["missing", "outside", "wide", "large", "compiled", "link", "secret"]

_REASONS: dict[Reason, str] = {
    "missing": (
        "{file} does not exist, so it does not ship. The component fails when it reads the file, "
        "unless it has written it before. Add the file, or correct the path."
    ),
    "outside": (
        "{file} does not ship, because it is outside the source root of this module, which a "
        "container does not have. Move it next to the code that reads it."
    ),
    "wide": (
        "the files below {file} that this names are known only when the code runs, so they do not "
        "ship. Name the package in the component's `helpers=[…]`, or the files here."
    ),
    "large": (
        "{file} does not ship, because it has more than 1 MiB or 1,000 files. Put the data into "
        "an artifact, a table or a bucket, or name the package in `helpers=[…]`."
    ),
    "compiled": (
        "{file} does not ship, because it contains compiled code, which may not work in the "
        "container. Package it as a wheel, and add the wheel to the environment."
    ),
    "link": (
        "{file} does not ship, because it is a link to a file outside the project. Copy it into "
        "the project."
    ),
    "secret": (
        "{file} does not ship, because it appears to contain a secret. Let the component read "
        "secrets at run time, from Secret Manager or a Kubernetes secret."
    ),
}


@dataclass(frozen=True, kw_only=True)
class UnshippedFile:
    """A path in the source that names a file that doesn't ship.

    Args:
        place: The place in the source.
        reason: The reason.
        file: The file or folder.
        package: The dotted name of its folder in the payload.
    """

    place: Place
    reason: Reason
    file: Path
    package: str

    @property
    def sentence(self) -> str:
        """The notice for the author."""
        return _REASONS[self.reason].format(file=self.file)

    def is_answered_by(self, helper: str) -> bool:
        """Whether a package in `helpers=` ships the file."""
        return self.reason in {"wide", "large"} and f"{self.package}.".startswith(f"{helper}.")


def list_unanswered(unseen: Sequence[UnseenImport], helpers: Sequence[str]) -> list[UnseenImport]:
    """Return the imports that no helper resolves.

    A helper resolves the imports with names that begin as its own does. A helper that resolves none
    of these was added for an import about which nothing is known.
    """
    spare = any(not any(each.is_answered_by(helper) for each in unseen) for helper in helpers)
    return [
        each
        for each in unseen
        if not any(each.is_answered_by(helper) for helper in helpers) and (each.prefix or not spare)
    ]


def list_unshipped(files: Sequence[UnshippedFile], helpers: Sequence[str]) -> list[UnshippedFile]:
    """Return the files that don't ship with a package of `helpers=` either."""
    return [each for each in files if not any(each.is_answered_by(helper) for helper in helpers)]
