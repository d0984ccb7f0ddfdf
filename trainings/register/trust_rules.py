"""How far an entry of the register can be trusted, and the refusals where it cannot."""

from __future__ import annotations

from enum import StrEnum

from trainings.core.errors import Refusal
from trainings.core.i18n import _l

ISSUE, REVOKE = "certificate.issue", "certificate.revoke"
SUPERSEDE, ERASE = "certificate.supersede", "certificate.erase"


class Trust(StrEnum):
    """The verdict of the records kept alongside an entry."""

    SOUND = "sound"  # as this software last wrote it
    UNSURE = "unsure"  # an entry of ours, but the records do not agree: it confirms nothing
    STRANGE = "strange"  # this software never wrote such an entry


OURS = frozenset({Trust.SOUND, Trust.UNSURE})


class EndingNotKept(Refusal):
    """The installation's folder cannot be written, so no certificate can be ended."""

    sentence = _l(
        "Nothing was changed: this could not be noted in the folder of the installation. Tell "
        "the administrator, then try again."
    )
