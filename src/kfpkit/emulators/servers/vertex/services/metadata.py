"""MetadataService: artifacts, executions and contexts, as experiments and pipelines use them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..filtering import Fields
from ..filtering.conditions import MAP, TEXT, TIME, VALUES, Field
from ..google_messages import find_message
from ..jobs.lineage import CHILDREN, EVENTS, MEMBERS, Lineage
from ..listing import Page, Query, list_page
from ..names import Projects, make_id, read_clock, require_location
from ..refusals import existing, invalid, missing
from ..store import Store
from .operations import Operations
from .updates import apply_mask

STORE = "MetadataStore"
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,127}", re.IGNORECASE)
_ORDERS = ("create_time", "update_time", "display_name", "name")
_TYPES = {"INPUT": 1, "OUTPUT": 2}


@dataclass(frozen=True, kw_only=True)
class Collection:
    """A kind of resources in a store.

    Args:
        kind: The message.
        name: The part of the names.
        field: The field of requests with the message.
    """

    kind: str
    name: str
    field: str


COLLECTIONS = (
    Collection(kind="Artifact", name="artifacts", field="artifact"),
    Collection(kind="Execution", name="executions", field="execution"),
    Collection(kind="Context", name="contexts", field="context"),
)


class Metadata:
    """The metadata stores with their resources."""

    def __init__(self, store: Store, projects: Projects, operations: Operations) -> None:
        """Keep the resources in the `store`."""
        self._store = store
        self._projects = projects
        self._operations = operations
        self._lineage = Lineage(store)

    @property
    def methods(self) -> dict[str, Any]:
        """The functions of the service."""
        functions: dict[str, Any] = {
            "CreateMetadataStore": self.create_store,
            "GetMetadataStore": self.get_store,
            "AddContextArtifactsAndExecutions": self.add_members,
            "AddContextChildren": self.add_children,
            "RemoveContextChildren": self.remove_children,
            "QueryContextLineageSubgraph": self.query_context,
            "AddExecutionEvents": self.add_events,
            "QueryExecutionInputsAndOutputs": self.query_execution,
        }
        for each in COLLECTIONS:
            functions[f"Create{each.kind}"] = partial(self.create, each)
            functions[f"Get{each.kind}"] = partial(self.get_one, each)
            functions[f"List{each.kind}s"] = partial(self.list_all, each)
            functions[f"Update{each.kind}"] = partial(self.update, each)
            functions[f"Delete{each.kind}"] = partial(self.delete, each)
        return functions

    def create_store(self, request: Any) -> Any:
        """Create a metadata store."""
        parent = self._projects.canonize(request.parent)
        require_location(parent)
        name = f"{parent}/metadataStores/{request.metadata_store_id or make_id()}"
        if self._store.get(name) is not None:
            raise existing(name)
        found = self._lineage.open_store(name)
        metadata = find_message("CreateMetadataStoreOperationMetadata")()
        return self._operations.start(name, metadata, found)

    def get_store(self, request: Any) -> Any:
        """Return a metadata store."""
        return self._read(STORE, request.name)

    def _read(self, kind: str, name: str) -> Any:
        found = self._projects.canonize(name)
        message = self._store.read(kind, found)
        if message is None:
            raise missing(kind, found)
        return message

    def create(self, collection: Collection, request: Any) -> Any:
        """Create a resource."""
        parent = self._projects.canonize(request.parent)
        self._read(STORE, parent)
        wanted = getattr(request, f"{collection.field}_id") or make_id()
        if not _ID.fullmatch(wanted):
            raise invalid(f"Invalid `{collection.field}_id`: `{wanted}`. Use {_ID.pattern}.")
        message = find_message(collection.kind)()
        message.CopyFrom(getattr(request, collection.field))
        message.name = f"{parent}/{collection.name}/{wanted}"
        message.ClearField("create_time")
        if self._store.get(message.name) is not None:
            raise existing(message.name)
        return self._put(collection, message)

    def _put(self, collection: Collection, message: Any) -> Any:
        message.etag = str(int(read_clock().timestamp() * 1000))
        self._lineage.put(collection.kind, message)
        return message

    def get_one(self, collection: Collection, request: Any) -> Any:
        """Return a resource."""
        return self._read(collection.kind, request.name)

    def list_all(self, collection: Collection, request: Any) -> Page:
        """List a page of resources."""
        parent = self._projects.canonize(request.parent)
        query = Query(
            kind=collection.kind,
            parent=parent,
            fields=self._describe_fields(collection),
            orders=_ORDERS,
            filter=request.filter,
            order_by=request.order_by,
            page_size=request.page_size,
            page_token=request.page_token,
        )
        rows, token = list_page(self._store, query)
        response = f"List{collection.kind}sResponse"
        return Page(
            response=response,
            field=collection.name,
            kind=collection.kind,
            rows=rows,
            token=token,
        )

    def _describe_fields(self, collection: Collection) -> Fields:
        functions: dict[str, Any] = {"in_context": partial(self._select, MEMBERS)}
        links: dict[str, Any] = {}
        if collection.kind == "Context":
            functions = {}
            links = {
                "parent_contexts": partial(self._select, CHILDREN),
                "child_contexts": partial(self._select, CHILDREN, wanted="source"),
            }
        fields = {
            **dict.fromkeys(("name", "display_name", "schema_title", "uri"), TEXT),
            "state": _describe_states(collection.kind),
            "create_time": TIME,
            "update_time": TIME,
            "labels": MAP,
            "metadata": VALUES,
        }
        return Fields(fields=fields, functions=functions, links=links)

    def _select(self, kind: str, name: str, *, wanted: str = "target") -> tuple[str, list[Any]]:
        """Return the condition that resources are linked to another one."""
        given = "source" if wanted == "target" else "target"
        condition = f"name IN (SELECT {wanted} FROM links WHERE kind = ? AND {given} = ?)"
        return condition, [kind, self._projects.canonize(name)]

    def update(self, collection: Collection, request: Any) -> Any:
        """Change fields of a resource. With `allow_missing`, create it."""
        given = getattr(request, collection.field)
        name = self._projects.canonize(given.name)
        message = self._store.read(collection.kind, name)
        if message is None:
            if not request.allow_missing:
                raise missing(collection.kind, name)
            message = find_message(collection.kind)(name=name)
        apply_mask(given, message, request.update_mask.paths)
        return self._put(collection, message)

    def delete(self, collection: Collection, request: Any) -> Any:
        """Delete a resource with its links."""
        message = self._read(collection.kind, request.name)
        self._store.delete(message.name)
        metadata = find_message("DeleteOperationMetadata")()
        empty = find_message("google.protobuf.Empty")()
        return self._operations.start(message.name.rsplit("/", 2)[0], metadata, empty)

    def add_members(self, request: Any) -> Any:
        """Add artifacts and executions to a context."""
        context = self._read("Context", request.context)
        for kind, names in (("Artifact", request.artifacts), ("Execution", request.executions)):
            for name in names:
                self._store.link(MEMBERS, context.name, self._read(kind, name).name)
        return find_message("AddContextArtifactsAndExecutionsResponse")()

    def add_children(self, request: Any) -> Any:
        """Make contexts the children of another one."""
        context = self._read("Context", request.context)
        for name in request.child_contexts:
            child = self._read("Context", name)
            if context.name not in child.parent_contexts:
                child.parent_contexts.append(context.name)
                self._lineage.put("Context", child)
            self._store.link(CHILDREN, context.name, child.name)
        return find_message("AddContextChildrenResponse")()

    def remove_children(self, request: Any) -> Any:
        """Separate contexts from their parent."""
        context = self._read("Context", request.context)
        for name in request.child_contexts:
            child = self._read("Context", name)
            if context.name in child.parent_contexts:
                child.parent_contexts.remove(context.name)
                self._lineage.put("Context", child)
            self._store.unlink(CHILDREN, context.name, child.name)
        return find_message("RemoveContextChildrenResponse")()

    def query_context(self, request: Any) -> Any:
        """Return the members of a context, with the events of its executions."""
        context = self._read("Context", request.context)
        names = [target for _, target, _ in self._store.list_links(MEMBERS, source=context.name)]
        return self._make_graph(names)

    def query_execution(self, request: Any) -> Any:
        """Return an execution with its inputs and outputs."""
        execution = self._read("Execution", request.execution)
        links = self._store.list_links(EVENTS, source=execution.name)
        return self._make_graph([execution.name, *(target for _, target, _ in links)])

    def _make_graph(self, names: list[str]) -> Any:
        graph = find_message("LineageSubgraph")()
        for name in names:
            if "/executions/" in name:
                graph.executions.append(self._store.read("Execution", name))
                for source, target, way in self._store.list_links(EVENTS, source=name):
                    graph.events.add(execution=source, artifact=target, type_=_TYPES[way])
            else:
                graph.artifacts.append(self._store.read("Artifact", name))
        return graph

    def add_events(self, request: Any) -> Any:
        """Join artifacts to an execution, as inputs or outputs."""
        execution = self._read("Execution", request.execution)
        words = {number: word for word, number in _TYPES.items()}
        for event in request.events:
            if event.type_ not in words:
                raise invalid("Invalid event: `type` must be INPUT or OUTPUT.")
            artifact = self._read("Artifact", event.artifact)
            self._store.link(EVENTS, execution.name, artifact.name, words[event.type_])
        return find_message("AddExecutionEventsResponse")()


def _describe_states(kind: str) -> Field:
    field = find_message(kind).DESCRIPTOR.fields_by_name.get("state")
    if field is None:
        return TEXT
    values = field.enum_type.values_by_name
    return Field(words={name: value.number for name, value in values.items()})
