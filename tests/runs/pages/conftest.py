"""Let tests import the records that the benchmarks measure with, too."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[3]))
