"""Virtual environments in the user's cache, created from locks."""

from __future__ import annotations

from kfpkit.environments.venvs.cleaning import Remnant, clean_cache, survey_cache
from kfpkit.environments.venvs.installation import (
    ensure_plain_virtual_environment,
    ensure_virtual_environment,
    has_plain_virtual_environment,
    has_virtual_environment,
)
from kfpkit.environments.venvs.inventory import find_damage
from kfpkit.environments.venvs.shell import (
    enter_environment,
    link_virtual_environment,
    make_shell_variables,
    replace_process,
)
from kfpkit.environments.venvs.users import in_use, use_until_exit
from kfpkit.environments.venvs.venvs import Recipe, python_of

__all__ = [
    "Recipe",
    "Remnant",
    "clean_cache",
    "ensure_plain_virtual_environment",
    "ensure_virtual_environment",
    "enter_environment",
    "find_damage",
    "has_plain_virtual_environment",
    "has_virtual_environment",
    "in_use",
    "link_virtual_environment",
    "make_shell_variables",
    "python_of",
    "replace_process",
    "survey_cache",
    "use_until_exit",
]
