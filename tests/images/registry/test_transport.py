"""TLS with the certificates that a company's settings name."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kfpkit.errors import RegistryTlsError, RegistryUnreachableError
from kfpkit.images.registry import references, transport
from kfpkit.images.registry.references import parse
from kfpkit.images.registry.registry import Registry

VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> tuple[Path, Path]:
    """Write a certificate for loopback that signs itself, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tests")])
    now = dt.datetime.now(dt.timezone.utc)
    loopback = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(loopback, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "certificate.pem", folder / "key.pem"


@pytest.fixture
def address(certificate, monkeypatch):
    """Serve a registry over TLS, and return its address."""
    monkeypatch.setattr(references, "_is_loopback", lambda _: False)
    monkeypatch.setattr(transport, "_RETRY", transport._RETRY.new(backoff_factor=0))
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200)
            self.send_header("Docker-Content-Digest", "sha256:0")
            self.end_headers()

        def log_message(self, *_) -> None:
            """Keep quiet."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def ask(host: str) -> str | None:
    return Registry().digest(parse(f"{host}/tests/tiny:0a"))


@pytest.mark.parametrize("variable", VARIABLES)
def test_certificates_that_a_variable_names_are_trusted(
    address, certificate, monkeypatch, variable
):
    monkeypatch.setenv(variable, str(certificate[0]))

    assert ask(address) == "sha256:0"


def test_a_certificate_that_nobody_vouches_for_is_refused_with_the_variables(address):
    with pytest.raises(RegistryTlsError, match="`SSL_CERT_FILE` or `REQUESTS_CA_BUNDLE`") as caught:
        ask(address)

    assert "over TLS: certificate verify failed" in caught.value.problem
    assert isinstance(caught.value, RegistryUnreachableError)


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_file_of_certificates_that_is_not_there_is_named(address, monkeypatch, variable):
    monkeypatch.setenv(variable, "/nowhere/certificates.pem")

    with pytest.raises(RegistryTlsError, match=r"invalid path: /nowhere/certificates\.pem"):
        ask(address)


def test_a_file_that_holds_no_certificates_is_refused(address, monkeypatch, tmp_path):
    (tmp_path / "empty.pem").write_text("nothing\n")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "empty.pem"))

    with pytest.raises(RegistryTlsError):
        ask(address)
