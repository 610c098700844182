"""Certificates for the lifetime of a server, whose keys exist in its memory only."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import certifi
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_DAY = dt.timedelta(days=1)
_LIFE = 365 * _DAY
# What this machine's clients trust may be in any of them, such as the authority of a company.
_TRUSTED = ("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")


@dataclass(frozen=True, kw_only=True)
class Authority:
    """A certificate authority of one process, with the one certificate that it has signed.

    Its own key is gone when it has signed.

    Args:
        root: The authority's certificate, which clients trust, as PEM.
        key: The key of the server, as PEM.
        chain: The certificate of the server and the authority's, as PEM.
    """

    root: bytes
    key: bytes
    chain: bytes

    @classmethod
    def create(cls, hosts: Sequence[str]) -> Authority:
        """Create an authority, and sign a certificate for `hosts`."""
        authority, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        name = _name("kfpkit's emulators: a certificate authority of one process")
        root = (
            _begin(name, name, authority)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs=True), critical=True)
            .add_extension(_identify(authority), critical=False)
            .sign(authority, hashes.SHA256())
        )
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
        serves = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        leaf = (
            _begin(_name("kfpkit's emulators"), name, own)
            .add_extension(names, critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs=False), critical=True)
            .add_extension(serves, critical=False)
            .add_extension(_identify(own), critical=False)
            .add_extension(issuer, critical=False)
            .sign(authority, hashes.SHA256())
        )
        first, second = (each.public_bytes(serialization.Encoding.PEM) for each in (root, leaf))
        return cls(root=first, key=_print_key(own), chain=second + first)

    def write_roots(self, file: Path) -> None:
        """Write the certificates that clients trust: this authority's, and those of this machine.

        Args:
            file: The file.
        """
        files = {os.environ[name]: None for name in _TRUSTED if os.environ.get(name)}
        known = [Path(each) for each in (files or {certifi.where(): None})]
        part = file.with_name(f"{file.name}.part")
        part.write_bytes(b"".join([self.root, *(each.read_bytes() for each in known)]))
        part.replace(file)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def _begin(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + _LIFE)
    )


def _identify(key: ec.EllipticCurvePrivateKey) -> x509.SubjectKeyIdentifier:
    return x509.SubjectKeyIdentifier.from_public_key(key.public_key())


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _print_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
