"""The pip that Python itself brings, as the module `pip`: `python -m pip` and `import pip`.

Copied as `pip.py` into virtual environments that have no pip of their own (`overlay`), and run
there with the standard library only. The wheel comes onto `sys.path` when it is used: while it is
there, each start of Python reads its table of contents.
"""

import importlib
import os
import runpy
import sys
import sysconfig

# Debian and Fedora keep wheels in a folder of their own, as `ensurepip` knows as well.
# `os.path`, since every `import pip` would import pathlib for it.
_BUNDLED = os.path.join(os.path.dirname(os.__file__), "ensurepip", "_bundled")  # noqa: PTH118, PTH120
_FOLDERS = [sysconfig.get_config_var("WHEEL_PKG_DIR") or _BUNDLED, _BUNDLED]
_WHEELS = [
    os.path.join(folder, name)  # noqa: PTH118
    for folder in _FOLDERS
    if os.path.isdir(folder)  # noqa: PTH112
    for name in sorted(os.listdir(folder))  # noqa: PTH208
    if name.startswith("pip-")
]

if not _WHEELS:
    message = (
        f"No module named 'pip': the Python in {sys.base_prefix} has no wheel of pip in"
        f" {' or '.join(dict.fromkeys(_FOLDERS))}. On Debian and Ubuntu, the package"
        f" python{sys.version_info.major}.{sys.version_info.minor}-venv brings it."
    )
    raise ModuleNotFoundError(message, name="pip")
sys.path.insert(0, _WHEELS[0])
if __name__ == "__main__":
    runpy.run_module("pip", run_name="__main__", alter_sys=True)
elif __name__ == "pip":
    del sys.modules[__name__]
    importlib.import_module(__name__)
