"""The keys of a table of Vertex AI or its emulator, with their types, and all kinds of targets."""

from __future__ import annotations

import re
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, Field, StrictBool, StrictStr, model_validator
from pydantic.functional_validators import AfterValidator

from kfpkit.emulators import PROJECT
from kfpkit.targets.forms import MODEL, require_confirm, require_form
from kfpkit.targets.kubeflow_target import KubeflowTarget
from kfpkit.targets.labels import find_label_fault

_PROJECT = r"(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]"
_BUCKET = r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]"
_REGION = r"[a-z]+-[a-z]+[0-9]+"
_AREAS = frozenset({"us", "eu", "global"})
EXPERIMENT = r"[a-z0-9][a-z0-9-]{0,127}"
"""The form of an experiment's name."""


def _check_location(value: str) -> str:
    if re.fullmatch(f"{_REGION}-[a-z]", value):
        raise ValueError(f"that is a zone; write its region, `{value[:-2]}`")
    if re.fullmatch(_REGION, value) is None and value not in _AREAS:
        raise ValueError("write the name of a region, such as `europe-west4`")
    return value


def _check_labels(labels: dict[str, str]) -> dict[str, str]:
    for key, value in labels.items():
        fault = find_label_fault(key, value)
        if fault:
            raise ValueError(f"`{key}` isn't a valid label: {fault}")
    return labels


_Account = Annotated[
    StrictStr,
    require_form(
        r"[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com",
        "the email address of a service account, such as "
        "`pipelines@my-project.iam.gserviceaccount.com`",
    ),
]
_ROOT = require_form(rf"gs://{_BUCKET}(?:/[^/\s]+)*", "a folder such as `gs://my-bucket/pipelines`")
_Project = Annotated[StrictStr, require_form(_PROJECT, "the id of a project, such as `my-project`")]


class VertexTarget(BaseModel):
    """A project and a region in which Vertex AI runs pipelines.

    Args:
        name: The target's name, which is that of its table.
        kind: The kind of target.
        project: The id of the Google Cloud project.
        location: The region in which pipelines run, or `us`, `eu` or `global`. There is no default.
        pipeline_root: The folder in Cloud Storage for what runs write: `gs://BUCKET/FOLDER`.
        template_repository: A repository of Artifact Registry for compiled pipelines, with the
            format Kubeflow Pipelines: `https://LOCATION-kfp.pkg.dev/PROJECT/REPOSITORY`. By
            default, they are stored in the pipeline root.
        service_account: The account that tasks run as. By default, Vertex AI takes the project's
            default account of Compute Engine.
        network: The VPC network that tasks reach by peering, with the project's number:
            `projects/NUMBER/global/networks/NAME`.
        psc_interface: The network attachment by which tasks reach a VPC network with Private
            Service Connect: `projects/PROJECT/regions/REGION/networkAttachments/NAME`.
        encryption_key: The Cloud KMS key that encrypts what a run stores, in the same region:
            `projects/PROJECT/locations/REGION/keyRings/RING/cryptoKeys/KEY`.
        labels: Labels that every run gets.
        experiment: The experiment of Vertex AI that every run is added to.
        failure_policy: What happens to other tasks after one has failed: `fast` starts no more,
            `slow` completes what doesn't depend on it.
        preflight: Whether Vertex AI checks accounts, keys and quotas before it accepts a run.
        impersonate_service_account: The account that requests are made as, instead of your own.
        quota_project: The project whose quota requests use, instead of your credentials'.
        confirm: Whether a submission needs `--yes`, except in continuous integration, and a work
            tree without changes. For production.
        allow_dirty: Whether a work tree with changes is allowed all the same.
    """

    model_config = MODEL

    name: str = Field(exclude=True)
    kind: Literal["vertex", "emulator"]
    project: _Project
    location: Annotated[StrictStr, AfterValidator(_check_location)]
    pipeline_root: Annotated[StrictStr, _ROOT]
    template_repository: (
        Annotated[
            StrictStr,
            require_form(
                r"https://[a-z0-9-]+-kfp\.pkg\.dev/[^/\s]+/[a-z0-9-]+",
                "`https://LOCATION-kfp.pkg.dev/PROJECT/REPOSITORY`",
            ),
        ]
        | None
    ) = None
    service_account: _Account | None = None
    network: (
        Annotated[
            StrictStr,
            require_form(
                r"projects/[0-9]+/global/networks/[a-z0-9-]+",
                "`projects/NUMBER/global/networks/NAME`, with the project's number, which "
                "`gcloud projects describe PROJECT --format='value(projectNumber)'` prints",
            ),
        ]
        | None
    ) = None
    psc_interface: (
        Annotated[
            StrictStr,
            require_form(
                r"projects/[^/\s]+/regions/[^/\s]+/networkAttachments/[a-z0-9-]+",
                "`projects/PROJECT/regions/REGION/networkAttachments/NAME`",
            ),
        ]
        | None
    ) = None
    encryption_key: (
        Annotated[
            StrictStr,
            require_form(
                r"projects/[^/\s]+/locations/[^/\s]+/keyRings/[^/\s]+/cryptoKeys/[^/\s]+",
                "`projects/PROJECT/locations/REGION/keyRings/RING/cryptoKeys/KEY`",
            ),
        ]
        | None
    ) = None
    labels: Annotated[dict[StrictStr, StrictStr], AfterValidator(_check_labels)] = Field(
        default_factory=dict
    )
    experiment: (
        Annotated[
            StrictStr,
            require_form(EXPERIMENT, "lowercase letters, digits and `-`, at most 128 characters"),
        ]
        | None
    ) = None
    failure_policy: Literal["fast", "slow"] | None = None
    preflight: StrictBool = False
    impersonate_service_account: _Account | None = None
    quota_project: _Project | None = None
    confirm: StrictBool = False
    allow_dirty: StrictBool = False

    @property
    def parent(self) -> str:
        """The name of what has the target's runs: `projects/PROJECT/locations/LOCATION`."""
        return f"projects/{self.project}/locations/{self.location}"

    @property
    def place(self) -> str:
        """Where it is, as messages have it."""
        return f"project `{self.project}`"

    @property
    def bucket_location(self) -> str:
        """A location for the bucket, as commands name it. Every region is near a global target."""
        return "REGION" if self.location == "global" else self.location

    @property
    def bucket(self) -> str:
        """The bucket of the pipeline root."""
        return self.pipeline_root.removeprefix("gs://").partition("/")[0]

    @model_validator(mode="after")
    def _check_together(self) -> VertexTarget:
        if self.network and self.psc_interface:
            raise ValueError("`network` and `psc-interface` exclude each other; remove one")
        region = self.encryption_key and self.encryption_key.split("/")[3]
        if region and region != self.location:
            raise ValueError(
                f"`encryption-key` is in `{region}`; Vertex AI needs one in the target's location, "
                f"`{self.location}`"
            )
        require_confirm(confirm=self.confirm, allow_dirty=self.allow_dirty)
        return self


class EmulatorTarget(VertexTarget):
    """The emulator of Vertex AI on this machine, `kfpkit emulator vertex`.

    It has the keys of `VertexTarget`, and those below are the ones that have an effect.

    Args:
        name: The target's name, which is that of its table.
        kind: The kind of target.
        project: The id of a project. The emulator has all.
        location: The name of a region. The emulator has all.
        pipeline_root: The folder in the emulator of Cloud Storage for compiled pipelines.
        template_repository: A repository in the emulator of Artifact Registry for compiled
            pipelines: `https://LOCATION-kfp.pkg.dev/PROJECT/REPOSITORY`. By default, they are
            stored in the pipeline root.
        labels: Labels that every run gets.
        experiment: The experiment of Vertex AI that every run is added to.
        failure_policy: What happens to other tasks after one has failed: `fast` starts no more,
            `slow` completes what doesn't depend on it.
    """

    project: _Project = PROJECT
    location: Annotated[StrictStr, AfterValidator(_check_location)] = "europe-west4"
    pipeline_root: Annotated[StrictStr, _ROOT] = "gs://local-bucket/pipelines"


Target: TypeAlias = VertexTarget | KubeflowTarget
"""A target of any kind."""
