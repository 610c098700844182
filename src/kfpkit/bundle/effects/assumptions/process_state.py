"""Dotted names that set state of the process, not of a module.

A statement that sets such state changes what any later code may do, so it ships although no name
leads to it. Calls are left out of a path: `logging.getLogger(…).setLevel(…)` is
`logging.getLogger.setLevel`.
"""

from __future__ import annotations

import sys

_CALLS = {
    "asyncio": "set_event_loop_policy",
    "atexit": "register unregister",
    "codecs": "register register_error",
    "copyreg": "pickle constructor add_extension",
    "csv": "field_size_limit register_dialect unregister_dialect",
    "ctypes": "CDLL",
    "decimal": "setcontext getcontext.clear_flags getcontext.clear_traps",
    "faulthandler": "enable disable register",
    "gc": "collect disable enable freeze set_debug set_threshold",
    "locale": "setlocale bindtextdomain textdomain",
    "logging": (
        "addLevelName basicConfig captureWarnings disable setLoggerClass setLogRecordFactory "
        "config.dictConfig config.fileConfig getLogger.setLevel getLogger.addHandler "
        "getLogger.removeHandler getLogger.addFilter getLogger.handlers.clear root.setLevel "
        "root.addHandler root.removeHandler root.handlers.clear"
    ),
    "mimetypes": "add_type init",
    "multiprocessing": "set_start_method set_executable set_forkserver_preload",
    "os": (
        "environ.clear environ.pop environ.popitem environ.setdefault environ.update putenv "
        "unsetenv umask nice"
    ),
    "random": "seed setstate",
    "resource": "setrlimit",
    "signal": "alarm setitimer signal siginterrupt",
    "socket": "setdefaulttimeout",
    "sqlite3": "register_adapter register_converter enable_callback_tracebacks",
    "sys": (
        "addaudithook setrecursionlimit setswitchinterval set_int_max_str_digits settrace "
        "setprofile path.append path.extend path.insert path.remove path.clear meta_path.append "
        "meta_path.insert path_hooks.append path_hooks.insert modules.update modules.pop "
        "modules.setdefault "
        "stdout.reconfigure stderr.reconfigure"
    ),
    "threading": "stack_size settrace setprofile",
    "time": "tzset",
    "tracemalloc": "start",
    "urllib": "request.install_opener",
    "warnings": "filterwarnings simplefilter resetwarnings",
    "xml": "etree.ElementTree.register_namespace dom.registerDOMImplementation",
    "zoneinfo": "reset_tzpath",
    # What libraries keep for the whole process.
    "absl": "logging.set_verbosity",
    "cloudpickle": "register_pickle_by_value",
    "dask": "config.set",
    "jax": "config.update",
    "joblib": "parallel_config register_parallel_backend register_store_backend",
    "keras": (
        "backend.set_floatx config.enable_unsafe_deserialization config.set_floatx "
        "mixed_precision.set_global_policy saving.register_keras_serializable "
        "utils.register_keras_serializable utils.set_random_seed"
    ),
    "lightgbm": "register_logger",
    "loguru": "logger.add logger.configure logger.remove",
    "matplotlib": (
        "use rc rcParams.update pyplot.ioff pyplot.ion pyplot.rc pyplot.rcParams.update "
        "pyplot.style.use pyplot.switch_backend style.use"
    ),
    "numpy": "random.seed random.set_state seterr seterrcall set_printoptions",
    "optuna": "logging.set_verbosity logging.disable_default_handler",
    "pandas": (
        "set_option reset_option plotting.register_matplotlib_converters "
        "api.extensions.register_dataframe_accessor api.extensions.register_series_accessor "
        "api.extensions.register_index_accessor api.extensions.register_extension_dtype"
    ),
    "polars": "Config Config.set_tbl_rows enable_string_cache",
    "seaborn": "set set_context set_palette set_style set_theme",
    "skimage": "io.use_plugin",
    "sklearn": "set_config",
    "structlog": "configure",
    "tensorflow": (
        "config.experimental.enable_op_determinism config.run_functions_eagerly "
        "config.set_visible_devices config.threading.set_inter_op_parallelism_threads "
        "config.threading.set_intra_op_parallelism_threads get_logger.setLevel "
        "keras.saving.register_keras_serializable keras.utils.register_keras_serializable "
        "keras.utils.set_random_seed keras.backend.set_floatx "
        "keras.mixed_precision.set_global_policy random.set_seed"
    ),
    "torch": (
        "cuda.manual_seed cuda.manual_seed_all manual_seed multiprocessing.set_sharing_strategy "
        "multiprocessing.set_start_method serialization.add_safe_globals set_default_device "
        "set_default_dtype set_float32_matmul_precision set_num_interop_threads set_num_threads "
        "set_printoptions use_deterministic_algorithms"
    ),
    "tqdm": "tqdm.pandas auto.tqdm.pandas",
    "transformers": "logging.set_verbosity logging.set_verbosity_error set_seed",
    "urllib3": "disable_warnings",
    "xgboost": "set_config",
    "yaml": (
        "add_constructor add_representer SafeLoader.add_constructor SafeDumper.add_representer"
    ),
}
# What may give the module any name.
_BINDING = frozenset(
    {"exec", "globals.setdefault", "globals.update", "locals.update", "vars.update"}
)
_IMPORTING = frozenset({"__import__", "importlib.import_module", "importlib.reload"})
# What these give is set as a whole: `decimal.getcontext().prec = 5`.
_STATES = ("decimal.getcontext", "logging.getLogger")
_SETTING = _BINDING | {
    f"{module}.{path}" for module, paths in _CALLS.items() for path in paths.split()
}
# Libraries that keep settings in attributes and items: `pd.options.display.width = 200`.
_SETTINGS = (
    "jax.config",
    "matplotlib.pyplot.rcParams",
    "matplotlib.rcParams",
    "pandas.options",
    "torch.backends",
)
# What only says something.
_LEVELS = frozenset({"critical", "debug", "error", "exception", "info", "log", "print", "warning"})
_SAYING = frozenset(
    {
        *(f"logging.{level}" for level in _LEVELS),
        *("pprint.pprint", "print", "rich.print", "warnings.warn"),
        *("sys.stderr.flush", "sys.stderr.write", "sys.stdout.flush", "sys.stdout.write"),
    }
)
_SPEAKERS = ("logging.getLogger.", "structlog.get_logger.", "loguru.logger.", "rich.console.")


def sets_by_call(path: str) -> bool:
    """Whether calling a library's dotted name sets state of the process."""
    return path in _SETTING or imports_by_name(path)


def is_setting(path: str) -> bool:
    """Whether a dotted name on the result of a library call belongs to the process."""
    return path in _SETTING or path.startswith(_STATES)


def may_bind(path: str) -> bool:
    """Whether a call or an assignment of `sets_by_…` may bind any name of the module."""
    return path in _BINDING | {"globals", "locals", "vars"}


def imports_by_name(path: str) -> bool:
    """Whether calling a dotted name imports a module."""
    return path in _IMPORTING


def sets_by_assignment(path: str) -> bool:
    """Whether assigning to a library's dotted name sets state of the process.

    This is the case for every module of the standard library, which all code of the process shares.
    """
    if path.partition(".")[0] in sys.stdlib_module_names or may_bind(path):
        return True
    return any(f"{path}.".startswith(f"{each}.") for each in _SETTINGS)


def only_says(path: str) -> bool:
    """Whether calling a dotted name only writes to a terminal or a log."""
    last = path.rpartition(".")[2]
    return path in _SAYING or (path.startswith(_SPEAKERS) and last in _LEVELS)
