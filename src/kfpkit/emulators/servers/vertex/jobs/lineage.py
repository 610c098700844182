"""The metadata of jobs: contexts of pipelines and of jobs, executions, and artifacts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..google_messages import make_message, print_message
from ..names import find_location, read_clock, split_name, write_time
from ..store import Store
from .details import find_store

MEMBERS = "member of context"
CHILDREN = "child of context"
EVENTS = "event"


class Lineage:
    """Writes the metadata of jobs, as Vertex AI's pipelines do."""

    def __init__(self, store: Store) -> None:
        """Write to the `store`."""
        self._store = store

    def open_store(self, name: str) -> Any:
        """Return a metadata store, which is created unless it exists."""
        found = self._store.read("MetadataStore", name)
        if found is None:
            found = make_message("MetadataStore", {"name": name, "state": {}})
            found.create_time.FromDatetime(read_clock())
            found.update_time.FromDatetime(read_clock())
            self._store.put("MetadataStore", name, find_location(name), found, {})
        return found

    def describe_contexts(self, job: Any) -> dict[str, Any]:
        """Return the contexts of a job and of its pipeline, and store them once."""
        self.open_store(find_store(job.name))
        pipeline, run = self._name_contexts(job)
        contexts = {
            "pipelineContext": self._find_context(pipeline, "system.Pipeline"),
            "pipelineRunContext": self._find_context(run, "system.PipelineRun", pipeline),
        }
        return {key: print_message(value) for key, value in contexts.items()}

    def record_task(self, job: Any, detail: Mapping[str, Any]) -> None:
        """Store the execution of a task that has ended, with its artifacts."""
        self.describe_contexts(job)
        execution = detail["execution"]
        message = make_message("Execution", execution)
        self.put("Execution", message)
        for context in self._name_contexts(job):
            self._store.link(MEMBERS, context, message.name)
        for way, key in (("INPUT", "inputs"), ("OUTPUT", "outputs")):
            for each in detail.get(key, {}).values():
                for artifact in each["artifacts"]:
                    self._record_artifact(job, message.name, artifact, way)

    def _record_artifact(
        self, job: Any, execution: str, artifact: Mapping[str, Any], way: str
    ) -> None:
        if self._store.get(artifact["name"]) is None:
            self.put("Artifact", make_message("Artifact", artifact))
        for context in self._name_contexts(job):
            self._store.link(MEMBERS, context, artifact["name"])
        self._store.link(EVENTS, execution, artifact["name"], way)

    def put(self, kind: str, message: Any, *, new: bool = False) -> None:
        """Store an artifact, execution or context with the fields of its list."""
        now = read_clock()
        if not message.HasField("create_time"):
            message.create_time.FromDatetime(now)
        message.update_time.FromDatetime(now)
        parent = message.name.rsplit("/", 2)[0]
        self._store.put(kind, message.name, parent, message, list_fields(message), new=new)

    def _find_context(self, name: str, schema: str, parent: str = "") -> Any:
        found = self._store.read("Context", name)
        if found is not None:
            return found
        last = split_name(name)[1]
        content = {"name": name, "displayName": last, "schemaTitle": schema}
        context = make_message("Context", {**content, "schemaVersion": "0.0.1"})
        if parent:
            context.parent_contexts.append(parent)
            self._store.link(CHILDREN, parent, name)
        self.put("Context", context)
        return context

    def _name_contexts(self, job: Any) -> tuple[str, str]:
        store = find_store(job.name)
        info = job.pipeline_spec.fields["pipelineInfo"].struct_value
        pipeline = info.fields["name"].string_value
        return f"{store}/contexts/{pipeline}", f"{store}/contexts/{split_name(job.name)[1]}"


def list_fields(message: Any) -> dict[str, Any]:
    """Return the fields by which lists of metadata are filtered and ordered."""
    values = print_message(message)
    return {
        "name": message.name,
        "display_name": message.display_name,
        "schema_title": message.schema_title,
        "schema_version": message.schema_version,
        "state": getattr(message, "state", 0),
        "uri": getattr(message, "uri", ""),
        "labels": dict(message.labels),
        "metadata": values.get("metadata", {}),
        "create_time": write_time(message.create_time.ToDatetime(read_clock().tzinfo)),
        "update_time": write_time(message.update_time.ToDatetime(read_clock().tzinfo)),
    }
