"""What is known of a person, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from trainings.core.errors import Refusal
from trainings.core.i18n import _l


class ReadLogDown(Refusal):
    """The look at identities could not be logged, so nothing is shown."""

    sentence = _l("The log of who reads identities cannot be written, so nothing is shown.")


class PersonErased(Refusal):
    """What was known of a person was erased meanwhile; nothing is written about them again."""

    sentence = _l("This person was erased, so nothing about them can be changed.")


ERASED = _l("Erased person")
SEALED = ("given_name", "family_name", "mail", "phone", "document", "born", "unit")


def normalised_mail(mail: str) -> str:
    """A mail address as it is compared: outer spaces off, case folded."""
    return mail.strip().casefold()


@dataclass(frozen=True)
class Identity:
    """What names a person, opened. Empty text where nothing is known."""

    id: str
    given_name: str
    family_name: str
    mail: str = ""
    phone: str = ""
    document: str = ""
    born: str = ""  # ISO date
    unit: str = ""
    erased: bool = False

    @property
    def name(self) -> str:
        """Given and family name as people write it; who was erased has one word for it."""
        if self.erased:
            return str(ERASED)
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def sorting(self) -> str:
        """Family name, given name: as a list orders and shows it."""
        if self.erased:
            return str(ERASED)
        return f"{self.family_name}, {self.given_name}".strip(", ")
