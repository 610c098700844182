"""The environment variables that direct Google's clients to the emulators and authorize them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
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
    variables.update({each.variable: addresses["storage"].http for each in KNOWN.values()})
    for name, found in addresses.items():
        emulator = KNOWN[name]
        variables[emulator.variable] = found.http
        if found.proxy is not None:
            server = Server(emulator=emulator, folder=access.folder)
            variables["grpc_proxy"] = found.proxy
            variables["no_grpc_proxy"] = ",".join(local)
            variables["GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"] = str(server.roots)
    return variables
