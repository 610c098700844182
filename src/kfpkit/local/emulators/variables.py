"""The environment variables by which Google's clients find the emulators."""

from __future__ import annotations

import os
from collections.abc import Mapping

PROJECT = "local-project"

# Without these, a client asks a metadata server for credentials, and gcsfs asks for bucket layouts.
_OFFLINE = {
    "GOOGLE_CLOUD_PROJECT": PROJECT,
    "CLOUDSDK_CORE_PROJECT": PROJECT,
    "NO_GCE_CHECK": "true",
    "GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT": "false",
}
_HOSTS = {"bigquery": "BIGQUERY_EMULATOR_HOST", "storage": "STORAGE_EMULATOR_HOST"}


def client_variables(addresses: Mapping[str, str]) -> dict[str, str]:
    """Return what a process needs in its environment to talk to the servers at `addresses`."""
    before = os.environ.get("NO_PROXY", os.environ.get("no_proxy", "")).split(",")
    direct = ",".join(dict.fromkeys([*filter(None, before), "127.0.0.1", "localhost"]))
    hosts = {_HOSTS[name]: address for name, address in addresses.items()}
    return {**_OFFLINE, **hosts, "NO_PROXY": direct, "no_proxy": direct}
