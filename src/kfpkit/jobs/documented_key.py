"""The execution cache of Vertex AI Pipelines, after its documentation.

Google documents when a task's outputs are those of an earlier execution (Configure execution
caching, https://cloud.google.com/vertex-ai/docs/pipelines/configure-caching): if the executions
have the same interface, and the pipelines the same name. The interface is

1. the inputs: the values of parameters, and the IDs of artifacts;
2. the definition of the outputs: the names of parameters and artifacts;
3. the specification of the component: image, command, arguments and environment variables, in
   their order.

Nothing else counts: not the run, the machine, the account or the age. Entries of other projects and
locations don't exist, because each has its own metadata store.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kfpkit.local import KeyFacts
from kfpkit.specification import artifacts_in

_ID_BYTES = 8


@dataclass(frozen=True, kw_only=True)
class DocumentedKey:
    """The rule of Vertex AI's cache; see `CacheRule`.

    Args:
        store: The name of the metadata store.
    """

    store: str

    def compute_key(self, facts: KeyFacts) -> str:
        """Return the key of a task.

        Args:
            facts: The task.
        """
        interface: Any = {
            "inputs": _describe_inputs(facts.values),
            "outputs": _describe_outputs(facts.component),
            "component": _describe_component(facts.container),
        }
        if facts.custom:  # KFP defines that it replaces all of them
            interface = facts.custom
        content = [self.store, facts.pipeline, interface]
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def name_outputs(self, outputs: Mapping[str, Any]) -> None:
        """Give artifacts new IDs: each execution produces artifacts of its own.

        Args:
            outputs: The task's outputs, which change.
        """
        for value in outputs.values():
            for artifact in artifacts_in(value):
                artifact.name = self._make_name(os.urandom(_ID_BYTES))

    def name_import(self, outputs: Mapping[str, Any], *, again: bool) -> None:
        """Give an imported artifact its ID, which is the same for the same address.

        Args:
            outputs: The importer's artifact, which changes.
            again: Whether it gets a new ID (`reimport=True`).
        """
        if again:
            self.name_outputs(outputs)
            return
        for value in outputs.values():
            for artifact in artifacts_in(value):
                facts = [artifact.uri, artifact.schema_title, artifact.metadata]
                text = json.dumps(facts, sort_keys=True, default=str)
                artifact.name = self._make_name(hashlib.sha256(text.encode()).digest())

    def _make_name(self, content: bytes) -> str:
        number = 10**18 + int.from_bytes(content[:_ID_BYTES], "big") % (8 * 10**18)
        return f"{self.store}/artifacts/{number}"


def _describe_inputs(values: Mapping[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {}
    for name, value in values.items():
        artifacts = list(artifacts_in(value))
        described[name] = {"ids": [each.name for each in artifacts]} if artifacts else value
    return described


def _describe_outputs(component: Any) -> dict[str, list[str]]:
    defined = component.output_definitions
    return {
        "parameters": sorted(defined.parameters),
        "artifacts": sorted(defined.artifacts),
    }


def _describe_component(container: Any) -> dict[str, Any]:
    return {
        "image": container.image,
        "command": list(container.command),
        "arguments": list(container.args),
        "variables": [[each.name, each.value] for each in container.env],
    }
