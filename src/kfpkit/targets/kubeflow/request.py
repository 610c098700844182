"""The request that creates a run on a Kubeflow Pipelines server."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kfpkit.configuration import EffectiveConfiguration
from kfpkit.errors import ParametersTooLargeError
from kfpkit.targets.arguments import list_arguments
from kfpkit.targets.identity import DIGITS, Origin, check_id, compute_digest, list_facts, make_id
from kfpkit.targets.kubeflow_target import KubeflowTarget
from kfpkit.targets.labels import OWN
from kfpkit.targets.template import Template

PATH = "/apis/v2beta1/runs"
"""Where the request goes."""

REVISION = f"{OWN}revision"
"""The fact in a description that names the commit."""

TARGET = f"{OWN}target"
"""The fact in a description that names the target."""

TEMPLATE = f"{OWN}template"
"""The fact in a description with the digest of the compiled pipeline."""

_FACT = re.compile(rf"^({OWN}[a-z]+): (.*)$", re.MULTILINE)
_DIGEST = re.compile(rf"^kfpkit-request: ([0-9a-f]{{{DIGITS}}})$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class KubeflowRequest:
    """A request that creates a run.

    Args:
        run: The run's id, which is its display name.
        body: The run, as in JSON, without the experiment's id.
        experiment: The experiment's name.
        digest: The digest of what the run does, as its description has it.
    """

    run: str
    body: Mapping[str, Any]
    experiment: str
    digest: str


def build_kubeflow_request(
    template: Template,
    configuration: EffectiveConfiguration,
    target: KubeflowTarget,
    *,
    origin: Origin,
    run: str | None = None,
) -> KubeflowRequest:
    """Build the request that creates a run.

    Args:
        template: The compiled pipeline.
        configuration: The run's configuration, checked against the pipeline.
        target: Where it runs.
        origin: What it is submitted from.
        run: The run's id. By default, the pipeline's name, the time, and a part of the digest.

    Raises:
        InvalidRunIdError: The id has another form than allowed.
        NullParameterError: A parameter would lose its null.
        ParametersTooLargeError: The parameters are larger than the server takes.
    """
    caching = configuration.given.settings.caching
    spec = dict(template.spec) if caching else template.without_caching()
    parameters = list_arguments(template, configuration)
    _check_size(parameters, target)
    root = {"pipeline_root": target.pipeline_root} if target.pipeline_root else {}
    account = {"service_account": target.service_account} if target.service_account else {}
    content = {
        "pipeline_spec": (
            {"pipeline_spec": spec, "platform_spec": template.platforms}
            if template.platforms
            else spec
        ),
        "runtime_config": {"parameters": parameters, **root},
        **account,
    }
    digest = compute_digest(content, target.experiment, target.namespace)
    facts = list_facts(template, configuration, target=target.name, origin=origin, digest=digest)
    own = check_id(run) if run else make_id(template.name, digest)
    return KubeflowRequest(
        run=own,
        body={"display_name": own, "description": write_facts(facts), **content},
        experiment=target.experiment,
        digest=digest[:DIGITS],
    )


def write_facts(facts: Mapping[str, str]) -> str:
    """Return a description with facts, each on a line.

    Args:
        facts: The facts by name.
    """
    return "\n".join(f"{key}: {' '.join(value.split())}" for key, value in facts.items())


def read_facts(description: str) -> dict[str, str]:
    """Return the facts that kfpkit has recorded in a description.

    Args:
        description: The description of a run or a version.
    """
    return dict(_FACT.findall(description))


def find_recorded_digest(description: str) -> str | None:
    """Return the digest of the request that has created a run. None if kfpkit hasn't.

    Args:
        description: The run's description.
    """
    found = _DIGEST.search(description)
    return found[1] if found else None


def _check_size(parameters: Mapping[str, Any], target: KubeflowTarget) -> None:
    """Refuse what the server would refuse after the images are pinned and the run is planned.

    Its JSON escapes `<`, `>` and `&`, has no spaces, and has other characters as they are.
    """
    sizes = {name: _measure({name: value}) for name, value in parameters.items()}
    size = _measure(parameters)
    if size > target.parameter_bytes:
        raise ParametersTooLargeError(
            size=size,
            limit=target.parameter_bytes,
            largest=max(sizes, key=lambda name: sizes[name]),
            target=target.name,
        )


def _measure(values: Mapping[str, Any]) -> int:
    text = json.dumps(values, separators=(",", ":"), ensure_ascii=False)
    return len(re.sub("[<>&]", "\\\\u0000", text).encode())
