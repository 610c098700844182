"""Virtual environments in the user's cache, made from locks."""

from __future__ import annotations

from kfpkit.environments.venvs.cleaning import (
    Remnant,
    clean_cache,
    survey_cache,
)
from kfpkit.environments.venvs.installation import (
    has_plain_virtual_environment,
    has_virtual_environment,
    plain_virtual_environment,
    virtual_environment,
)
from kfpkit.environments.venvs.inventory import (
    find_damage,
)
from kfpkit.environments.venvs.shell import (
    link_virtual_environment,
    shell_variables,
)
from kfpkit.environments.venvs.users import (
    in_use,
    use_until_exit,
)
from kfpkit.environments.venvs.venvs import (
    Progress,
    Recipe,
    python_of,
)

__all__ = [
    "Progress",
    "Recipe",
    "Remnant",
    "clean_cache",
    "find_damage",
    "has_plain_virtual_environment",
    "has_virtual_environment",
    "in_use",
    "link_virtual_environment",
    "plain_virtual_environment",
    "python_of",
    "shell_variables",
    "survey_cache",
    "use_until_exit",
    "virtual_environment",
]
