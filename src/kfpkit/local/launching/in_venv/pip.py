"""The pip that Python itself brings, as the module `pip`: `python -m pip` and `import pip`.

Copied as `pip.py` into virtual environments that have no pip of their own (`overlay`), and run
there with the standard library only. The wheel comes onto `sys.path` when it is used: while it is
there, each start of Python reads its table of contents.
"""

import importlib
import os
import runpy
import sys

# `os.path`, since every `import pip` would import pathlib for it.
_BUNDLED = os.path.join(os.path.dirname(os.__file__), "ensurepip", "_bundled")  # noqa: PTH118, PTH120
_NAMES = os.listdir(_BUNDLED) if os.path.isdir(_BUNDLED) else []  # noqa: PTH112, PTH208
_WHEELS = [os.path.join(_BUNDLED, name) for name in _NAMES if name.startswith("pip-")]  # noqa: PTH118

if not _WHEELS:
    message = f"No module named 'pip': {sys.base_prefix} has no `ensurepip`"
    raise ModuleNotFoundError(message, name="pip")
sys.path.insert(0, _WHEELS[0])
if __name__ == "__main__":
    runpy.run_module("pip", run_name="__main__", alter_sys=True)
elif __name__ == "pip":
    del sys.modules[__name__]
    importlib.import_module(__name__)
