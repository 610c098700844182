"""Placeholders: loading pipelines without the packages that only environments have.

A pipeline file and its helpers may import pandas, scikit-learn or torch at the top, while the
author's interpreter holds kfp and little else:

    import pandas as pd                  a placeholder: environments provide pandas

    pd.set_option("mode.copy_on_write", True)        calls, attributes, operators: placeholders
    def clean(table: pd.DataFrame) -> pd.DataFrame:  annotations: they are classes
    if pd.__version__ < "2":                         refused, with file, line and remedy

**What is answered.** While a load is in progress, an import statement of the author's files that
fails with `ModuleNotFoundError`, when an environment of the project provides the module. What is
installed is never replaced. Libraries are answered as ever, and so are `importlib.import_module`,
`find_spec` and `importlib.metadata`. Where a fallback follows on the call stack (`try: … except
ImportError:`), the import fails as ever and the fallback runs. So what loads without placeholders
loads the same with them. Nothing enters `sys.modules`.

**What a placeholder is.** A module, or a class (`objects/placeholder.py` says why). What may be
anything gives another placeholder. What Python needs as a real object (truth, a number, a text, a
length, items, a path) is refused at the author's line. No placeholder reaches a compiled file.

**After the load** calls are refused, so that no test passes on placeholders. Attributes stay.

    load.py      a load: which files are the author's, what environments provide
    window.py    the replaced `builtins.__import__`
    answers.py   what import statements get
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
