"""How KFP's client logs in to a Kubeflow Pipelines server, without the rest of the client.

`kfp.Client` asks the server as soon as it is made, without a limit in time, and reads a file in the
home folder that earlier programs have left. What makes its configuration does neither, so only that
is called. A contract test verifies this.

The client imports the libraries of Kubernetes. So does this module, when it is used.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from urllib3 import Retry

if TYPE_CHECKING:
    from kfp_server_api import ApiClient


@dataclass(frozen=True, kw_only=True)
class ClientLogin:
    """What KFP's client needs to reach a server and log in.

    Args:
        host: The server's address. None to find it by `kube_context`.
        namespace: The server's own namespace, for an address by `kube_context`.
        token: A bearer token.
        token_file: A file with a bearer token, read before each request.
        cookie: A cookie.
        iap_client: The client id of Identity-Aware Proxy.
        iap_app: The id and the secret of a desktop application, for a person's login at that proxy.
        kube_context: A context of the Kubernetes configuration.
        proxy: The address of a proxy.
        ca_file: A file with certificates.
    """

    host: str | None = None
    namespace: str | None = None
    token: str | None = None
    token_file: str | None = None
    cookie: str | None = None
    iap_client: str | None = None
    iap_app: tuple[str, str] | None = None
    kube_context: str | None = None
    proxy: str | None = None
    ca_file: str | None = None


def make_api_client(login: ClientLogin) -> ApiClient:
    """Return the generated API's client, configured as `kfp.Client` does it. Asks no server.

    For a person's login at Identity-Aware Proxy, it prints an address to open and waits.

    Args:
        login: How to log in.

    Raises:
        Exception: What Google's or Kubernetes' libraries raise if there are no credentials.
    """
    kfp_client = importlib.import_module("kfp.client")
    client = kfp_client.Client.__new__(kfp_client.Client)
    app_id, app_secret = login.iap_app or (None, None)
    credentials = (
        kfp_client.ServiceAccountTokenVolumeCredentials(login.token_file)
        if login.token_file
        else None
    )
    with contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        configuration = client._load_config(  # noqa: SLF001 - see the module
            host=login.host,
            client_id=login.iap_client,
            namespace=login.namespace or "kubeflow",
            other_client_id=app_id,
            other_client_secret=app_secret,
            existing_token=login.token,
            proxy=login.proxy,
            ssl_ca_cert=login.ca_file,
            kube_context=login.kube_context,
            credentials=credentials,
            verify_ssl=None,
        )
    # Who asks repeats what failed. A redirection leads to a page for people.
    configuration.retries = Retry(0, redirect=False)
    api = importlib.import_module("kfp_server_api")
    made: ApiClient = api.ApiClient(configuration, cookie=login.cookie)
    return made


def find_address(client: ApiClient) -> str:
    """Return the address of the server that a client asks.

    Args:
        client: The client.
    """
    return str(client.configuration.host)
