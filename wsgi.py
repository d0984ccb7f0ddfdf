"""What the ``flask`` command loads, without looking for rubbish, of which there is none yet.

See docs/decisions/2026-11-29-starts.md.
"""

import gc

gc.disable()

from trainings.app import create_app  # noqa: E402 (after the line above)

app = create_app()
gc.enable()
