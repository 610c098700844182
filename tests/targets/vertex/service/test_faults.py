"""What services refuse becomes an error with its cause and the next step."""

import socket
from datetime import datetime, timedelta

import pytest
from google.oauth2.credentials import Credentials
from registry_server import free_port
from vertex_server import make_error

from kfpkit.errors import (
    ApiDisabledError,
    CredentialsRefusedError,
    InvalidRequestError,
    MissingResourceError,
    NoCredentialsError,
    PermissionDeniedError,
    QuotaExceededError,
    ServiceFailedError,
    ServiceUnreachableError,
    UnreadableAnswerError,
)
from kfpkit.targets import VertexTarget
from kfpkit.targets.vertex.service import TargetCredentials, connect, create_run, find_credentials

PREFLIGHT = {
    "error": {
        "code": 400,
        "message": "Preflight validations failed.",
        "details": [
            {
                "@type": "type.googleapis.com/google.cloud.aiplatform.CreatePipelineJobApiError",
                "errorCause": "INVALID_PIPELINE_SPEC",
                "publicMessage": "The root has no tasks.",
            },
            {
                "@type": "type.googleapis.com/google.rpc.BadRequest",
                "fieldViolations": [{"field": "network", "description": "Unknown."}],
            },
        ],
    }
}


@pytest.fixture
def refuse(make_request, server, connection):
    """Return the message of the error after answers of the server."""

    def create(answer, error):
        server.faults.clear()
        server.faults.extend([answer] * 1000)
        with pytest.raises(error) as refused:
            create_run(connection, make_request({"rows": 3}))
        assert server.jobs == {}
        return refused.value

    return create


def test_a_missing_permission_is_named_with_the_account(refuse):
    error = refuse(
        make_error(
            403,
            "Permission 'aiplatform.pipelineJobs.create' denied",
            reason="IAM_PERMISSION_DENIED",
            metadata={
                "permission": "aiplatform.pipelineJobs.create",
                "resource": "projects/my-project/locations/europe-west4",
            },
        ),
        PermissionDeniedError,
    )
    assert error.permission == "aiplatform.pipelineJobs.create"
    assert error.account == "`ann@example.com`"
    assert str(error).startswith(
        "`ann@example.com` lacks the permission `aiplatform.pipelineJobs.create` for "
        "`projects/my-project/locations/europe-west4` in the project `my-project`"
    )


def test_a_permission_is_read_from_the_message_too(refuse):
    message = "ann does not have permission. Permission 'iam.serviceAccounts.actAs' denied"
    assert refuse(make_error(403, message), PermissionDeniedError).permission == (
        "iam.serviceAccounts.actAs"
    )
    assert "lacks a permission for" in str(refuse(make_error(403, "No."), PermissionDeniedError))


def test_a_disabled_api_is_named_with_the_command_that_enables_it(refuse):
    metadata = {"service": "aiplatform.googleapis.com", "consumer": "projects/4711"}
    error = refuse(
        make_error(403, "has not been used", reason="SERVICE_DISABLED", metadata=metadata),
        ApiDisabledError,
    )
    assert (error.api, error.project) == ("aiplatform.googleapis.com", "4711")
    assert "Run `gcloud services enable aiplatform.googleapis.com --project 4711`" in str(error)


def test_refused_credentials_are_named(make_request, server, connection):
    server.answers["POST", "/token"] = (200, {"access_token": "new", "expires_in": 3600})
    server.faults.extend([make_error(401, "Request had invalid credentials")] * 10)
    own = reconnect(connection, make_expired(server))
    with pytest.raises(CredentialsRefusedError) as refused:
        create_run(own, make_request({"rows": 3}))
    assert str(refused.value) == (
        "Google Cloud doesn't accept the credentials of your account: Request had invalid "
        "credentials. They may have expired. Run `gcloud auth application-default login`."
    )


def test_a_missing_project_or_region_is_named(refuse):
    error = refuse(make_error(404, "Project my-project not found"), MissingResourceError)
    assert "Project my-project not found" in str(error)
    assert "`kfpkit target check dev`" in error.remedy


def test_faults_of_the_request_are_listed(refuse):
    error = refuse((400, PREFLIGHT), InvalidRequestError)
    assert error.details == (
        "INVALID_PIPELINE_SPEC: The root has no tasks.",
        "network: Unknown.",
    )
    assert "Preflight validations failed.\n  INVALID_PIPELINE_SPEC: The root" in str(error)


def test_a_quota_and_a_failing_service_are_told_apart(refuse):
    error = refuse(make_error(429, "Quota exceeded for submissions"), QuotaExceededError)
    assert "because a quota is used up: Quota exceeded for submissions." in str(error)


def test_a_failing_service_is_named(refuse, server):
    error = refuse((503, "<html>"), ServiceFailedError)
    assert error.service == server.address.removeprefix("http://")
    assert "still fails after 1 s" in str(error)


@pytest.mark.parametrize("status", [200, 302, 403, 404])
def test_the_page_of_a_proxy_is_no_answer(refuse, status):
    error = refuse((status, "<html>\n  Please log in"), UnreadableAnswerError)
    assert (error.status, error.beginning) == (status, "<html> Please log in")
    assert "A proxy may have answered in its place" in str(error)


def test_json_that_is_no_object_is_no_answer(refuse):
    assert refuse((200, [1]), UnreadableAnswerError).beginning == "[1]"
    assert refuse((403, {"error": "denied"}), UnreadableAnswerError).status == 403


def test_a_port_without_a_server_is_unreachable(make_request, connection):
    connection.addresses["aiplatform"] = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(ServiceUnreachableError, match=r"Connection refused.* Check your network"):
        create_run(connection, make_request({"rows": 3}))


def test_a_server_that_never_answers_is_given_up(make_request, connection):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connection.addresses["aiplatform"] = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(ServiceUnreachableError, match="it did not answer in time"):
            create_run(connection, make_request({"rows": 3}))


def make_expired(server, token="old"):
    """Return credentials of a person, whose token has expired."""
    return TargetCredentials(
        credentials=Credentials(
            token,
            refresh_token="r",
            token_uri=f"{server.address}/token",
            client_id="c",
            client_secret="s",
            expiry=datetime.utcnow() - timedelta(hours=1),  # noqa: DTZ003 - google-auth wants it
        )
    )


def reconnect(connection, credentials):
    return connect(
        connection.target,
        credentials=credentials,
        addresses=connection.addresses,
        patience=connection.patience,
    )


def test_an_expired_token_is_renewed(make_request, server, connection):
    server.answers["POST", "/token"] = (200, {"access_token": "new", "expires_in": 3600})
    create_run(reconnect(connection, make_expired(server)), make_request({"rows": 3}))
    assert server.requests[-1][2]["authorization"] == "Bearer new"


def test_a_token_that_is_refused_on_the_way_is_renewed(make_request, server, connection):
    server.answers["POST", "/token"] = (200, {"access_token": "new", "expires_in": 3600})
    own = reconnect(connection, make_expired(server))
    create_run(own, make_request({"rows": 3}))
    server.faults.append(make_error(401))
    assert create_run(own, make_request({"rows": 4})).is_new


def test_credentials_that_cannot_be_renewed_are_refused(make_request, server, connection):
    server.answers["POST", "/token"] = (
        400,
        {"error": "invalid_grant", "error_description": "Token has been expired or revoked."},
    )
    own = reconnect(connection, make_expired(server))
    with pytest.raises(CredentialsRefusedError, match=r"of your account: .*expired or revoked"):
        create_run(own, make_request({"rows": 3}))


def test_missing_credentials_are_told(connection, monkeypatch, tmp_path):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "missing.json"))
    with pytest.raises(NoCredentialsError, match=r"missing\.json was not found\. Run `gcloud"):
        find_credentials(connection.target)


def test_an_impersonated_account_is_the_one_that_acts(connection, monkeypatch, tmp_path):
    file = tmp_path / "adc.json"
    file.write_text(
        '{"type": "authorized_user", "client_id": "c", "client_secret": "s", "refresh_token": "r"}'
    )
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    assert find_credentials(connection.target).owner == "your account"
    keys = {"impersonate-service-account": "ci@my-project.iam.gserviceaccount.com"}
    values = connection.target.model_dump(by_alias=True, exclude_none=True) | {"name": "dev"}
    target = VertexTarget.model_validate({**values, **keys})
    assert find_credentials(target).owner == "`ci@my-project.iam.gserviceaccount.com`"
