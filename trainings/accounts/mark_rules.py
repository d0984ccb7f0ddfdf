"""What can be an agency's mark."""

from __future__ import annotations

from trainings.core.errors import Refusal
from trainings.core.i18n import _l


class NoPicture(Refusal):
    """An upload that is no picture, or too large a one."""

    sentence = _l(
        "Choose a PNG or JPEG picture of up to 1 MB and 2000 pixels a side; drawings (SVG) are "
        "not taken."
    )
    field = "picture"
