"""The request that creates a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message

from kfpkit.configuration import EffectiveConfiguration
from kfpkit.targets.arguments import list_arguments
from kfpkit.targets.identity import Origin, check_id, compute_digest, list_facts, make_id
from kfpkit.targets.labels import sanitize_label
from kfpkit.targets.target import VertexTarget
from kfpkit.targets.template import Template
from kfpkit.vertex import parse_message, print_message

_POLICIES = {
    "fast": "PIPELINE_FAILURE_POLICY_FAIL_FAST",
    "slow": "PIPELINE_FAILURE_POLICY_FAIL_SLOW",
}


@dataclass(frozen=True, kw_only=True)
class RunRequest:
    """A request that creates a run.

    Args:
        parent: The name of what has the run: `projects/PROJECT/locations/LOCATION`.
        run: The run's id.
        job: The `PipelineJob`.
        digest: The digest of what the run does. Its labels about who submits it are not in it.
    """

    parent: str
    run: str
    job: Message
    digest: str

    @property
    def name(self) -> str:
        """The run's full name."""
        return f"{self.parent}/pipelineJobs/{self.run}"

    @property
    def body(self) -> dict[str, Any]:
        """The body of the request, as in JSON."""
        return print_message(self.job)


def build_request(
    template: Template,
    configuration: EffectiveConfiguration,
    target: VertexTarget,
    *,
    origin: Origin,
    run: str | None = None,
) -> RunRequest:
    """Build the request that creates a run.

    Args:
        template: The compiled pipeline.
        configuration: The run's configuration, checked against the pipeline.
        target: Where it runs.
        origin: What it is submitted from.
        run: The run's id. By default, the pipeline's name, the time, and a part of the digest.

    Raises:
        InvalidRunIdError: The id has another form than Vertex AI allows.
        NullParameterError: A parameter would lose its null.
    """
    caching = configuration.given.settings.caching
    job = {
        "displayName": template.name,
        "pipelineSpec": dict(template.spec) if caching else template.without_caching(),
        "runtimeConfig": _make_runtime_config(template, configuration, target),
        **_make_surroundings(target),
    }
    # A message doesn't tell 3 from 3.0.
    digest = compute_digest(print_message(parse_message("PipelineJob", job)))
    if target.template_repository:
        job["templateUri"] = make_template_uri(target.template_repository, template)
    own = list_facts(template, configuration, target=target.name, origin=origin, digest=digest)
    labels = {**target.labels, **{key: sanitize_label(value) for key, value in own.items()}}
    return RunRequest(
        parent=target.parent,
        run=check_id(run) if run else make_id(template.name, digest),
        job=parse_message("PipelineJob", {**job, "labels": labels}),
        digest=digest,
    )


def make_template_uri(repository: str, template: Template) -> str:
    """Return the address of a compiled pipeline in Artifact Registry, by digest and not by tag.

    Args:
        repository: The repository.
        template: The compiled pipeline.
    """
    return f"{repository}/{template.name}/sha256:{template.digest}"


def _make_runtime_config(
    template: Template, configuration: EffectiveConfiguration, target: VertexTarget
) -> dict[str, Any]:
    values = list_arguments(template, configuration)
    policy = {"failurePolicy": _POLICIES[target.failure_policy]} if target.failure_policy else {}
    return {"gcsOutputDirectory": target.pipeline_root, "parameterValues": values, **policy}


def _make_surroundings(target: VertexTarget) -> dict[str, Any]:
    """Return the accounts, networks and keys of a job."""
    psc = target.psc_interface and {"networkAttachment": target.psc_interface}
    key = target.encryption_key and {"kmsKeyName": target.encryption_key}
    fields = {
        "serviceAccount": target.service_account,
        "network": target.network,
        "pscInterfaceConfig": psc,
        "encryptionSpec": key,
        "preflightValidations": target.preflight or None,
    }
    own = {"labels": dict(target.labels)} if target.labels else {}
    return {**own, **{name: value for name, value in fields.items() if value is not None}}
