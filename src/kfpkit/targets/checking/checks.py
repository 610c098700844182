"""Questions to the services of Google Cloud about a target."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from google.auth.transport.requests import Request

from kfpkit.project import Project
from kfpkit.targets.checking.finding import Finding, Verdict
from kfpkit.targets.vertex.service import Connection, describe_missing_bucket

_APIS = ("aiplatform", "storage", "logging")
_CREATE = ("aiplatform.pipelineJobs.create", "aiplatform.pipelineJobs.get")
_LOGS = "logging.logEntries.list"
_OBJECTS = "storage.objects.create"
_ACT_AS = "iam.serviceAccounts.actAs"
_DOWNLOAD = "artifactregistry.repositories.downloadArtifacts"
_ROLES = {
    **dict.fromkeys(_CREATE, "roles/aiplatform.user"),
    _LOGS: "roles/logging.viewer",
    _OBJECTS: "roles/storage.objectUser",
    _ACT_AS: "roles/iam.serviceAccountUser",
    _DOWNLOAD: "roles/artifactregistry.reader",
}
_REPOSITORY = re.compile(r"([a-z0-9-]+)-docker\.pkg\.dev/([^/]+)/([^/]+)")
# A bucket in several regions is in those whose names begin so.
_AREAS = {"EU": "europe-", "US": "us-", "ASIA": "asia-"}


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is checked.

    Args:
        connection: A connection to the target's services.
        project: The project that has the target and the registry.
    """

    connection: Connection
    project: Project

    @property
    def member(self) -> str:
        """The account, as policies name it."""
        account = self.connection.credentials.account
        return f"serviceAccount:{account}" if account else "user:YOUR_ADDRESS"

    def find_missing(
        self, service: str, path: str, permissions: Sequence[str]
    ) -> list[tuple[str, str]]:
        """Return the permissions that the account lacks on a resource, with roles that have them.

        Args:
            service: The service of the resource.
            path: The resource's path.
            permissions: The permissions.
        """
        body = {"permissions": list(permissions)}
        answer = self.connection.send(service, "POST", f"{path}:testIamPermissions", body=body)
        held = set(answer.get("permissions", ()))
        return [(each, _ROLES[each]) for each in permissions if each not in held]


Check = Callable[[Subject], Iterator[Finding]]


def check_credentials(subject: Subject) -> Iterator[Finding]:
    """Check that the credentials can be renewed."""
    found = subject.connection.credentials

    def renew() -> None:
        found.credentials.refresh(Request(session=subject.connection.session))

    subject.connection.repeat("oauth2", renew)
    yield _approve("credentials", found.owner.replace("`", ""))


def check_apis(subject: Subject) -> Iterator[Finding]:
    """Check that the APIs are enabled."""
    target = subject.connection.target
    wanted = [*_APIS, *(["cloudkms"] if target.encryption_key else [])]
    names = [f"projects/{target.project}/services/{each}.googleapis.com" for each in wanted]
    path = f"/v1/projects/{target.project}/services:batchGet"
    answer = subject.connection.send("serviceusage", "GET", path, query={"names": names})
    enabled = {
        str(each.get("name", "")).rpartition("/")[2]
        for each in answer.get("services", ())
        if each.get("state") == "ENABLED"
    }
    missing = [f"{each}.googleapis.com" for each in wanted]
    missing = [each for each in missing if each not in enabled]
    if missing:
        command = f"gcloud services enable {' '.join(missing)} --project {target.project}"
        yield _refuse("APIs", f"not enabled: {', '.join(missing)}", command)
    else:
        yield _approve("APIs", "enabled")


def check_permissions(subject: Subject) -> Iterator[Finding]:
    """Check what the account may do in the project."""
    target = subject.connection.target
    path = f"/v1/projects/{target.project}"
    missing = subject.find_missing("cloudresourcemanager", path, (*_CREATE, _LOGS))
    for role in dict.fromkeys(role for _, role in missing):
        lacking = ", ".join(each for each, own in missing if own == role)
        command = (
            f"gcloud projects add-iam-policy-binding {target.project} "
            f"--member {subject.member} --role {role}"
        )
        yield _refuse("permissions", f"missing: {lacking}", command)
    if not missing:
        yield _approve("permissions", "runs can be created, and logs can be read")


def check_bucket(subject: Subject) -> Iterator[Finding]:
    """Check that the bucket exists, is in the target's region, and can be written to."""
    connection, bucket = subject.connection, subject.connection.target.bucket
    found = connection.find("storage", f"/storage/v1/b/{bucket}")
    if found is None:
        error = describe_missing_bucket(connection, bucket, "not found")
        yield _refuse("bucket", f"`{bucket}` doesn't exist", error.remedy)
        return
    location = str(found.get("location", ""))
    if not _is_near(location, connection.target.location):
        yield _refuse(
            "bucket",
            f"`{bucket}` is in {location.lower()}, and pipelines run in "
            f"{connection.target.location}",
            f"gcloud storage buckets create gs://NEW_NAME --project {connection.target.project} "
            f"--location {connection.target.bucket_location}",
        )
    path = f"/storage/v1/b/{bucket}/iam/testPermissions"
    answer = connection.send("storage", "GET", path, query={"permissions": _OBJECTS})
    if _OBJECTS not in answer.get("permissions", ()):
        command = (
            f"gcloud storage buckets add-iam-policy-binding gs://{bucket} "
            f"--member {subject.member} --role {_ROLES[_OBJECTS]}"
        )
        yield _refuse("bucket", f"missing: {_OBJECTS} on `{bucket}`", command)
    elif _is_near(location, connection.target.location):
        yield _approve("bucket", f"`{bucket}` in {location.lower()}")


def check_service_account(subject: Subject) -> Iterator[Finding]:
    """Check that the account may run tasks as the target's service account."""
    account = subject.connection.target.service_account
    if account is None:
        yield Finding(
            subject="service account",
            verdict=Verdict.UNKNOWN,
            detail="none; tasks run as the default account of Compute Engine",
        )
        return
    path = f"/v1/projects/-/serviceAccounts/{account}"
    if subject.connection.find("iam", path) is None:
        name, _, host = account.partition("@")
        command = f"gcloud iam service-accounts create {name} --project {host.split('.')[0]}"
        yield _refuse("service account", f"`{account}` doesn't exist", command)
    elif subject.find_missing("iam", path, (_ACT_AS,)):
        command = (
            f"gcloud iam service-accounts add-iam-policy-binding {account} "
            f"--member {subject.member} --role {_ROLES[_ACT_AS]}"
        )
        yield _refuse("service account", f"missing: {_ACT_AS} on `{account}`", command)
    else:
        yield _approve("service account", f"`{account}`")


def check_images(subject: Subject) -> Iterator[Finding]:
    """Check that the account may read the registry's images."""
    registry = subject.project.registry
    found = _REPOSITORY.match(registry)
    if found is None:
        yield Finding(
            subject="images",
            verdict=Verdict.UNKNOWN,
            detail=f"the registry `{registry}` isn't Artifact Registry",
        )
        return
    location, project, repository = found.groups()
    path = f"/v1/projects/{project}/locations/{location}/repositories/{repository}"
    place = f"{repository} --project {project} --location {location}"
    if subject.connection.find("artifactregistry", path) is None:
        command = f"gcloud artifacts repositories create {place} --repository-format docker"
        yield _refuse("images", f"the repository `{registry}` doesn't exist", command)
    elif subject.find_missing("artifactregistry", path, (_DOWNLOAD,)):
        command = (
            f"gcloud artifacts repositories add-iam-policy-binding {place} "
            f"--member {subject.member} --role {_ROLES[_DOWNLOAD]}"
        )
        yield _refuse("images", f"missing: {_DOWNLOAD} on `{registry}`", command)
    else:
        yield _approve("images", f"can be read in `{registry}`")


def check_key(subject: Subject) -> Iterator[Finding]:
    """Check that the encryption key exists and is enabled."""
    key = subject.connection.target.encryption_key
    if key is None:
        return
    found = subject.connection.find("cloudkms", f"/v1/{key}")
    _, _, _, location, _, ring, _, name = key.split("/")
    place = f"{name} --keyring {ring} --location {location} --project {key.split('/')[1]}"
    if found is None:
        command = f"gcloud kms keys create {place} --purpose encryption"
        yield _refuse("encryption key", f"`{key}` doesn't exist", command)
        return
    state = found.get("primary", {}).get("state", "without a primary version")
    if state != "ENABLED":
        version = str(found.get("primary", {}).get("name", "")).rpartition("/")[2] or "VERSION"
        command = f"gcloud kms keys versions enable {version} --key {place}"
        yield _refuse("encryption key", f"`{key}` is {state.lower()}", command)
    else:
        yield _approve("encryption key", f"`{name}` in {location}")


CHECKS: tuple[Check, ...] = (
    check_apis,
    check_permissions,
    check_bucket,
    check_service_account,
    check_images,
    check_key,
)
"""The checks that need credentials."""


def _is_near(location: str, region: str) -> bool:
    """Return whether a bucket's location has a region."""
    if region == "global":
        return True
    area = _AREAS.get(location.upper())
    if region.upper() in _AREAS:  # it has several regions itself
        return location.upper() == region.upper() or location.lower().startswith(
            _AREAS[region.upper()]
        )
    return region.startswith(area) if area else location.lower() == region


def _approve(subject: str, detail: str) -> Finding:
    return Finding(subject=subject, verdict=Verdict.GOOD, detail=detail)


def _refuse(subject: str, detail: str, remedy: str) -> Finding:
    return Finding(subject=subject, verdict=Verdict.WRONG, detail=detail, remedy=remedy)
