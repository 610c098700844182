"""A task reads secrets by name: from a variable, a file, or Secret Manager."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from kfpkit.helpers import secrets
from kfpkit.helpers.secrets import SecretUnavailableError, read_secret

NAME = "projects/p-1/secrets/api-key"
PATH = "/v1/projects/p-1/secrets/api-key/versions/latest:access"
SOURCES = Path(secrets.__file__).parents[2]


@pytest.fixture(autouse=True)
def _no_secrets_of_this_machine(monkeypatch):
    for stream in ("stdout", "stderr"):  # a task's own process needs not restore them
        monkeypatch.setattr(sys, stream, getattr(sys, stream))
    for variable in ("KFPKIT_SECRETS", "KFPKIT_SECRET_API_KEY"):
        monkeypatch.delenv(variable, raising=False)


def test_a_variable_wins_over_a_file(monkeypatch, tmp_path):
    (tmp_path / "api-key").write_text("from the file")
    monkeypatch.setenv("KFPKIT_SECRETS", str(tmp_path))
    assert read_secret(NAME) == "from the file"
    monkeypatch.setenv("KFPKIT_SECRET_API_KEY", "from the variable")
    assert read_secret(f"{NAME}/versions/3") == "from the variable"


def test_the_file_of_the_project_wins_and_loses_the_line_break_at_its_end(monkeypatch, tmp_path):
    monkeypatch.setenv("KFPKIT_SECRETS", str(tmp_path))
    (tmp_path / "p-1").mkdir()
    (tmp_path / "api-key").write_text("of another project")
    (tmp_path / "p-1" / "api-key").write_bytes(b"two\nlines\r\n")
    assert read_secret(NAME) == "two\nlines"


def test_a_secret_that_is_missing_on_this_machine_is_not_asked_for_elsewhere(monkeypatch, tmp_path):
    monkeypatch.setenv("KFPKIT_SECRETS", str(tmp_path))
    with pytest.raises(SecretUnavailableError) as caught:
        read_secret(NAME)
    assert str(caught.value) == (
        "The secret `api-key` of the project `p-1` is not on this machine. Write it to "
        f"{tmp_path}/p-1/api-key, or set the environment variable `KFPKIT_SECRET_API_KEY`."
    )


def test_a_file_that_is_no_text_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("KFPKIT_SECRETS", str(tmp_path))
    (tmp_path / "api-key").write_bytes(b"\xff")
    with pytest.raises(SecretUnavailableError, match="can't be read: it isn't UTF-8"):
        read_secret(NAME)


@pytest.mark.parametrize(
    "name", ["api-key", "projects/p/secrets/", f"{NAME}/versions/", f"{NAME} "]
)
def test_another_form_of_a_name_is_refused(name):
    with pytest.raises(ValueError, match="is not the name of a secret"):
        read_secret(name)


PRINTING = """
import logging, sys
sys.path.insert(0, {sources!r})
logging.basicConfig(format="%(message)s")
from kfpkit.helpers.secrets import read_secret
print("before", flush=True)
value = read_secret({name!r})
assert read_secret({name!r}) == value
print("a", value, value[:3], flush=True)
sys.stdout.writelines([value, "\\n"])
logging.warning("logged %s", value)
print(value.splitlines()[1], file=sys.stderr, flush=True)
assert sys.stdout.fileno() == 1
raise ValueError(value)
"""


def test_what_a_task_prints_and_logs_has_no_secret(monkeypatch):
    monkeypatch.setenv("KFPKIT_SECRET_API_KEY", "first-line\nsecond-line\nab")
    script = PRINTING.format(sources=str(SOURCES), name=NAME)
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "before\na *** fir\n***\n"
    assert done.stderr.startswith("logged ***\n***\nTraceback ")
    assert done.stderr.endswith("\nValueError: ***\n")


def test_a_short_secret_hides_no_part_of_other_words(monkeypatch, capsys):
    monkeypatch.setenv("KFPKIT_SECRET_API_KEY", "at")
    assert read_secret(NAME) == "at"
    sys.stdout.write("a cat\n")
    assert capsys.readouterr().out == "a cat\n"


class Google:
    """Google's servers for tokens and secrets, which answer in turn with `answers`."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []

    def answer(self, request):
        content = int(request.headers.get("Content-Length") or 0)
        request.rfile.read(content)
        self.requests.append((request.path, dict(request.headers)))
        if request.path.endswith("token"):
            status, body = (
                200,
                {"access_token": "t0ken", "expires_in": 3600, "token_type": "Bearer"},
            )
        else:
            status, body = self.answers.pop(0)
        request.send(status, body if isinstance(body, bytes) else json.dumps(body).encode())


def make_answer(text):
    return 200, {"name": "n", "payload": {"data": base64.b64encode(text).decode()}}


def make_error(code, message, **details):
    return code, {"error": {"code": code, "message": message, "details": [details]}}


@pytest.fixture
def account(serve, tmp_path, monkeypatch):
    """Return a function that lets tasks reach Google's servers with a service account's key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )

    def start(google):
        address = f"http://{serve(google.answer)}"
        facts = {
            "type": "service_account",
            "client_email": "task@p-1.iam.gserviceaccount.com",
            "private_key": pem.decode(),
            "token_uri": f"{address}/token",
        }
        file = tmp_path / "key.json"
        file.write_text(json.dumps(facts))
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
        monkeypatch.setattr(secrets, "_API", address)
        monkeypatch.setattr(secrets, "_WAITS", (0.0, 0.0))
        return google

    return start


def test_secret_manager_is_asked_with_the_tasks_credentials(account):
    google = account(Google(make_answer("gehéim".encode())))
    assert read_secret(NAME) == "gehéim"
    path, headers = google.requests[-1]
    assert path == PATH
    assert headers["Authorization"] == "Bearer t0ken"


def test_a_version_is_asked_for_by_its_number(account):
    google = account(Google(make_answer(b"old")))
    assert read_secret(f"{NAME}/versions/3") == "old"
    assert google.requests[-1][0] == PATH.replace("latest", "3")


@pytest.mark.parametrize("failure", [make_error(503, "busy"), make_error(429, "slow"), (200, b"<")])
def test_a_failure_that_may_pass_is_met_with_another_request(account, failure):
    account(Google(failure, failure, make_answer(b"at last")))
    assert read_secret(NAME) == "at last"


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (
            make_error(403, "Permission 'secretmanager.versions.access' denied."),
            "denied. Run `gcloud secrets add-iam-policy-binding api-key --project p-1 --member",
        ),
        (
            make_error(403, "API disabled", reason="SERVICE_DISABLED"),
            "disabled. Run `gcloud services enable secretmanager.googleapis.com --project p-1`.",
        ),
        (make_error(404, "Not found"), "Run `gcloud secrets versions list api-key --project p-1`."),
        ((400, b"<html>"), "HTTP 400. Run the task again later."),
    ],
)
def test_a_refusal_names_the_next_step(account, failure, expected):
    google = account(Google(failure))
    with pytest.raises(SecretUnavailableError) as caught:
        read_secret(NAME)
    assert str(caught.value).startswith("The secret `projects/p-1/secrets/api-key/versions/latest`")
    assert expected in str(caught.value)
    assert len(google.requests) == 2


def test_repeated_failures_end(account):
    google = account(Google(*[make_error(503, "busy")] * 3))
    with pytest.raises(SecretUnavailableError, match=r"HTTP 503, busy\. Run the task again later"):
        read_secret(NAME)
    assert google.answers == []


def test_bytes_that_are_no_text_are_refused_and_not_shown(account):
    account(Google(make_answer(b"\xff\xfe")))
    with pytest.raises(SecretUnavailableError, match="is not text in UTF-8") as caught:
        read_secret(NAME)
    assert caught.value.__suppress_context__


def test_missing_credentials_are_reported(monkeypatch, tmp_path):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "missing.json"))
    with pytest.raises(SecretUnavailableError, match="There are no credentials to read the secret"):
        read_secret(NAME)


LEAN = """
import sys
sys.path.insert(0, {sources!r})
from kfpkit.helpers import secrets
secrets._API = secrets._METADATA = {address!r}
print(len(secrets.read_secret({name!r})))
assert not any(name.partition(".")[0] in {{"google", "requests"}} for name in sys.modules)
"""


def test_an_environment_without_googles_libraries_asks_the_metadata_server(serve):
    google = Google(make_answer(b"lean"))
    script = LEAN.format(sources=str(SOURCES), address=f"http://{serve(google.answer)}", name=NAME)
    command = [sys.executable, "-I", "-S", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("4\n", "")
    (path, headers), (_, others) = google.requests
    assert path == "/computeMetadata/v1/instance/service-accounts/default/token"
    assert headers["Metadata-Flavor"] == "Google"
    assert others["Authorization"] == "Bearer t0ken"
