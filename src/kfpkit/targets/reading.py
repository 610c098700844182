"""Reads the targets of a project from its `pyproject.toml`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kfpkit import toml
from kfpkit.errors import ConfigurationFault, InvalidTargetsError, UnknownTargetError
from kfpkit.place import Place
from kfpkit.project import Project
from kfpkit.targets.kubeflow_target import KubeflowTarget
from kfpkit.targets.target import EmulatorTarget, Target, VertexTarget
from kfpkit.wording import find_nearest, quote_all

TABLE = ("tool", "kfpkit", "targets")
KINDS: Mapping[str, type[Target]] = {
    "vertex": VertexTarget,
    "kubeflow": KubeflowTarget,
    "emulator": EmulatorTarget,
}
"""The kinds of targets."""

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_BY_REFERENCE = (
    "a secret doesn't belong in a file that is committed; write the name of the environment "
    "variable that has it (`token-env`, `cookie-env`, `iap-app-secret-env`)"
)
_REFUSED = {
    "registry": "one registry serves all targets, so that what runs in production is the image "
    "that was tested: images are promoted by digest. Set `registry` in `[tool.kfpkit]`",
    "endpoint": "the addresses of Vertex AI follow from `location`, and kfpkit finds the emulator",
    **dict.fromkeys(("token", "cookie", "iap-app-secret"), _BY_REFERENCE),
}
_MISSING = {
    "kind": f"choose one of {quote_all(KINDS)}",
    "project": "write the id of the Google Cloud project",
    "location": "there is no default, because other clients' default runs pipelines in "
    "`us-central1`; write a region, such as `europe-west4`",
    "pipeline-root": "write a folder in Cloud Storage, such as `gs://my-bucket/pipelines`",
}


def find_target(project: Project, name: str) -> Target:
    """Find a target of a project.

    Args:
        project: The project.
        name: The target's name.

    Raises:
        UnknownTargetError: The project has no target of this name.
        InvalidTargetsError: The tables of targets have faults.
    """
    targets = read_targets(project)
    if name not in targets:
        raise UnknownTargetError(name=name, known=targets, file=_find_file(project))
    return targets[name]


def read_targets(project: Project) -> dict[str, Target]:
    """Read all targets of a project.

    Args:
        project: The project.

    Returns:
        The targets by name, in the order of the file.

    Raises:
        InvalidTargetsError: The tables have faults. The error lists all of them.
    """
    file = _find_file(project)
    if not file.is_file():
        return {}
    text = file.read_text(encoding="utf-8")
    document = toml.parse(text)
    try:
        table = toml.read_table(document, *TABLE)
    except ValueError as error:
        raise InvalidTargetsError(faults=[_at(file, None, str(error))]) from None
    reader = _Reader(file=file, lines=toml.locate_keys(text) if table else {})
    read = {name: reader.read(name, values) for name, values in table.items()}
    faults = [fault for each in read.values() if isinstance(each, list) for fault in each]
    if faults:
        raise InvalidTargetsError(faults=sorted(faults, key=_order))
    return {name: each for name, each in read.items() if not isinstance(each, list)}


def list_keys(kind: type[Target]) -> dict[str, str]:
    """Return the keys of a kind of target, with their meanings.

    Args:
        kind: The kind's class.
    """
    arguments = (inspect.getdoc(kind) or "").partition("\n\nArgs:\n")[2]
    found = re.findall(r"^    (\w+): (.+(?:\n     .+)*)", arguments, re.MULTILINE)
    meanings = {name.replace("_", "-"): " ".join(meaning.split()) for name, meaning in found}
    del meanings["name"]
    return meanings


@dataclass(frozen=True, kw_only=True)
class _Reader:
    file: Path
    lines: Mapping[tuple[str, ...], int]

    def read(self, name: str, values: Any) -> Target | list[ConfigurationFault]:
        """Return a target, or the faults of its table."""
        if not isinstance(values, Mapping):
            return [
                self._refuse((name,), f"`{name}` must be a table: `[tool.kfpkit.targets.NAME]`")
            ]
        faults = list(self._check_name(name))
        kind = values.get("kind")
        if not isinstance(kind, str) or kind not in KINDS:
            return [*faults, self._refuse((name, "kind"), _explain_kind(values))]
        faults += self._check_keys(name, values, KINDS[kind])
        known = {key: value for key, value in values.items() if key in list_keys(KINDS[kind])}
        try:
            target = KINDS[kind].model_validate({"name": name, **known})
        except ValidationError as error:
            problems: list[Any] = list(error.errors())
            return [*faults, *(self._explain(name, problem) for problem in problems)]
        return faults or target

    def _check_name(self, name: str) -> Iterator[ConfigurationFault]:
        if not _NAME.fullmatch(name):
            yield self._refuse(
                (name,),
                f"`{name}` can't be the name of a target, which labels of runs have: write "
                "lowercase letters, digits and `-`",
            )

    def _check_keys(
        self, name: str, values: Mapping[str, Any], kind: type[Target]
    ) -> Iterator[ConfigurationFault]:
        keys = list_keys(kind)
        for key in values.keys() - keys.keys():
            near = find_nearest(key, keys)
            advice = f"did you mean `{near}`?" if near else f"the keys are {quote_all(keys)}"
            problem = _REFUSED.get(key) or f"it is not a key of targets; {advice}"
            yield self._refuse((name, key), f"`{key}`: {problem}")

    def _explain(self, name: str, problem: Mapping[str, Any]) -> ConfigurationFault:
        keys = tuple(str(key) for key in problem["loc"])
        message = problem["msg"].removeprefix("Value error, ")
        if not keys:
            return self._refuse((name,), message)
        if problem["type"] == "missing":
            return self._refuse((name,), f"`{keys[0]}` is missing; {_MISSING[keys[0]]}")
        shown = "" if isinstance(problem["input"], dict) else f" is {problem['input']!r}"
        text = f"`{'.'.join(keys)}`{shown}: {message[0].lower()}{message[1:]}"
        return self._refuse((name, *keys), text)

    def _refuse(self, keys: tuple[str, ...], problem: str) -> ConfigurationFault:
        path = (*TABLE, *keys)
        while path not in self.lines and len(path) > len(TABLE):
            path = path[:-1]
        return _at(self.file, self.lines.get(path), f"[{'.'.join((*TABLE, keys[0]))}] {problem}")


def _explain_kind(values: Mapping[str, Any]) -> str:
    if "kind" not in values:
        return f"`kind` is missing; {_MISSING['kind']}"
    return f"`kind` is {values['kind']!r}; {_MISSING['kind']}"


def _find_file(project: Project) -> Path:
    return project.root / "pyproject.toml"


def _at(file: Path, line: int | None, problem: str) -> ConfigurationFault:
    return ConfigurationFault(where=Place(file, line), problem=problem)


def _order(fault: ConfigurationFault) -> int:
    return fault.where.line or 0 if isinstance(fault.where, Place) else 0
