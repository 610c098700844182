"""Placeholders: loading pipelines without the packages that only environments have.

A pipeline file and its helpers may import pandas, scikit-learn or torch at the top, although the
author's interpreter has little more than kfp:

    import pandas as pd                  a placeholder: environments provide pandas

    pd.set_option("mode.copy_on_write", True)        calls, attributes, operators: placeholders
    def clean(table: pd.DataFrame) -> pd.DataFrame:  annotations: they are classes
    if pd.__version__ < "2":                         refused, with file, line and remedy

**What gets a placeholder.** While a load is in progress: an import statement of the author's files
that fails with `ModuleNotFoundError`, if an environment of the project provides the module.
Installed packages are never replaced. Imports in libraries work as usual, and so do
`importlib.import_module`, `find_spec` and `importlib.metadata`. If the call stack has a fallback
(`try: … except ImportError:`), the import fails and the fallback runs. Code that loads without
placeholders therefore loads the same with them. Nothing is added to `sys.modules`.

**What a placeholder is.** A module, or a class (`objects/placeholder.py` explains why). An
operation with any possible result returns another placeholder. If Python needs a real object
(truth, a number, a string, a length, items, a path), kfpkit refuses the author's line. No
placeholder reaches a compiled file.

**After the load**, calls are refused, so that no test passes because of placeholders. Attributes
still work.

    load.py      a load: which files are the author's, what environments provide
    window.py    the replaced `builtins.__import__`
    answers.py   the results of import statements
    guards.py    whether a fallback follows; sources.py reads the files for it
    objects/     the placeholders

Nothing here needs kfp or pydantic, and all of it runs on every Python that authors may have.
"""

from __future__ import annotations

from kfpkit.placeholders.load import Load, Package, Provision
from kfpkit.placeholders.objects import (
    MARK,
    describe_absence,
    find_in_annotation,
    find_involved,
    find_placeholder,
)
from kfpkit.placeholders.window import list_swallowed, placeholders, reopened

__all__ = [
    "MARK",
    "Load",
    "Package",
    "Provision",
    "describe_absence",
    "find_in_annotation",
    "find_involved",
    "find_placeholder",
    "list_swallowed",
    "placeholders",
    "reopened",
]
