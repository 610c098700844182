"""Every method that is served, called with Google's generated clients over both transports."""

from __future__ import annotations

import json

import pytest

from kfpkit.emulators.servers.vertex.methods_table import list_rows

pytestmark = pytest.mark.slow

SCRIPT = """
import json, sys, time
import requests, yaml
from google.api_core.exceptions import GoogleAPICallError
from google.cloud import aiplatform_v1 as v1, artifactregistry_v1, resourcemanager_v3
from google.cloud.aiplatform_v1.types import Artifact, Context, Event, Execution, Model

transport, compiled = sys.argv[1:]
PARENT = "projects/my-project/locations/europe-west1"
STORE = f"{PARENT}/metadataStores/default"
called = set()


class Tracked:
    def __init__(self, client):
        self.client = client

    def __getattr__(self, name):
        function = getattr(self.client, name)

        def call(*arguments, **named):
            answer = function(*arguments, **named)
            result = answer.result() if hasattr(answer, "operation") else answer
            if hasattr(answer, "operation"):
                called.add("GetOperation")
            called.add("".join(part.capitalize() for part in name.split("_")))
            return result

        return call


def connect(kind):
    options = {"api_endpoint": "europe-west1-aiplatform.googleapis.com"}
    return Tracked(kind(transport=transport, client_options=options))


jobs, models = connect(v1.PipelineServiceClient), connect(v1.ModelServiceClient)
store = connect(v1.MetadataServiceClient)
projects = resourcemanager_v3.ProjectsClient(transport=transport)
project = projects.get_project(name="projects/my-project")
assert project.project_id == "my-project"
called.add("GetProject")

spec = yaml.safe_load(open(compiled))
def create(word, seconds=0.0):
    job = {
        "display_name": word, "pipeline_spec": spec,
        "runtime_config": {
            "gcs_output_directory": "gs://b/r",
            "parameter_values": {"word": word, "seconds": seconds},
        },
    }
    return jobs.create_pipeline_job(
        parent=PARENT, pipeline_job=job, pipeline_job_id=f"{word}-{transport}"
    ).name

def wait(name):
    while jobs.get_pipeline_job(name=name).state.value not in {4, 5, 7}:
        time.sleep(0.2)

slow = [create(f"slow{number}", 60.0) for number in range(3)]
jobs.cancel_pipeline_job(name=slow[0])
batch = jobs.batch_cancel_pipeline_jobs(parent=PARENT, names=slow[1:])
assert [each.name for each in batch.pipeline_jobs] == slow[1:]
for name in slow:
    wait(name)
ordered = list(jobs.list_pipeline_jobs(request={
    "parent": PARENT, "order_by": "create_time", "page_size": 1, "read_mask": {"paths": ["name"]},
    "filter": f'pipeline_job_user_id:"slow*-{transport}"',
}))
assert [each.name for each in ordered] == slow
assert not ordered[0].display_name
jobs.delete_pipeline_job(name=slow[0])
deleted = jobs.batch_delete_pipeline_jobs(parent=PARENT, names=slow[1:])
assert len(deleted.pipeline_jobs) == 2

first = models.upload_model(parent=PARENT, model=Model(display_name="m", version_aliases=["a1"]))
second = models.upload_model(request={
    "parent": PARENT, "parent_model": first.model, "model": Model(display_name="m"),
})
assert second.model_version_id == "2"
models.merge_version_aliases(name=f"{first.model}@2", version_aliases=["default", "b2"])
assert models.get_model(name=first.model).version_id == "2"
assert len(list(models.list_model_versions(name=first.model))) == 2
assert first.model in [each.name for each in models.list_models(parent=PARENT)]
changed = Model(name=first.model, description="new")
changed = models.update_model(model=changed, update_mask={"paths": ["description"]})
assert changed.description == "new"
operation = requests.delete(
    f"https://europe-west1-aiplatform.googleapis.com/v1/{first.model}@1:deleteVersion"
).json()["name"]
models.cancel_operation(request={"name": operation})
other = models.upload_model(request={
    "parent": PARENT, "parent_model": first.model, "model": Model(display_name="m"),
})
models.delete_model_version(name=f"{first.model}@{other.model_version_id}")
models.delete_model(name=first.model)

try:
    store.create_metadata_store(parent=PARENT, metadata_store={}, metadata_store_id="default")
except GoogleAPICallError as error:
    assert error.code == 409
other = {"parent": PARENT, "metadata_store": {}, "metadata_store_id": f"s-{transport}"}
assert store.create_metadata_store(request=other)
assert store.get_metadata_store(name=STORE).name.endswith("/default")
made = {}
for kind in (Artifact, Execution, Context):
    name = kind.__name__.lower()
    made[name] = getattr(store, f"create_{name}")(
        **{"parent": STORE, name: kind(display_name=transport), f"{name}_id": f"{name}-{transport}"}
    )
    assert getattr(store, f"get_{name}")(name=made[name].name).display_name == transport
    request = {"parent": STORE, "filter": f'display_name="{transport}"'}
    listed = getattr(store, f"list_{name}s")(request=request)
    assert made[name].name in [each.name for each in listed]
    made[name].display_name = "new"
    assert getattr(store, f"update_{name}")(**{name: made[name]}).display_name == "new"
artifact, execution, context = (made[each].name for each in ("artifact", "execution", "context"))
store.add_context_artifacts_and_executions(
    context=context, artifacts=[artifact], executions=[execution]
)
store.add_execution_events(
    execution=execution, events=[Event(artifact=artifact, type_=Event.Type.INPUT)]
)
assert len(store.query_context_lineage_subgraph(context=context).events) == 1
assert store.query_execution_inputs_and_outputs(execution=execution).artifacts[0].name == artifact
child = store.create_context(parent=STORE, context=Context(), context_id=f"child-{transport}").name
store.add_context_children(context=context, child_contexts=[child])
assert len(store.get_context(name=child).parent_contexts) == 1
store.remove_context_children(request={"context": context, "child_contexts": [child]})
assert not store.get_context(name=child).parent_contexts
for name in ("artifact", "execution", "context"):
    getattr(store, f"delete_{name}")(name=made[name].name)

repository = f"{PARENT}/repositories/r-{transport}"
version = requests.post(
    f"https://europe-west1-kfp.pkg.dev/my-project/r-{transport}",
    files={"content": open(compiled, "rb"), "tags": (None, "first")},
).text.partition("/")[2]
registry = Tracked(artifactregistry_v1.ArtifactRegistryClient(transport=transport))
package = f"{repository}/packages/letters"
assert registry.get_package(name=package).name == package
assert [each.name for each in registry.list_packages(parent=repository)] == [package]
name = f"{package}/versions/{version}"
assert not registry.get_version(name=name).related_tags
full = registry.get_version(request={"name": name, "view": "FULL"})
assert [each.name for each in full.related_tags] == [f"{package}/tags/first"]
listed = list(registry.list_versions(request={"parent": package, "view": "FULL"}))
assert listed == [full]
tag = registry.create_tag(parent=package, tag_id="second", tag={"version": name})
assert registry.get_tag(name=tag.name) == tag
assert registry.update_tag(tag=tag, update_mask={"paths": ["version"]}) == tag
request = {"parent": package, "filter": f'version="{name}"', "page_size": 1}
assert {each.name for each in registry.list_tags(request=request)} == {
    tag.name, f"{package}/tags/first"
}
registry.delete_tag(name=tag.name)
registry.delete_version(request={"name": name, "force": True})
assert not list(registry.list_tags(parent=package))
registry.delete_package(name=package)
print(json.dumps(sorted(called)))
"""


@pytest.mark.parametrize("transport", ["rest", "grpc"])
def test_every_served_method_works_with_the_generated_client(transport, run_client, compiled):
    done = run_client(SCRIPT, transport, str(compiled))
    assert done.returncode == 0, done.stderr
    called = json.loads(done.stdout.splitlines()[-1])
    assert called == sorted({row.name for row in list_rows() if row.is_served and row.has_rpc})
