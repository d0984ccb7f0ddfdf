"""A first message and what may become of it; what is refused, and what each lets the other see."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import asdict

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l, _lp
from trainings.core.states import Tone, Worded

WORDS = 2000  # characters of a message
SILENT_AFTER = timedelta(days=21)
TEXTS_KEPT = timedelta(days=90)
CLOSED_KEPT = timedelta(days=90)  # how long it is known that a contact came to nothing
REPORT = 1000


class ContactState(Worded):
    """What became of a first message."""

    WAITING = "waiting", _lp("contact", "Waiting for an answer"), Tone.AMBER
    ACCEPTED = "accepted", _lp("contact", "Accepted"), Tone.GREEN
    DECLINED = "declined", _lp("contact", "Declined")
    SILENT = "silent", _lp("contact", "No answer")
    ENDED = "ended", _lp("contact", "Ended")


OPEN = frozenset({ContactState.WAITING, ContactState.ACCEPTED})
# what each may become; the rest is over
BECOMES: Mapping[ContactState, frozenset[ContactState]] = {
    ContactState.WAITING: frozenset(
        {ContactState.ACCEPTED, ContactState.DECLINED, ContactState.SILENT, ContactState.ENDED}
    ),
    ContactState.ACCEPTED: frozenset({ContactState.ENDED}),
}


class ContactSubject(StrEnum):
    """What a first message is about; chosen, never typed."""

    LAW = "law"
    PRACTICE = "practice"
    WHO = "who"
    EXCHANGE = "exchange"
    COURSE = "course"
    URGENT = "urgent"

    @property
    def label(self) -> LazyText:
        """The subject, as people choose and read it."""
        return SUBJECT_LABELS[self]


SUBJECT_LABELS: Mapping[ContactSubject, LazyText] = {
    ContactSubject.LAW: _l("A question about the law or procedure of your country"),
    ContactSubject.PRACTICE: _l("How you work: methods and experience"),
    ContactSubject.WHO: _l("Which office or channel is the right one"),
    ContactSubject.EXCHANGE: _l("A visit, a talk or a training"),
    ContactSubject.COURSE: _l("We took part in the same course"),
    ContactSubject.URGENT: _l("It is urgent, or about a case"),
}


class NoOperations(Refusal):
    """Urgent matters and cases have their own channel."""

    sentence = _l(
        "Nothing was sent. The directory is no channel for operational data or emergencies: "
        "messages may lie unread for days. Use INTERPOL's I-24/7 through the National Central "
        "Bureau of your country, which answers around the clock."
    )
    field = "subject"


class AddressInWords(Refusal):
    """A first message carries no address on either side."""

    sentence = _l(
        "Leave out email addresses, links and phone numbers. Once your message is accepted, each "
        "of you decides what the other may see."
    )
    field = "words"


class AlreadyInContact(Refusal):
    """The two have an open message, or had one lately."""

    sentence = _l("There is a message between the two of you already.")


class ContactOver(Refusal):
    """The message was answered or ended in the meantime."""

    sentence = _l("Nothing was changed: the status of this contact is “%(state)s”.")


class AlreadyReported(Refusal):
    """One report is enough."""

    sentence = _l("This contact has been reported already. The data protection officer knows.")


class ContactCard(Struct, frozen=True):
    """What somebody lets the other see once a message is accepted."""

    name: bool = False
    mail: str = ""
    phone: str = ""
    unit: str = ""

    def written(self) -> str:
        """As it is sealed."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)


NOTHING = ContactCard()


def card_of(written: str) -> ContactCard:
    """What was sealed of it; nothing where nothing was."""
    return ContactCard(**json.loads(written)) if written else NOTHING


# An address, a link, or a number as telephones have it: not the number and year of a law.
_ADDRESS = re.compile(
    r"\S@\S|\(at\)|https?:|www\.|(?:\+|\b00)[ .()-]?\d(?:[ .()-]?\d){5,}|\d(?:[ .()-]?\d){8,}",
    re.IGNORECASE,
)


def check_words(words: str) -> None:
    """Check that a first message carries no address. Raises ``AddressInWords``."""
    if _ADDRESS.search(words):
        raise AddressInWords


def check_becomes(before: ContactState, after: ContactState) -> None:
    """Check that a contact may become this. Raises ``ContactOver``."""
    if after not in BECOMES.get(before, frozenset()):
        raise ContactOver(state=before.label)


def pair_of(one: str, other: str) -> str:
    """Two people, whoever is named first."""
    return ":".join(sorted((one, other)))
