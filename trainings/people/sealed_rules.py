"""What is sealed about a person, and how it reads once opened."""

from __future__ import annotations

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import _l


class ReadLogDown(Refusal):
    """The read could not be logged, so nothing is shown."""

    sentence = _l("The log of who reads identities cannot be written, so nothing is shown.")


class PersonErased(Refusal):
    """The person's data have been erased; nothing may be written about them again."""

    sentence = _l("This person has been erased, so nothing about them can be changed.")


ERASED = _l("Erased person")
NAMES = ("given_name", "family_name")
NAMING = (*NAMES, "mail")
DETAILS = ("phone", "document", "born", "unit")
SEALED = (*NAMING, *DETAILS)


def normalised_mail(mail: str) -> str:
    """An email address normalised for comparison: trimmed and case-folded."""
    return mail.strip().casefold()


class Identity(Struct, frozen=True):
    """A person's identifying data, decrypted; empty text means not known.

    Phone, document, birth date and unit belong to a registration, as given for it, or to the
    person's own record, which is shown only to that person.
    """

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
        """Given and family name as people write them; a fixed word for an erased person."""
        if self.erased:
            return str(ERASED)
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def sorting(self) -> str:
        """Family name, given name: as lists sort and show it."""
        if self.erased:
            return str(ERASED)
        return f"{self.family_name}, {self.given_name}".strip(", ")
