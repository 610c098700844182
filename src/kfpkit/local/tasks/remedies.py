"""Advice for a task that fails because something didn't ship with its component.

kfpkit follows import statements when it compiles a pipeline. So a module of the project that a task
doesn't find was named in another way: by an object that the task read, or by running code.
"""

from __future__ import annotations

import re
from pathlib import Path

from kfpkit.bundle.modules import Modules
from kfpkit.project import Project

_MODULE = re.compile(r"ModuleNotFoundError: No module named '(?P<name>[\w.]+)'.*")
_ATTRIBUTE = re.compile(
    r"AttributeError: Can't get attribute '(?P<name>[\w.]+)' on <module '(?P<module>[\w.]+)'.*"
)
_FILE = re.compile(
    r"(?:\w+\.)*FileNotFoundError: .*'(?:[^']*)/kfpkit-[0-9a-f]{16}/(?P<path>[^']+)'.*"
)
_BOOTSTRAP = "kfpkit: "


def find_remedies(lines: list[str], project: Project) -> list[str]:
    """Return sentences about what didn't ship.

    Args:
        lines: A traceback.
        project: The project, whose modules and files are known.
    """
    made = (_explain_missing_module, _explain_missing_part, _explain_missing_file)
    found = [
        sentence
        for line in lines
        if not line.startswith((" ", _BOOTSTRAP))
        for make in made
        if (sentence := make(line, project))
    ]
    return list(dict.fromkeys(found))


def _explain_missing_module(line: str, project: Project) -> str | None:
    match = _MODULE.fullmatch(line)
    module = Modules(roots=project.source_roots).find(match["name"]) if match else None
    if match is None or module is None:
        return None
    place = module.file or module.folders[0]
    return (
        f"`{module.name}` is a module of this project ({place}) that does not ship with the "
        "component. An object that the component reads (a pickle, or a file of joblib or "
        "cloudpickle) needs it, or a name that is made at run time. "
        f'Add `helpers=["{module.name}"]` to the component, or import the module in its function.'
    )


def _explain_missing_part(line: str, project: Project) -> str | None:
    match = _ATTRIBUTE.fullmatch(line)
    module = Modules(roots=project.source_roots).find(match["module"]) if match else None
    if match is None or module is None:
        return None
    return (
        "An object that the component reads (a pickle, or a file of joblib or cloudpickle) needs "
        f"`{match['name']}` of `{module.name}`, which does not ship: of a component's own module, "
        f"only the part that its function uses ships. Define `{match['name']}` in a separate "
        "module, and import it in both components."
    )


def _explain_missing_file(line: str, project: Project) -> str | None:
    match = _FILE.fullmatch(line)
    if match is None:
        return None
    there = [root / match["path"] for root in project.source_roots]
    file = next((each for each in there if each.exists()), Path(match["path"]))
    return (
        f"{file} does not ship with the component. A data file ships if the source names it by a "
        "path that starts at `__file__`, or with its package in `helpers=[…]`."
    )
