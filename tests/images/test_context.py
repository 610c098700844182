from __future__ import annotations

from kfpkit.images.context import secrets

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

    arguments, variables = secrets(environ)

    assert variables == {NAME: "export UV_INDEX_PRIVATE_PASSWORD='it'\"'\"'s secret'\n"}
    assert arguments == [
        *["--secret", f"id=settings,env={NAME}"],
        *["--secret", f"id=certificates,src={certificates}"],
    ]


def test_proxies_reach_programs_that_read_small_letters_only():
    environ = {"HTTP_PROXY": "http://proxy", "HTTPS_PROXY": "", "https_proxy": "http://own"}

    variables = secrets(environ)[1]

    assert "export http_proxy=http://proxy\n" in variables[NAME]
    assert "export HTTP_PROXY=http://proxy\n" in variables[NAME]
    assert "export https_proxy=http://own\n" in variables[NAME]


def test_certificates_are_also_those_of_programs_in_python(tmp_path):
    certificates = tmp_path / "company.crt"
    certificates.touch()
    missing = str(tmp_path / "no-such.crt")

    arguments, _ = secrets({"SSL_CERT_FILE": missing, "REQUESTS_CA_BUNDLE": str(certificates)})

    assert arguments == ["--secret", f"id=certificates,src={certificates}"]


def test_without_settings_no_secret_is_passed():
    assert secrets({"HOME": "/"}) == ([], {})
