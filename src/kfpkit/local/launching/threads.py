"""The number of threads of libraries, which many read from environment variables."""

from __future__ import annotations

# OpenMP's speaks for most: LightGBM, XGBoost, scikit-learn, PyTorch and Arrow read it, and
# OpenBLAS, MKL, BLIS and numexpr follow it unless their own variable says otherwise.
_SHARED = (
    "OMP_NUM_THREADS",
    "LOKY_MAX_CPU_COUNT",  # joblib's processes, with which scikit-learn serves `n_jobs=-1`
    "NUMBA_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "RAYON_NUM_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "VECLIB_MAXIMUM_THREADS",  # macOS's own linear algebra
)
_FOLLOWING = (
    "BLIS_NUM_THREADS",
    "GOTO_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_MAX_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OMP_THREAD_LIMIT",
    "OPENBLAS_NUM_THREADS",
)
THREAD_VARIABLES = frozenset((*_SHARED, *_FOLLOWING))
"""All that tell libraries how many threads to start; a user who sets one means the tasks, too."""


def share_threads(threads: int | None) -> dict[str, str]:
    """Return the environment variables that limit the threads of libraries.

    Args:
        threads: The number. None leaves it to the libraries.
    """
    return {} if threads is None else dict.fromkeys(_SHARED, str(threads))
