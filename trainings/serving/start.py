"""Starts the web server: loads it first, without looking for rubbish, of which there is none yet.

    python -m trainings.serving.start

Python would look through all that is loaded again and again, a sixth of the start;
``forking.settle`` begins to look. See docs/decisions/2026-11-29-starts.md.
"""

import gc
import sys
from importlib import import_module

if __name__ == "__main__":
    gc.disable()
    sys.exit(import_module("trainings.serving.worker").serve())
