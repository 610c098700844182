"""Whether lock, import names and description belong together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kfpkit.environments import require_fresh
from kfpkit.errors import StaleLockError


def test_a_lock_made_from_the_description_is_fresh(tiny):
    require_fresh(tiny())


def test_a_changed_dependency_makes_the_lock_stale(tiny):
    environment = tiny()
    text = environment.pyproject.read_text()
    environment.pyproject.write_text(text.replace("six==1.17.0", "six>=1.16"))

    with pytest.raises(StaleLockError, match="older than its pyproject") as raised:
        require_fresh(replace(environment))
    assert raised.value.place.file == environment.lock.path
    assert "Run `kfpkit env lock tiny`" in str(raised.value)


def test_a_setting_that_is_no_dependency_leaves_the_lock_fresh(tiny):
    environment = tiny()
    with environment.pyproject.open("a") as file:
        file.write('\n[tool.kfpkit.environment]\nsystem-packages = ["libgomp1"]\n')

    require_fresh(replace(environment))


def test_import_names_of_another_lock_are_stale(tiny):
    environment = tiny()
    environment.lock.path.write_text(environment.lock.path.read_text() + "\n# another\n")

    with pytest.raises(StaleLockError, match="generated from a different") as raised:
        require_fresh(replace(environment))
    assert raised.value.place.file == environment.imports_file


@pytest.mark.parametrize("name", ["poetry.lock", "imports.json"])
def test_a_missing_file_is_stale(tiny, name):
    environment = tiny()
    (environment.folder / name).unlink()

    with pytest.raises(StaleLockError, match=name):
        require_fresh(replace(environment))


def test_a_lock_without_a_content_hash_is_stale(tiny):
    environment = tiny()
    environment.lock.path.write_text(
        environment.lock.path.read_text().replace("content-hash", "hash")
    )

    with pytest.raises(StaleLockError, match="older than its pyproject"):
        require_fresh(replace(environment))
