from __future__ import annotations

import pytest

from kfpkit.errors import ToolError
from kfpkit.images.building.context import collect_secrets, fetch_installer

NAME = "KFPKIT_BUILD_SETTINGS"


def test_only_settings_of_indexes_proxies_and_certificates_reach_a_build(tmp_path):
    certificates = tmp_path / "ca.crt"
    certificates.touch()
    environ = {
        "UV_INDEX_PRIVATE_PASSWORD": "it's secret",
        "UV_CACHE_DIR": "/home/ada",
        "HOME": "/home/ada",
        "SSL_CERT_FILE": str(certificates),
    }

    arguments, variables = collect_secrets(environ)

    assert variables == {NAME: "export UV_INDEX_PRIVATE_PASSWORD='it'\"'\"'s secret'\n"}
    assert arguments == [
        *["--secret", f"id=settings,env={NAME}"],
        *["--secret", f"id=certificates,src={certificates}"],
    ]


def test_proxies_reach_programs_that_read_small_letters_only():
    environ = {"HTTP_PROXY": "http://proxy", "HTTPS_PROXY": "", "https_proxy": "http://own"}

    variables = collect_secrets(environ)[1]

    assert "export http_proxy=http://proxy\n" in variables[NAME]
    assert "export HTTP_PROXY=http://proxy\n" in variables[NAME]
    assert "export https_proxy=http://own\n" in variables[NAME]


def test_certificates_are_also_those_of_programs_in_python(tmp_path):
    certificates = tmp_path / "company.crt"
    certificates.touch()
    missing = str(tmp_path / "no-such.crt")

    arguments, _ = collect_secrets(
        {"SSL_CERT_FILE": missing, "REQUESTS_CA_BUNDLE": str(certificates)}
    )

    assert arguments == ["--secret", f"id=certificates,src={certificates}"]


def test_without_settings_no_secret_is_passed():
    assert collect_secrets({"HOME": "/"}) == ([], {})


def test_no_error_tells_the_password_of_an_index(tmp_path, refused_address, monkeypatch):
    monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://ada:hunter2-of-tests@{refused_address}/simple")
    (tmp_path / "uv").mkdir()
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.delenv("UV_FIND_LINKS", raising=False)

    with pytest.raises(ToolError, match=refused_address) as failed:
        fetch_installer(tmp_path / "uv")

    assert "hunter2-of-tests" not in str(failed.value)
