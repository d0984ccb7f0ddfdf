"""What the ``flask`` command loads, without looking for rubbish, of which there is none yet.

See docs/decisions/2026-11-29-starts.md.
"""

import gc

gc.disable()

from trainings import commands  # noqa: E402 (after the line above)
from trainings.app import create_app  # noqa: E402

app = create_app()
commands.add(app)
gc.enable()
