"""What only few tasks need: words for what failed, and the end after SIGTERM.

Read as text, sent with `bootstrap.py` and compiled only where it is needed: the same rules hold.
"""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
from opcode import opname

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def report(folder: str, size: int, error: OSError) -> None:
    """Say why a folder cannot be used, unless it is just not there."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        line = "kfpkit: the folder %s is full; the component needs %d bytes there\n"
        sys.stderr.write(line % (folder, size))


def explain(error: Exception, module: str) -> None:
    """Name the line of the component's module that failed, and the way out."""
    line = 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__") == module:
            line = line or trace.tb_lineno
        trace = trace.tb_next
    if line:
        form = (
            "kfpkit: line %d of the component's module %s failed while the module was imported. "
            "What only the author's machine can do belongs under `if kfpkit.COMPILE_TIME:`.\n"
        )
        sys.stderr.write(form % (line, module))


def explain_object(error: Exception, files: Mapping[str, bytes]) -> None:
    """Name what does not ship and an object that is read needs, such as a pickle."""
    if isinstance(error, ModuleNotFoundError) and error.name and not is_statement(error):
        base = error.name.replace(".", "/")
        if not any(path == base + ".py" or path.startswith(base + "/") for path in files):
            form = (
                "kfpkit: the module %s does not ship with this component. An object that it reads "
                "(a pickle, or a file of joblib or cloudpickle) needs it, or a name that is made "
                "at run time. If the module is one of your project, add it to the component: "
                'helpers=["%s"].\n'
            )
            sys.stderr.write(form % (error.name, error.name))
    elif isinstance(error, AttributeError) and str(error)[:20] == "Can't get attribute ":
        sys.stderr.write(
            "kfpkit: an object that this component reads (a pickle, or a file of joblib or "
            "cloudpickle) needs what does not ship of a module: of a component's own module only "
            "that part does which its function reaches. Define the class in a module that both "
            "components import.\n"
        )


def is_statement(error: Exception) -> bool:
    """Whether an import statement failed, and not a call that imports."""
    frame = None
    trace = error.__traceback__
    while trace is not None:
        if not trace.tb_frame.f_code.co_filename.startswith("<frozen importlib"):
            frame = trace
        trace = trace.tb_next
    if frame is None:
        return False
    return opname[frame.tb_frame.f_code.co_code[frame.tb_lasti]] == "IMPORT_NAME"


def end_soon(folder: str | None, remove: Callable[[str, int], None]) -> None:
    """Do not wait for threads of the component after it was stopped."""

    def end() -> None:
        time.sleep(0.5)
        if folder is not None:
            remove(folder, os.getpid())
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(143)

    threading.Thread(target=end, daemon=True).start()
