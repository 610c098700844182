"""Images: from an environment to a complete image in the registry, built only if it is missing.

    environments ──plan──▶ which tags the registry lacks, and why
                              │
                            build   lock + kfp's runtime + installer ──docker build──▶ image
                              │
                            check   read-only root, no network, not root: imports, kfp's executor
                              │
                            name it `REGISTRY/NAME:HASH` ──push──▶ registry ──fetch_pins─▶ by digest

Guaranteed:

- Only the content hash and the registry determine whether an image is built, never git.
- An image gets its name only after it is built and checked, and a registry shows a tag only after
  the whole image has arrived. An interruption leaves nothing that a later plan takes for complete.
- The folder of a build contains the exported lock and nothing of the project. Settings of indexes,
  proxies and certificates reach the build as secrets, which no layer keeps.
- If two processes build the same tag, both succeed. On one machine they take turns. In a registry,
  the later one finds the tag, replaces it with an image of the same content, or is denied the push
  and uses the existing image.
- An interrupted command ends immediately. The same command does the rest.

Besides the content-hash tags, each repository has a tag `newest` for the image that was pushed
last. A plan compares with it to report changes. Nothing runs it.
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
