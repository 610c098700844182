"""The secrets that a target refers to, read when it is used."""

from __future__ import annotations

import os
from pathlib import Path

from kfpkit.errors import MissingSecretError
from kfpkit.specification import ClientLogin
from kfpkit.targets.kubeflow_target import KubeflowTarget


def find_login(target: KubeflowTarget) -> ClientLogin:
    """Return what KFP's client needs to log in.

    Args:
        target: The target.

    Raises:
        MissingSecretError: A variable or a file doesn't exist.
    """
    app = target.iap_app_id and (
        target.iap_app_id,
        _read_variable(target, "iap-app-secret-env", target.iap_app_secret_env or ""),
    )
    return ClientLogin(
        host=target.host,
        namespace=target.namespace,
        token=target.token_env and _read_variable(target, "token-env", target.token_env),
        token_file=target.token_file and _find_file(target, target.token_file),
        cookie=target.cookie_env and _read_variable(target, "cookie-env", target.cookie_env),
        iap_client=target.iap_client_id,
        iap_app=app or None,
        kube_context=target.kube_context,
        proxy=target.proxy,
        ca_file=target.ca_file and str(Path(target.ca_file).expanduser()),
    )


def describe_login(target: KubeflowTarget) -> str:
    """Return how a target logs in, as messages have it.

    Args:
        target: The target.
    """
    for key in ("token_env", "token_file", "cookie_env", "kube_context"):
        value = getattr(target, key)
        if value is not None:
            return f'`{key.replace("_", "-")} = "{value}"`'
    return "Identity-Aware Proxy" if target.iap_client_id else "without a login"


def _read_variable(target: KubeflowTarget, key: str, name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise MissingSecretError(
            target=target.name, key=key, reference=name, cause="the variable isn't set"
        )
    return value


def _find_file(target: KubeflowTarget, name: str) -> str:
    file = Path(name).expanduser()
    try:
        is_empty = not file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        cause = f"the file can't be read ({getattr(error, 'strerror', None) or error})"
    else:
        if not is_empty:
            return str(file)
        cause = "the file is empty"
    raise MissingSecretError(target=target.name, key="token-file", reference=name, cause=cause)
