"""Pictures that people upload for paper: drawn anew in a cage, never kept as they came."""

from __future__ import annotations

import os
import subprocess
import sys

from trainings.printing.renderer import HOME, KEPT_ENVIRONMENT

SECONDS = 5
LARGEST = 1024 * 1024  # bytes of an upload
STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def reencoded(data: bytes) -> bytes | None:
    """A PNG with the pixels of an uploaded PNG or JPEG; None for anything else.

    At most 1 MB and 2000 pixels a side. Decoded in a process of its own, with little memory,
    little time and no network. Not inside a transaction.
    """
    if len(data) > LARGEST or not data.startswith(STARTS):
        return None
    try:
        done = subprocess.run(  # noqa: S603 (our own module)
            [sys.executable, "-m", "trainings.printing.picture_inspector", str(SECONDS)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=HOME,
            env={key: os.environ[key] for key in KEPT_ENVIRONMENT if key in os.environ},
            timeout=SECONDS + 5,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    made = done.stdout
    return made if done.returncode == 0 and made.startswith(STARTS[0]) else None
