"""Secrets do not ship. Those here are put together, so that no scanner takes them for real ones."""

from __future__ import annotations

import base64
import json
import re

import pytest

from kfpkit.bundle import DataFileWarning
from kfpkit.bundle.gathering.credentials import find_secrets
from kfpkit.errors import SecretError

LETTERS = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA"
BASE64 = LETTERS * 2
HEADER = "-----BEGIN {}PRIVATE KEY-----"
KEY = f"{HEADER.format('')}\n{BASE64}\n{BASE64}\n-----END PRIVATE KEY-----\n"
ACCOUNT = {
    "type": "service_account",
    "project_id": "example",
    "private_key_id": "0123",
    "private_key": KEY,
    "client_email": "robot@example.iam.gserviceaccount.com",
}

TOKENS = {
    "google-api-key": "AIza" + LETTERS + "abc",
    "google-token": "ya29." + "a0" + LETTERS,
    "google-client-secret": "GOCSPX-" + LETTERS[:28],
    "github-token": "ghp_" + LETTERS + "abcd",
    "gitlab-token": "glpat-" + LETTERS[:20],
    "aws-access-key": "AKIA" + "Q3EXAMPLE7ABCDEF",
    "azure-storage-key": "AccountKey=" + (LETTERS * 3)[:86] + "==",
    "slack-token": "xoxb-" + "123456789012-" + LETTERS,
    "slack-webhook": "https://hooks.slack.com/" + "services/T0123456/B0123456/" + LETTERS,
    "json-web-token": ".".join(
        base64.urlsafe_b64encode(part).decode().rstrip("=")
        for part in (b'{"alg":"HS256","typ":"JWT"}', b'{"sub":"1234567890"}', b"signature")
    ),
    "stripe-key": "sk_live_" + LETTERS,
    "anthropic-key": "sk-ant-" + "api03-" + LETTERS + LETTERS,
    "openai-key": "sk-" + LETTERS[:20] + "T3Blbk" + "FJ" + LETTERS[:20],
    "huggingface-token": "hf_" + LETTERS + "ab",
    "databricks-token": "dapi" + "0123456789abcdef" * 2,
    "npm-token": "npm_" + LETTERS + "abcd",
    "pypi-token": "pypi-" + "AgEIcHlwaS5vcmc" + LETTERS + LETTERS,
    "private-key": KEY,
    "google-service-account-key": json.dumps(ACCOUNT, indent=2),
}


def kinds(text):
    return [kind for _, kind, _ in find_secrets(text.encode())]


@pytest.mark.parametrize("kind", TOKENS)
def test_every_kind_is_found(kind):
    assert kinds(f"first = 1\nX = '''{TOKENS[kind]}'''\n") == [kind]


KEYS = {
    "a JSON string": json.dumps({"key": KEY}),
    "one string": repr(f"{HEADER.format('RSA ')}\n{BASE64}\n"),
    "strings that Python joins": f'X = (\n    "{HEADER.format("")}\\n"\n    "{BASE64}\\n"\n)\n',
    "a sum": f"X = '{HEADER.format('EC ')}' + '{BASE64}'",
    "an indented text": f'X = """\n    {HEADER.format("OPENSSH ")}\n    {BASE64}\n"""',
    "Windows": KEY.replace("\n", "\r\n"),
    "an encrypted key": f"{HEADER.format('RSA ')}\nProc-Type: 4,ENCRYPTED\n\n{BASE64}\n",
    "PGP": f"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{BASE64}\n",
    "a short key": f"{HEADER.format('')}\nMIIabc\n-----END PRIVATE KEY-----\n",
}


@pytest.mark.parametrize("case", KEYS)
def test_a_private_key_is_found_however_it_is_written(case):
    assert kinds(KEYS[case]) == ["private-key"]


@pytest.mark.parametrize(
    "text",
    [
        f"if text.startswith('{HEADER.format('')}'): return load_privatekey(text)",
        f"MARK = '{HEADER.format('')}'\nprivate_key_of_the_account = None\n",
        f"X = f'{HEADER.format('')}\\n{{body}}\\n-----END PRIVATE KEY-----'",
        f"X = '{HEADER.format('')}\\n' + body + '\\n-----END PRIVATE KEY-----'",
        f"'''{HEADER.format('')}\n...\n-----END PRIVATE KEY-----'''",
        f"-----BEGIN PUBLIC KEY-----\n{BASE64}\n",
        f"-----BEGIN CERTIFICATE-----\n{BASE64}\n",
        'INFO = {"type": "service_account", "private_key": os.environ["KEY"]}',
        '{"type": "service_account", "private_key": "${KEY}"}',
        '{"type": "service_account", "private_key": ""}',
        "re.compile(r'AIza[0-9A-Za-z_-]{35}')",
        "prefix = 'ghp_', 'ya29.', 'AKIA', 'xoxb-', 'eyJ', 'hf_', 'npm_', 'sk-ant-'",
        "ASIA = 'ASIAPACIFIC'",
        "X = '0123456789abcdef' * 4",
        "digest = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'",
        "url = 'postgresql://user:password@localhost/db'",
    ],
)
def test_what_is_no_secret_passes(text):
    assert kinds(text) == []


def test_the_key_of_a_service_account_is_found_in_base64():
    for front in ("", " ", "  "):
        encoded = base64.b64encode((front + json.dumps(ACCOUNT)).encode()).decode()
        assert kinds(f"X = '{encoded}'") == ["google-service-account-key"]


PIPELINE = "from fraud import maps\n\n\ndef score(a: int) -> int:\n    return maps\n"
MAPS = f"KEY = 1\nGOOGLE = '{TOKENS['google-api-key']}'\n"


def test_a_secret_is_refused_with_place_kind_and_remedy_and_without_its_value(bundled):
    with pytest.raises(SecretError) as caught:
        bundled({"fraud/pipeline.py": PIPELINE, "fraud/maps.py": MAPS})
    (secret,) = caught.value.secrets
    assert (secret.place.line, secret.kind) == (2, "google-api-key")
    assert caught.value.chain == ("fraud.pipeline:score", "fraud.maps")
    text = str(caught.value)
    assert text.startswith(f"{secret.place}: a Google API key\nThis would ship (")
    assert text.endswith('`allow-secrets = ["fraud/maps.py:google-api-key"]`.')
    assert "AIza" not in text
    assert "AIza" not in repr(vars(caught.value))


def test_all_secrets_of_a_bundle_are_named_at_once(bundled):
    maps = f"{MAPS}\nOTHER = '{TOKENS['github-token']}'\n"
    own = (
        f"from fraud import maps\nTOKEN = '{TOKENS['slack-token']}'\n\n\n"
        "def score(a: int) -> int:\n    return maps, TOKEN\n"
    )
    with pytest.raises(SecretError) as caught:
        bundled({"fraud/pipeline.py": own, "fraud/maps.py": maps})
    found = [(each.place.file.name, each.place.line) for each in caught.value.secrets]
    assert found == [("maps.py", 2), ("maps.py", 4), ("pipeline.py", 2)]


def test_only_what_ships_of_the_own_module_counts(bundled):
    source = (
        f"TOKEN = '{TOKENS['github-token']}'\n\n\ndef score(a: int) -> int:\n    return a\n\n\n"
        "def deploy(a: int) -> str:\n    return TOKEN\n"
    )
    assert bundled({"fraud/pipeline.py": source}).secrets == ()
    with pytest.raises(SecretError, match=r"pipeline\.py:1: a GitHub token"):
        bundled({"fraud/pipeline.py": source}, name="deploy")


@pytest.mark.parametrize(
    ("file", "content", "kind"),
    [
        ("account.json", json.dumps(ACCOUNT), "google-service-account-key"),
        ("server.pem", KEY, "private-key"),
        ("prod.env", "X=1", "env-file"),
        (".env", "X=1", "env-file"),
        (".env.production", "X=1", "env-file"),
        ("account.p12", b"\x30\x82", "key-store"),
        ("data.bin", b"\x00\xff" + TOKENS["aws-access-key"].encode() + b"\x00", "aws-access-key"),
    ],
)
def test_secrets_in_data_are_refused(bundled, file, content, kind):
    own = (
        "from pathlib import Path\n\n\ndef score(a: int) -> str:\n"
        f"    return Path(__file__).with_name({file!r}).read_text()\n"
    )
    with pytest.raises(SecretError) as caught:
        bundled({"fraud/pipeline.py": own, f"fraud/{file}": content})
    assert caught.value.secrets[0].entry == f"fraud/{file}:{kind}"


LEFT_BEHIND = {
    "a file that need not be there": (
        "KEY = HERE / 'key.json'\nX = KEY.read_text() if KEY.exists() else ''",
        "key.json",
    ),
    "a guarded file": (
        "try:\n    X = (HERE / 'key.json').read_text()\nexcept OSError:\n    X = ''",
        "key.json",
    ),
    "one in a folder": ("print(list((HERE / 'keys').iterdir()))", "keys/server.pem"),
    "one of a pattern": ("print(list(HERE.glob('*.json')))", "key.json"),
    "variables that are loaded": ("load_dotenv(HERE / '.env')", ".env"),
}


@pytest.mark.parametrize("case", LEFT_BEHIND)
def test_a_secret_that_the_code_can_do_without_stays_behind_with_a_warning(bundled, case):
    body, file = LEFT_BEHIND[case]
    files = {
        "fraud/pipeline.py": "import fraud.core\ndef score(a: int) -> int: return fraud\n",
        "fraud/core.py": (
            f"from pathlib import Path\nHERE = Path(__file__).parent\n{body}\n"
            "def load_dotenv(path): pass\n"
        ),
        "fraud/key.json": json.dumps(ACCOUNT),
        "fraud/other.json": "{}",
        "fraud/keys/server.pem": KEY,
        "fraud/keys/public.pem": "",
        "fraud/.env": "X=1",
    }
    with pytest.warns(DataFileWarning, match="appears to contain a secret") as caught:
        bundle = bundled(files)
    assert str(caught[0].message).split(" ")[0].endswith(f"fraud/{file}")
    shipped = {each.path for each in bundle.files} - {"fraud/core.py", "fraud/pipeline.py"}
    assert shipped <= {"fraud/other.json", "fraud/keys/public.pem"}


def test_a_template_of_variables_ships(bundled):
    own = (
        "from pathlib import Path\n\n\ndef score(a: int) -> str:\n"
        "    return Path(__file__).with_name('.env.example').read_text()\n"
    )
    bundle = bundled({"fraud/pipeline.py": own, "fraud/.env.example": "X=\n"})
    assert bundle.files[0].path == "fraud/.env.example"


def test_an_embedded_folder_is_looked_through(bundled, tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/.env").write_text("X=1\n")
    with pytest.raises(SecretError) as caught:
        bundled({"fraud/pipeline.py": "def score(): pass\n"}, embedded_artifact=tmp_path / "assets")
    assert caught.value.secrets[0].kind == "env-file"


@pytest.mark.parametrize("entry", ["fraud/maps.py:google-api-key", "fraud/*:*", "*:google-api-key"])
def test_settings_allow_what_is_no_secret(bundled, entry):
    settings = f'[tool.kfpkit]\nallow-secrets = ["{entry}"]\n'
    files = {"pyproject.toml": settings, "fraud/pipeline.py": PIPELINE, "fraud/maps.py": MAPS}
    (secret,) = bundled(files).secrets
    assert (secret.place.line, secret.kind) == (2, "google-api-key")


@pytest.mark.parametrize("entry", ["fraud/maps.py:github-token", "maps.py:*", "*:google-*x"])
def test_settings_allow_nothing_else(bundled, entry):
    settings = f'[tool.kfpkit]\nallow-secrets = ["{entry}"]\n'
    files = {"pyproject.toml": settings, "fraud/pipeline.py": PIPELINE, "fraud/maps.py": MAPS}
    with pytest.raises(SecretError):
        bundled(files)


def test_every_kind_has_a_line_in_the_reference(pytestconfig):
    page = (pytestconfig.rootpath / "docs/reference/secrets.md").read_text()
    listed = set(re.findall(r"^\| `([a-z-]+)` \| [A-Z]", page, re.MULTILINE))
    assert {*TOKENS, "env-file", "key-store"} <= listed
