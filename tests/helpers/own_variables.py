"""What programs that tests run in environments find around them."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
VARIABLES = {
    "PATH": "/usr/bin:/bin",
    "PYTHONPATH": str(ROOT / "src"),
    "OMP_NUM_THREADS": "1",  # other tests run beside
}
