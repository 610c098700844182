"""The keys of a Kubeflow target's table, with their types."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, StrictBool, StrictInt, StrictStr, model_validator
from pydantic.functional_validators import AfterValidator

from kfpkit.targets.forms import MODEL, require_confirm, require_form

_LOGINS = ("token_env", "token_file", "cookie_env", "iap_client_id", "kube_context")
_APP = ("iap_app_id", "iap_app_secret_env")


def _check_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("write an address such as `https://kubeflow.example.com/pipeline`")
    if parts.username or parts.password:
        raise ValueError("a secret doesn't belong in a file that is committed; use `token-env`")
    if parts.query or parts.fragment:
        raise ValueError("write an address without `?` and `#`")
    return value.rstrip("/")


_Address = Annotated[StrictStr, AfterValidator(_check_address)]
_Variable = Annotated[
    StrictStr,
    require_form(r"[A-Za-z_][A-Za-z0-9_]*", "the name of an environment variable, and no secret"),
]
_File = Annotated[
    StrictStr,
    require_form(r"[/~].*", "an absolute path, or one that begins with `~`, outside the project"),
]
_Name = require_form(
    r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?", "a name of Kubernetes: lowercase letters and `-`"
)


class KubeflowTarget(BaseModel):
    """A Kubeflow Pipelines server, in a cluster or anywhere else.

    Args:
        name: The target's name, which is that of its table.
        kind: The kind of target.
        host: The address of the server, such as `https://kubeflow.example.com/pipeline`. With
            `kube-context`, Kubernetes leads to it.
        namespace: The namespace of runs, on a server with several users. With `kube-context`, the
            server's own, which is `kubeflow` by default.
        experiment: The experiment of runs. It is created if it doesn't exist.
        pipeline_root: Where runs write, such as `s3://my-bucket/pipelines`. By default, where the
            server is configured to write.
        service_account: The Kubernetes service account of tasks. By default, the server's.
        token_env: The environment variable with a bearer token.
        token_file: The file with a bearer token, read before each request, such as one that
            Kubernetes renews.
        cookie_env: The environment variable with a cookie, `authservice_session=…`.
        iap_client_id: The client id of Google's Identity-Aware Proxy before the server.
        iap_app_id: For a person's login at that proxy, the id of a desktop application.
        iap_app_secret_env: The environment variable with the secret of that application.
        kube_context: A context of your Kubernetes configuration, instead of `host`.
        proxy: The address of an HTTP proxy. Environment variables are not read.
        ca_file: The file with certificates to trust. By default, Mozilla's.
        ui: The address of the user interface, for links to runs. By default, `host`.
        parameter_bytes: The largest size of a run's parameters in bytes, which the server's
            `MAX_PARAMETER_BYTES` sets.
        confirm: Whether a submission needs `--yes`, except in continuous integration, and a work
            tree without changes. For production.
        allow_dirty: Whether a work tree with changes is allowed all the same.
    """

    model_config = MODEL

    name: str = Field(exclude=True)
    kind: Literal["kubeflow"]
    host: _Address | None = None
    namespace: Annotated[StrictStr, _Name] | None = None
    experiment: Annotated[StrictStr, require_form(r".{1,128}", "1 to 128 characters")] = "Default"
    pipeline_root: (
        Annotated[
            StrictStr,
            require_form(r"[a-z0-9]+://\S+", "an address such as `s3://my-bucket/pipelines`"),
        ]
        | None
    ) = None
    service_account: Annotated[StrictStr, _Name] | None = None
    token_env: _Variable | None = None
    token_file: _File | None = None
    cookie_env: _Variable | None = None
    iap_client_id: StrictStr | None = None
    iap_app_id: StrictStr | None = None
    iap_app_secret_env: _Variable | None = None
    kube_context: StrictStr | None = None
    proxy: _Address | None = None
    ca_file: StrictStr | None = None
    ui: _Address | None = None
    parameter_bytes: Annotated[StrictInt, Field(gt=0)] = 10_000
    confirm: StrictBool = False
    allow_dirty: StrictBool = False

    @property
    def place(self) -> str:
        """Where it is, as messages have it."""
        return f"server {self.host}" if self.host else f"context `{self.kube_context}`"

    @model_validator(mode="after")
    def _check_together(self) -> KubeflowTarget:
        given = [each for each in _LOGINS if getattr(self, each) is not None]
        if len(given) > 1:
            listed = " and ".join(f"`{each.replace('_', '-')}`" for each in given)
            raise ValueError(f"{listed} exclude each other; choose one way to log in")
        if (self.host is None) == (self.kube_context is None):
            raise ValueError(
                "write either `host`, the address of the server, or `kube-context`, a context of "
                "your Kubernetes configuration"
            )
        app = [getattr(self, each) is not None for each in _APP]
        if any(app) and not (all(app) and self.iap_client_id):
            raise ValueError("`iap-app-id` and `iap-app-secret-env` belong to `iap-client-id`")
        require_confirm(confirm=self.confirm, allow_dirty=self.allow_dirty)
        return self
