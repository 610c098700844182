from kfpkit.images.context import secrets


def test_only_settings_of_indexes_proxies_and_certificates_reach_a_build(tmp_path):
    certificates = tmp_path / "ca.crt"
    certificates.touch()
    environ = {
        "UV_INDEX_PRIVATE_PASSWORD": "it's secret",
        "HTTPS_PROXY": "http://proxy",
        "UV_CACHE_DIR": "/home/ada",
        "HOME": "/home/ada",
        "SSL_CERT_FILE": str(certificates),
    }

    arguments = secrets(tmp_path, environ)

    settings = tmp_path / "settings"
    assert settings.read_text() == (
        "export HTTPS_PROXY=http://proxy\nexport UV_INDEX_PRIVATE_PASSWORD='it'\"'\"'s secret'\n"
    )
    assert settings.stat().st_mode & 0o777 == 0o600
    assert arguments == [
        *["--secret", f"id=settings,src={settings}"],
        *["--secret", f"id=certificates,src={certificates}"],
    ]


def test_without_settings_no_secret_is_passed(tmp_path):
    assert secrets(tmp_path, {"HOME": "/"}) == []
