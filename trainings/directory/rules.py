"""Who may be found by whom, for how long, under which alias, and how many people a day."""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection
from datetime import timedelta

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import _l, _lp
from trainings.core.states import Tone, Worded

VERSION = "2026-11"  # of the text that people agree to
YEAR = timedelta(days=365)
REMIND = timedelta(days=30)  # before a consent ends
KEPT = timedelta(days=365)  # how long it is kept that somebody consented, after the end
A_DAY = timedelta(hours=24)
MOST_A_DAY = 20  # people shown to one person
A_PAGE = 5
MOST_WAITING = 3  # fields that one person may have proposed
UNIT, FIELD = 160, 80  # characters
SMALLEST = 5  # months and borders with fewer requests are not told apart (S21)


class Admission(Worded):
    """How somebody stands to the directory."""

    STRANGER = "stranger", _lp("directory", "Not an alumnus")
    EXCLUDED = "excluded", _lp("directory", "Not shown"), Tone.AMBER
    INVITED = "invited", _lp("directory", "Not listed")
    LISTED = "listed", _lp("directory", "Listed"), Tone.GREEN


class FieldState(Worded):
    """What became of a field that somebody proposed."""

    PROPOSED = "proposed", _lp("directory", "Proposed"), Tone.AMBER
    ACCEPTED = "accepted", _lp("directory", "In the list"), Tone.GREEN


class Exclusion(Worded):
    """Why somebody never appears."""

    PROTECTED = "protected", _lp("directory", "Protected"), Tone.BLUE
    BARRED = "barred", _lp("directory", "Kept out after a report"), Tone.RED


class NotAlumni(Refusal):
    """Nothing was attended that one could be found by."""

    sentence = _l("The directory is for people who took part in a course to its end.")


class KeptOut(Refusal):
    """The data protection officer keeps the person out."""

    sentence = _l(
        "You are not shown in the directory and cannot use it. If you do not know why, write to "
        "the data protection officer."
    )


class NotListed(Refusal):
    """Who cannot be found does not find."""

    sentence = _l(
        "Only people who can be found here find others. You are not listed, or no longer: your "
        "consent ended or you withdrew it."
    )


class NoneLeft(Refusal):
    """Nobody more is shown within the day."""

    sentence = _l("You have seen as many people as anybody may see within 24 hours.")


class FieldThere(Refusal):
    """The field is in the list, or was proposed before."""

    sentence = _l("This field is in the list already, or you proposed it before.")
    field = "proposed"


class FieldsWait(Refusal):
    """Too many proposals wait."""

    sentence = _l("Three of your proposals are still waiting. Wait until they are decided.")
    field = "proposed"


class NothingNamed(Refusal):
    """A field needs words in at least one language."""

    sentence = _l("Enter the field in at least one language.")
    field = "title_en"


class AlreadyKeptOut(Refusal):
    """There is nothing to do."""

    sentence = _l("This person is kept out of the directory already.")
    field = "number"


class NobodyWithNumber(Refusal):
    """The number leads to nobody."""

    sentence = _l("No registration has this number.")
    field = "number"


class Consenting(Struct, frozen=True):
    """To what somebody agrees, use by use: each beyond the first is a tick of their own."""

    to_others: bool = False
    by_fields: bool = False
    unit: str = ""
    words: tuple[str, ...] = ()  # modules, fields and languages


class Sought(Struct, frozen=True):
    """What somebody looks for; empty: whatever it is."""

    country: str = ""
    function: str = ""
    field: str = ""
    language: str = ""


class Alumnus(Struct, frozen=True):
    """What is shown of somebody who was found."""

    entry_id: str
    alias: str
    country: str
    function: str
    unit: str
    words: tuple[str, ...]


def left(counted: int) -> int:
    """How many people somebody may still be shown, when so many counted within a day."""
    return max(0, MOST_A_DAY - counted)


def chosen(found: Collection[str], seen: Collection[str], room: int) -> list[str]:
    """Of the people who were found, in their order, those who may be shown.

    Who was shown within the day is shown again; of the others, as many as there is room for.
    """
    shown = []
    for one in found:
        if one not in seen:
            if room <= 0:
                continue
            room -= 1
        shown.append(one)
    return shown


# Bright stars: words that all our languages share, and that tell nothing of who bears them.
STARS = (
    *("Achernar", "Adhara", "Albireo", "Alcor", "Alcyone", "Aldebaran", "Algol", "Alhena"),
    *("Alioth", "Alkaid", "Almach", "Alnair", "Alnilam", "Alnitak", "Alphard", "Alphecca"),
    *("Altair", "Aludra", "Ankaa", "Antares", "Arcturus", "Atria", "Avior", "Bellatrix"),
    *("Betelgeuse", "Canopus", "Capella", "Castor", "Deneb", "Denebola", "Diphda", "Dubhe"),
    *("Elnath", "Eltanin", "Enif", "Fomalhaut", "Hadar", "Hamal", "Izar", "Kochab"),
    *("Markab", "Megrez", "Menkar", "Merak", "Mintaka", "Mirach", "Mirfak", "Mizar"),
    *("Naos", "Nunki", "Suhail", "Phecda", "Polaris", "Pollux", "Procyon", "Rasalhague"),
    *("Regulus", "Rigel", "Sabik", "Sadr", "Saiph", "Scheat", "Schedar", "Shaula"),
    *("Sirius", "Spica", "Tarazed", "Thuban", "Unukalhai", "Vega", "Wezen", "Zosma"),
)


def new_alias(taken: Callable[[str], bool]) -> str:
    """A star and a number, drawn by chance: nothing leads from it to a person or an earlier one."""
    while True:
        alias = f"{secrets.choice(STARS)} {100 + secrets.randbelow(900)}"
        if not taken(alias):
            return alias


def beginning(entry_id: str, day: str) -> str:
    """Where in the circle of all entries somebody's list begins on a day.

    Each begins elsewhere, so that nobody is always first; it tells nothing of who is there.
    """
    digest = hashlib.sha256(f"{entry_id}|{day}".encode()).digest()[:16]
    return urlsafe_b64encode(digest).decode().rstrip("=")
