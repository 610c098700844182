"""The pipeline of a run on Kubeflow, with what the keys of its tasks are made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from google.protobuf import json_format

from kfpkit.errors import KfpkitError
from kfpkit.forecasts.kubeflow.key import CacheKey
from kfpkit.local.tasks import digest
from kfpkit.specification import (
    ComponentSpec,
    ContainerSpec,
    ExecutorSpec,
    PipelineSpec,
    read_executors,
)

_OPERATORS = ("argostub/",)  # images that stand for what Kubernetes itself does


@dataclass(frozen=True, kw_only=True)
class RunPipeline:
    """The pipeline of a run.

    Args:
        document: It, as in JSON, with its settings for platforms if there are any.
        spec: It, as a message.
        executors: Its executors by label.
        platforms: Its settings for Kubernetes by executor label.
    """

    document: Mapping[str, Any]
    spec: PipelineSpec
    executors: Mapping[str, ExecutorSpec]
    platforms: Mapping[str, Any]
    _bases: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The pipeline's name."""
        return str(self.spec.pipeline_info.name)

    @cached_property
    def graph(self) -> str:
        """The digest of its graphs, whatever their containers are."""
        content = _open_document(self.document)
        return digest([content.get("root"), content.get("components", {})])

    def find_container(self, component: ComponentSpec) -> ContainerSpec | None:
        """Return the container of a component. None if the cache has no key for it.

        Args:
            component: The component.
        """
        executor = self.executors[component.executor_label]
        if not executor.HasField("container"):
            return None
        is_operator = executor.container.image.startswith(_OPERATORS)
        return None if is_operator else executor.container

    def find_base(self, component: ComponentSpec, name: str) -> str:
        """Return the fingerprint of a component's task without inputs.

        Args:
            component: The component.
            name: Its name.
        """
        if name not in self._bases:
            self._bases[name] = self._make_key(component).fingerprint
        return self._bases[name]

    def _make_key(self, component: ComponentSpec) -> CacheKey:
        container = self.find_container(component)
        outputs = component.output_definitions
        parameters = {
            name: json_format.MessageToDict(each) for name, each in outputs.parameters.items()
        }
        return CacheKey(
            image=container.image if container else "",
            command=[*container.command, *container.args] if container else [],
            output_artifacts={
                name: _describe_artifact(each) for name, each in outputs.artifacts.items()
            },
            output_parameters={
                name: str(each.get("parameterType", "")) for name, each in parameters.items()
            },
            volumes=self.list_volumes(component) or [],
        )

    def list_volumes(self, component: ComponentSpec) -> list[str] | None:
        """Return the names of a component's volumes. None if they aren't known before the run.

        Args:
            component: The component.
        """
        mounts = self.platforms.get(component.executor_label, {}).get("pvcMount", [])
        names = [_find_constant(each) for each in mounts]
        known = [name for name in names if name is not None]
        return known if len(known) == len(names) else None


def read_pipelines(
    runs: Iterable[Mapping[str, Any]], pipeline: RunPipeline
) -> Iterator[tuple[Mapping[str, Any], RunPipeline]]:
    """Yield runs with their pipelines. Those whose pipeline can't be read are left out.

    Args:
        runs: The runs, as the server lists them. Those of an uploaded pipeline only refer to it.
        pipeline: A pipeline that has been read, which many of them probably have.
    """
    known: list[tuple[Any, RunPipeline | None]] = [(pipeline.document, pipeline)]
    for run in runs:
        content = run.get("pipeline_spec")
        if not content:
            continue
        # Most runs of a pipeline have that of the run before.
        found = next((each for each in known if each[0] == content), None)
        if found is None:
            found = (content, _read_or_skip(run))
            known.insert(0, found)
        if found[1] is not None:
            yield run, found[1]


def read_pipeline(run: Mapping[str, Any]) -> RunPipeline:
    """Read the pipeline of a run.

    Args:
        run: The run, as in JSON.

    Raises:
        ParseError: It isn't a pipeline.
        KfpkitError: An executor can't be read.
    """
    document = run["pipeline_spec"]
    content = _open_document(document)
    platforms = document.get("platform_spec", {}).get("platforms", {})
    spec = json_format.ParseDict(content, PipelineSpec(), ignore_unknown_fields=True)
    return RunPipeline(
        document=document,
        spec=spec,
        executors=read_executors(spec, containers=True),
        platforms=platforms.get("kubernetes", {}).get("deploymentSpec", {}).get("executors", {}),
    )


def _open_document(document: Mapping[str, Any]) -> Mapping[str, Any]:
    content: Mapping[str, Any] = document.get("pipeline_spec", document)
    return content


def _read_or_skip(run: Mapping[str, Any]) -> RunPipeline | None:
    try:
        found = read_pipeline(run)
    except (KfpkitError, json_format.ParseError, AttributeError, KeyError, TypeError):
        return None
    return found if found.name else None  # KFP 1 stores Argo's workflows


def _find_constant(mount: Mapping[str, Any]) -> str | None:
    value = mount.get("pvcNameParameter", {}).get("runtimeValue", {}).get("constant")
    found = mount.get("constant") or value
    # A placeholder is filled in by the run.
    return found if isinstance(found, str) and "{{" not in json.dumps(found) else None


def _describe_artifact(artifact: Any) -> dict[str, Any]:
    metadata = json_format.MessageToDict(artifact.metadata)
    kind = json_format.MessageToDict(artifact.artifact_type)
    return {"type": kind, **({"metadata": metadata} if metadata else {})}
