"""The environment variables that direct Google's clients to the emulators and authorize them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kfpkit import files
from kfpkit.emulators.known import KNOWN, PROJECT
from kfpkit.emulators.server import Addresses, Server

# A token that never expires, so that no client asks Google for another; the emulators look at none.
_CREDENTIALS = {
    "type": "authorized_user",
    "client_id": "emulator",
    "client_secret": "emulator",
    "refresh_token": "emulator",
    "token": "emulator",
    "expiry": "2999-01-01T00:00:00Z",
}
# Without these, a client may ask a metadata server, and gcsfs asks for bucket layouts.
_OFFLINE = {
    "GOOGLE_CLOUD_PROJECT": PROJECT,
    "CLOUDSDK_CORE_PROJECT": PROJECT,
    "NO_GCE_CHECK": "true",
    "GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT": "false",
}

_GOOGLE = ("googleapis.com", "pkg.dev")


@dataclass(frozen=True, kw_only=True)
class Access:
    """The files that clients read before they connect.

    Args:
        credentials: The file of Google's Application Default Credentials.
        folder: The emulators' folder.
    """

    credentials: Path
    folder: Path

    @classmethod
    def write(cls, folder: Path) -> Access:
        """Write the missing files.

        Raises:
            OSError: A file can't be written.
        """
        credentials = folder / "credentials.json"
        if not credentials.exists():
            files.replace(credentials, json.dumps(_CREDENTIALS, indent=1).encode())
        return cls(credentials=credentials, folder=folder)

    def join_roots(self, names: Sequence[str]) -> Path:
        """Return the file with the certificates that clients of some emulators trust.

        Args:
            names: The emulators.

        Raises:
            OSError: The file can't be written.
        """
        every = [Server(emulator=KNOWN[name], folder=self.folder).roots for name in names]
        if len(every) == 1:
            return every[0]
        joined = self.folder / "roots.pem"
        files.replace(joined, b"".join(each.read_bytes() for each in every))
        return joined


def client_variables(addresses: Mapping[str, Addresses], access: Access) -> dict[str, str]:
    """Return the environment variables for clients of the servers at `addresses`."""
    before = os.environ.get("NO_PROXY", os.environ.get("no_proxy", "")).split(",")
    local = ("127.0.0.1", "localhost")
    direct = ",".join(dict.fromkeys([*filter(None, before), *local]))
    variables = {
        **_OFFLINE,
        "GOOGLE_APPLICATION_CREDENTIALS": str(access.credentials),
        "NO_PROXY": direct,
        "no_proxy": direct,
    }
    # BigQuery's clients find no way to Google either where it is not emulated: they are told.
    variables[KNOWN["bigquery"].variable] = addresses["storage"].http
    variables.update({KNOWN[name].variable: found.http for name, found in addresses.items()})
    proxies = {name: found.proxy for name, found in addresses.items() if found.proxy}
    if proxies:
        # That of Vertex AI finds the others'.
        proxy = proxies.get("vertex") or next(iter(proxies.values()))
        variables["grpc_proxy"] = proxy
        variables["no_grpc_proxy"] = ",".join(local)
        roots = str(access.join_roots(list(proxies)))
        variables["GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"] = roots
        if "vertex" in proxies:
            # What reaches Google directly, such as in a network of its own, has to be led here.
            kept = ",".join(each for each in direct.split(",") if not _covers_google(each))
            variables.update(dict.fromkeys(("NO_PROXY", "no_proxy"), kept))
            variables.update(dict.fromkeys(("HTTPS_PROXY", "https_proxy"), proxy))
            variables.update(dict.fromkeys(("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), roots))
    return variables


def _covers_google(entry: str) -> bool:
    """Return whether an entry of `no_proxy` covers a host that Vertex AI's emulator serves."""
    name = entry.strip().lower().lstrip("*").lstrip(".")
    return not name or name.endswith(_GOOGLE) or any(each.endswith(f".{name}") for each in _GOOGLE)


def list_client_variables(names: Iterable[str]) -> list[str]:
    """Return the names of the variables that clients get, without starting a server.

    Args:
        names: The names of the servers that would run.
    """
    addresses = {
        name: Addresses(http="", proxy="" if KNOWN[name].proxies else None) for name in names
    }
    return sorted(client_variables(addresses, Access(credentials=Path(), folder=Path())))
