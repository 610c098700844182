"""Images: from an environment to a complete image in the registry, built only when it is missing.

    environments ──plan──▶ which tags the registry lacks, and why
                              │
                            build   lock + kfp's runtime + installer ──docker build──▶ image
                              │
                            check   read-only root, no network, not root: imports, kfp's executor
                              │
                            name it `REGISTRY/NAME:HASH` ──push──▶ registry ──fetch_pins─▶ by digest

Guaranteed:

- Whether something is built depends on the content hash and on what the registry has, never on git.
- An image has its name only when it is built and checked, and a registry shows a tag only when all
  of the image has arrived: an interruption leaves nothing that a later plan takes for done.
- The folder that a build sees holds the exported lock and nothing of the project; settings of
  indexes, proxies and certificates reach the build as secrets, which no layer keeps.
- Two processes that build one tag both end well: on one machine they take turns, and in a registry
  the later one finds the tag, or replaces it by an image of the same content, or is refused and
  takes what is there.
- A command that is interrupted ends at once; the same command does what is left.

Beside the content-hash tags, each repository has a tag `newest`, which names what was pushed last.
A plan compares with it to say what changed; nothing runs it.
"""

from __future__ import annotations

from kfpkit.images.building import Image, Step, StepListener, attest, build
from kfpkit.images.listing import Row, survey_environments
from kfpkit.images.pins import fetch_pins, fetch_tag
from kfpkit.images.planning import Entry, Plan, plan

__all__ = [
    "Entry",
    "Image",
    "Plan",
    "Row",
    "Step",
    "StepListener",
    "attest",
    "build",
    "fetch_pins",
    "fetch_tag",
    "plan",
    "survey_environments",
]
