"""Makes the picture factory of tests/pictures.py importable."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
