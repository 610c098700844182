"""Layers that a build takes from the registry, since the engine has none."""

from __future__ import annotations

import re

import pytest
from images.small_environments import SIX_1_16, environment_files

from kfpkit.environments import find_environment
from kfpkit.images import records

pytestmark = pytest.mark.containers


@pytest.fixture
def pushed(prepared, make):
    """Have an image in the registry, built by an engine that the test does not use."""
    make(prepared, push=True)
    return prepared


def test_a_changed_lock_takes_the_other_layers_from_the_registry(
    pushed, make, engine, stripping_base, own_engine
):
    own_engine.start()
    own_engine.load(engine, stripping_base)
    settings = f'base-image = "{stripping_base}"'
    for path, text in environment_files(six="1.16.0", digest=SIX_1_16, settings=settings).items():
        (pushed.root / path).write_text(text)

    (image,) = make(pushed, push=True)

    assert image.built
    log = records.log_file(pushed, find_environment(pushed, "tiny")).read_text()
    copies = dict(re.findall(r"^#(\d+) \[\S+ \d+/\d+\] COPY --from=\S+ (\S+)", log, re.MULTILINE))
    cached = {copies.pop(step, "") for step in re.findall(r"^#(\d+) CACHED", log, re.MULTILINE)}
    assert {"/", "/layers/kfp", "/layers/arrays"} <= cached
    assert list(copies.values()) == ["/layers/rest"]
