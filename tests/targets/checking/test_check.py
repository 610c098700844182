"""Each fault of a target is found, with the command that mends it."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from google.oauth2.credentials import Credentials
from vertex_server import make_error, serve_vertex

from kfpkit.targets import VertexTarget
from kfpkit.targets.checking import Verdict, check_target
from kfpkit.targets.patience import Patience
from kfpkit.targets.vertex.service import TargetCredentials, connect

ACCOUNT = "pipelines@my-project.iam.gserviceaccount.com"
KEY = "projects/my-project/locations/europe-west4/keyRings/ring/cryptoKeys/key"
REPOSITORY = "/v1/projects/images/locations/europe/repositories/kfpkit"
TARGET = {
    "name": "dev",
    "kind": "vertex",
    "project": "my-project",
    "location": "europe-west4",
    "pipeline-root": "gs://my-bucket/root",
    "service-account": ACCOUNT,
    "encryption-key": KEY,
}
SERVICES = (
    *("aiplatform", "storage", "logging", "iam", "cloudkms", "serviceusage"),
    *("cloudresourcemanager", "artifactregistry"),
)
ENABLE = ("GET", "/v1/projects/my-project/services:batchGet")
MAY = ("POST", "/v1/projects/my-project:testIamPermissions")
BUCKET = ("GET", "/storage/v1/b/my-bucket")
WRITE = ("GET", "/storage/v1/b/my-bucket/iam")
EXISTS = ("GET", f"/v1/projects/-/serviceAccounts/{ACCOUNT}")
ACT = ("POST", f"/v1/projects/-/serviceAccounts/{ACCOUNT}:testIamPermissions")
READ = ("POST", f"{REPOSITORY}:testIamPermissions")


def grant(_path, _query, body):
    return 200, {"permissions": body["permissions"]}


def enable(_path, query, _body):
    return 200, {"services": [{"name": name, "state": "ENABLED"} for name in query["names"]]}


@pytest.fixture
def server():
    with serve_vertex() as found:
        found.answers = {
            ("POST", "/token"): (200, {"access_token": "new", "expires_in": 3600}),
            ENABLE: enable,
            MAY: grant,
            WRITE: (200, {"permissions": ["storage.objects.create"]}),
            BUCKET: (200, {"location": "EUROPE-WEST4"}),
            ACT: grant,
            EXISTS: (200, {"email": ACCOUNT}),
            READ: grant,
            ("GET", REPOSITORY): (200, {"format": "DOCKER"}),
            ("GET", f"/v1/{KEY}"): (200, {"primary": {"state": "ENABLED"}}),
        }
        yield found


@pytest.fixture
def check(server):
    """Return the findings about a target, by verdict and subject."""

    def run(registry="europe-docker.pkg.dev/images/kfpkit", **keys):
        own = Credentials(
            "old",
            refresh_token="r",
            token_uri=f"{server.address}/token",
            client_id="c",
            client_secret="s",
            expiry=datetime.utcnow() - timedelta(hours=1),  # noqa: DTZ003 - google-auth wants it
        )
        connection = connect(
            VertexTarget.model_validate({**TARGET, **keys}),
            credentials=TargetCredentials(credentials=own),
            addresses=dict.fromkeys(SERVICES, server.address),
            patience=Patience(first=0.01, longest=0.02, total=0.3, request=0.5),
        )
        return list(check_target(connection, SimpleNamespace(registry=registry)))

    return run


def find_wrong(findings):
    [wrong] = [each for each in findings if each.verdict is Verdict.WRONG]
    return wrong


def test_a_target_without_a_fault_is_good(check):
    findings = check()
    assert [(each.subject, each.detail) for each in findings] == [
        ("credentials", "your account"),
        ("APIs", "enabled"),
        ("permissions", "runs can be created, and logs can be read"),
        ("bucket", "`my-bucket` in europe-west4"),
        ("service account", f"`{ACCOUNT}`"),
        ("images", "can be read in `europe-docker.pkg.dev/images/kfpkit`"),
        ("encryption key", "`key` in europe-west4"),
    ]
    assert {each.verdict for each in findings} == {Verdict.GOOD}


def test_credentials_that_are_refused_end_the_check(check, server):
    server.answers["POST", "/token"] = (400, {"error": "invalid_grant"})
    [finding] = check()
    assert finding.verdict is Verdict.WRONG
    assert "Run `gcloud auth application-default login`." in finding.detail


def test_an_api_that_is_not_enabled_is_named(check, server):
    def disable(_path, query, _body):
        states = ["DISABLED" if "logging" in name else "ENABLED" for name in query["names"]]
        found = zip(query["names"], states, strict=True)
        return 200, {"services": [{"name": name, "state": state} for name, state in found]}

    server.answers[ENABLE] = disable
    wrong = find_wrong(check())
    assert wrong.detail == "not enabled: logging.googleapis.com"
    assert wrong.remedy == "gcloud services enable logging.googleapis.com --project my-project"


def test_missing_permissions_are_named_with_the_role(check, server):
    server.answers[MAY] = (200, {"permissions": ["logging.logEntries.list"]})
    wrong = find_wrong(check())
    assert wrong.detail == "missing: aiplatform.pipelineJobs.create, aiplatform.pipelineJobs.get"
    assert wrong.remedy == (
        "gcloud projects add-iam-policy-binding my-project --member user:YOUR_ADDRESS "
        "--role roles/aiplatform.user"
    )


def test_a_missing_bucket_is_created_by_a_command(check, server):
    server.answers[BUCKET] = make_error(404)
    wrong = find_wrong(check())
    assert wrong.detail == "`my-bucket` doesn't exist"
    assert "gcloud storage buckets create gs://my-bucket --project my-project" in wrong.remedy


@pytest.mark.parametrize(
    ("location", "is_good"),
    [("EU", True), ("US", False), ("EUROPE-WEST1", False), ("europe-west4", True)],
)
def test_the_bucket_has_to_be_in_the_region(check, server, location, is_good):
    server.answers[BUCKET] = (200, {"location": location})
    found = {each.subject: each for each in check()}["bucket"]
    assert (found.verdict is Verdict.GOOD) == is_good
    if not is_good:
        text = f"`my-bucket` is in {location.lower()}, and pipelines run in europe-west4"
        assert found.detail == text


def test_a_bucket_that_takes_no_files_is_named(check, server):
    server.answers[WRITE] = (200, {})
    wrong = find_wrong(check())
    assert wrong.detail == "missing: storage.objects.create on `my-bucket`"
    assert "gcloud storage buckets add-iam-policy-binding gs://my-bucket" in wrong.remedy


@pytest.mark.parametrize(
    ("location", "verdict"),
    [("eu", Verdict.GOOD), ("global", Verdict.GOOD), ("us", Verdict.WRONG)],
)
def test_a_location_of_several_regions_is_near_the_buckets_in_them(check, location, verdict):
    found = {each.subject: each for each in check(location=location, **{"encryption-key": None})}
    assert found["bucket"].verdict is verdict
    remedy = found["bucket"].remedy
    assert ("--location us" in remedy) is (verdict is Verdict.WRONG)


def test_a_missing_service_account_is_created_by_a_command(check, server):
    server.answers[EXISTS] = make_error(404)
    wrong = find_wrong(check())
    assert wrong.detail == f"`{ACCOUNT}` doesn't exist"
    assert wrong.remedy == "gcloud iam service-accounts create pipelines --project my-project"


def test_a_service_account_that_must_not_be_used_is_named(check, server):
    server.answers[ACT] = (200, {})
    wrong = find_wrong(check())
    assert wrong.detail == f"missing: iam.serviceAccounts.actAs on `{ACCOUNT}`"
    assert f"add-iam-policy-binding {ACCOUNT}" in wrong.remedy


def test_a_target_without_a_service_account_says_what_runs(check):
    found = {each.subject: each for each in check(**{"service-account": None})}
    assert found["service account"].verdict is Verdict.UNKNOWN
    assert "default account of Compute Engine" in found["service account"].detail


def test_a_repository_that_is_missing_or_hidden_is_named(check, server):
    server.answers[READ] = (200, {})
    assert "repositories add-iam-policy-binding kfpkit" in find_wrong(check()).remedy
    server.answers["GET", REPOSITORY] = make_error(404)
    assert "gcloud artifacts repositories create kfpkit --project images" in (
        find_wrong(check()).remedy
    )


def test_another_registry_is_not_checked(check):
    found = {each.subject: each for each in check(registry="localhost:5000")}["images"]
    assert (found.verdict, found.remedy) == (Verdict.UNKNOWN, "")


def test_a_key_that_is_missing_or_disabled_is_named(check, server):
    server.answers["GET", f"/v1/{KEY}"] = (
        200,
        {"primary": {"state": "DISABLED", "name": f"{KEY}/cryptoKeyVersions/3"}},
    )
    wrong = find_wrong(check())
    assert wrong.detail == f"`{KEY}` is disabled"
    assert wrong.remedy.startswith("gcloud kms keys versions enable 3 --key key --keyring ring")
    server.answers["GET", f"/v1/{KEY}"] = make_error(404)
    assert find_wrong(check()).remedy.startswith("gcloud kms keys create key --keyring ring")


def test_what_must_not_be_asked_is_not_a_fault(check, server):
    denied = {"permission": "serviceusage.services.get", "resource": "projects/my-project"}
    server.answers[ENABLE] = make_error(403, reason="IAM_PERMISSION_DENIED", metadata=denied)
    found = {each.subject: each for each in check()}
    assert found["APIs"].verdict is Verdict.UNKNOWN
    assert "serviceusage.services.get" in found["APIs"].detail
    assert found["encryption key"].verdict is Verdict.GOOD


def test_a_failing_service_does_not_hide_the_other_checks(check, server):
    server.answers[MAY] = (503, "<html>")
    assert find_wrong(check()).subject == "permissions"
