"""The parts of a task's cache key, which explain a miss.

The key itself is a digest. The parts of a task's last success are kept beside the cache. The parts
that differ from them are the reasons why the task runs. Reasons that aren't certain are left out.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kfpkit.runs.record import Miss

_LOCK = "lock"
# A changed description changes the lock, too.
_OF_THE_LOCK = {_LOCK, "pyproject.toml"}


@dataclass(frozen=True, kw_only=True)
class KeyParts:
    """The parts of a task's cache key.

    Args:
        function: The name of the component's function, or of a component without one.
        image: Its image.
        environment: The name of what it runs in.
        built_from: What its image is built from, by name. Empty if that isn't known.
        files: The digests of the files of its bundle, by path. Empty without a bundle.
        command: The digest of its command, with the code of components without a bundle.
        inputs: The digests of its inputs, by name.
        custom: The author's own key, which replaces all other parts.
        variables: The digest of its environment variables. Empty if it isn't known.
    """

    function: str
    image: str
    environment: str
    built_from: Mapping[str, str]
    files: Mapping[str, str]
    command: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    custom: str = ""
    variables: str = ""

    def describe_changes(self, before: KeyParts, made_here: Collection[str]) -> tuple[Miss, ...]:
        """Return the differences from the parts of an earlier success.

        Args:
            before: The earlier parts.
            made_here: The inputs with artifacts from tasks of this run.

        Returns:
            The reasons. Empty if they aren't known.
        """
        if self.custom or before.custom:
            return ()
        return (
            *self._find_code(before),
            *self._find_image(before),
            *self._find_inputs(before, made_here),
        )

    def _find_code(self, before: KeyParts) -> Iterator[Miss]:
        if self.files and before.files:
            for path in _find_differences(self.files, before.files):
                yield Miss(kind="code", name=path)
        elif self.function and self.command != before.command:
            yield Miss(kind="code", name=self.function)

    def _find_image(self, before: KeyParts) -> Iterator[Miss]:
        if self.image == before.image:
            return
        is_same = self.environment == before.environment and self.built_from and before.built_from
        changed = _find_differences(self.built_from, before.built_from) if is_same else []
        if _LOCK in changed:
            yield Miss(kind="lock", name=self.environment)
        if _LOCK not in changed or {*changed} - _OF_THE_LOCK:
            yield Miss(kind="image", name=self.image)

    def _find_inputs(self, before: KeyParts, made_here: Collection[str]) -> Iterator[Miss]:
        for name in _find_differences(self.inputs, before.inputs):
            yield Miss(kind="upstream" if name in made_here else "input", name=name)

    def serialize(self) -> str:
        """Return the parts as JSON."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def restore(cls, text: str) -> KeyParts:
        """Return parts from their JSON.

        Args:
            text: What `serialize` returned.

        Raises:
            ValueError: The string is something else.
        """
        try:
            return cls(**json.loads(text))
        except TypeError as error:
            raise ValueError(str(error)) from error


def _find_differences(now: Mapping[str, str], before: Mapping[str, str]) -> list[str]:
    return [name for name in sorted({*now, *before}) if now.get(name) != before.get(name)]


def digest(value: Any) -> str:
    """Return the digest of a JSON value.

    Args:
        value: The value.
    """
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()
