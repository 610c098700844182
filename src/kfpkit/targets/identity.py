"""What identifies a run: its id, the digest of its request, and what it was submitted from."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from kfpkit.configuration import EffectiveConfiguration
from kfpkit.errors import InvalidRunIdError
from kfpkit.targets.labels import OWN
from kfpkit.targets.template import Template

REQUEST_LABEL = f"{OWN}request"
"""The label with the digest of the request."""

DIGITS = 32
"""The digits of a digest in a label: half of a SHA-256, and half of what a label may have."""

_LONGEST_ID = 127
_ID = re.compile(rf"[a-z][-a-z0-9]{{0,{_LONGEST_ID - 1}}}")


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a run was submitted from.

    Args:
        revision: The commit of the project, `-dirty` with changes. None outside a repository.
        user: Who submits it.
    """

    revision: str | None = None
    user: str | None = None


def list_facts(
    template: Template,
    configuration: EffectiveConfiguration,
    *,
    target: str,
    origin: Origin,
    digest: str,
) -> dict[str, str]:
    """Return what is recorded about where a run comes from, by labels.

    Args:
        template: The compiled pipeline.
        configuration: The run's configuration.
        target: The target's name.
        origin: What it is submitted from.
        digest: The digest of the request.
    """
    caching = configuration.given.settings.caching
    return {
        REQUEST_LABEL: digest[:DIGITS],
        f"{OWN}target": target,
        f"{OWN}template": template.digest[:DIGITS],
        f"{OWN}config": compute_digest(dict(configuration.parameters), caching)[:DIGITS],
        **({f"{OWN}revision": origin.revision} if origin.revision else {}),
        **({f"{OWN}user": origin.user} if origin.user else {}),
    }


def compute_digest(*values: Any) -> str:
    """Return the digest of values, which doesn't depend on the order of keys.

    Args:
        *values: Values of JSON.
    """
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def make_id(pipeline: str, digest: str, now: datetime | None = None) -> str:
    """Return an id for a run, which no other run has.

    Args:
        pipeline: The pipeline's name.
        digest: The digest of the request.
        now: The time. By default, the current time.
    """
    at = (now or datetime.now(timezone.utc)).astimezone(timezone.utc)
    # Two runs of one request in one second are two runs.
    end = f"-{at:%Y%m%d%H%M%S}-{digest[:6]}{secrets.token_hex(2)}"
    name = re.sub(r"[^a-z0-9]+", "-", pipeline.lower()).strip("-")
    name = name if name[:1].isalpha() else f"run-{name}".rstrip("-")
    return f"{name[: _LONGEST_ID - len(end)].rstrip('-')}{end}"


def check_id(run: str) -> str:
    """Return the id of a run that an author has chosen.

    Args:
        run: The id.

    Raises:
        InvalidRunIdError: It has another form than targets allow.
    """
    if _ID.fullmatch(run) is None:
        raise InvalidRunIdError(run=run, longest=_LONGEST_ID)
    return run
