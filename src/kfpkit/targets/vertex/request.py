"""The request that creates a run."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from google.protobuf.message import Message

from kfpkit.configuration import EffectiveConfiguration
from kfpkit.errors import InvalidRunIdError, NullParameterError
from kfpkit.targets.labels import OWN, sanitize_label
from kfpkit.targets.target import VertexTarget
from kfpkit.targets.vertex.template import Template
from kfpkit.vertex import parse_message, print_message

REQUEST_LABEL = f"{OWN}request"
"""The label with the digest of the request."""

_LONGEST_ID = 127
_ID = re.compile(rf"[a-z][-a-z0-9]{{0,{_LONGEST_ID - 1}}}")
_DIGITS = 32  # of a digest in a label: half of a SHA-256, and half of what a label may have
_POLICIES = {
    "fast": "PIPELINE_FAILURE_POLICY_FAIL_FAST",
    "slow": "PIPELINE_FAILURE_POLICY_FAIL_SLOW",
}


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a run was submitted from.

    Args:
        revision: The commit of the project, `-dirty` with changes. None outside a repository.
        user: Who submits it.
    """

    revision: str | None = None
    user: str | None = None


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
    digest = _hash(print_message(parse_message("PipelineJob", job)))
    if target.template_repository:
        job["templateUri"] = make_template_uri(target.template_repository, template)
    own = {
        REQUEST_LABEL: digest[:_DIGITS],
        f"{OWN}target": target.name,
        f"{OWN}template": template.digest[:_DIGITS],
        f"{OWN}config": _hash(dict(configuration.parameters), caching)[:_DIGITS],
        **({f"{OWN}revision": origin.revision} if origin.revision else {}),
        **({f"{OWN}user": origin.user} if origin.user else {}),
    }
    labels = {**target.labels, **{key: sanitize_label(value) for key, value in own.items()}}
    return RunRequest(
        parent=target.parent,
        run=_check_id(run) if run else make_id(template.name, digest),
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


def make_id(pipeline: str, digest: str, now: datetime | None = None) -> str:
    """Return an id for a run, which no other run has.

    Args:
        pipeline: The pipeline's name.
        digest: The digest of the request.
        now: The time. By default, the current time.
    """
    at = (now or datetime.now(timezone.utc)).astimezone(timezone.utc)
    # Two runs of one request in one second are two runs.
    end = f"-{at:%Y%m%d%H%M%S}-{digest[:6]}{secrets.token_hex(2)}"
    name = re.sub(r"[^a-z0-9]+", "-", pipeline.lower()).strip("-")
    name = name if name[:1].isalpha() else f"run-{name}".rstrip("-")
    return f"{name[: _LONGEST_ID - len(end)].rstrip('-')}{end}"


def _make_runtime_config(
    template: Template, configuration: EffectiveConfiguration, target: VertexTarget
) -> dict[str, Any]:
    declared = template.spec["root"].get("inputDefinitions", {}).get("parameters", {})
    values = {}
    for name, value in configuration.arguments.items():
        if value is not None:
            values[name] = value
        elif "defaultValue" in declared[name]:
            raise NullParameterError(
                name=name,
                default=declared[name]["defaultValue"],
                origin=str(configuration.origins[name]),
            )
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


def _check_id(run: str) -> str:
    if _ID.fullmatch(run) is None:
        raise InvalidRunIdError(run=run, longest=_LONGEST_ID)
    return run


def _hash(*values: Mapping[str, Any] | bool) -> str:
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
