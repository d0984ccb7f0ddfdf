"""The texts of a course's emails: what each is about, and which words in brackets it may hold.

Each email has a standard text. Organisers may put their own in its place, for one course and one
language. What differs from reader to reader stands in it as a word in curly brackets.
See docs/decisions/2026-11-28-own-texts.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l

MAIL_EVENTS: Mapping[str, LazyText] = {
    "course_published": _l("call for candidates"),
    "course_cancelled": _l("course cancelled"),
    "course_rescheduled": _l("course moved"),
    "course_message": _l("message from the organisers"),
    "registration_message": _l("message from the organisers"),
    "registration_nominated": _l("nominated"),
    "registration_applied": _l("application received"),
    "registration_endorsed": _l("endorsed"),
    "registration_offer": _l("offer of a seat"),
    "registration_questions": _l("answers missing"),
    "registration_reminder": _l("offer reminder"),
    "registration_reserve": _l("place on the reserve list"),
    "registration_confirmed": _l("seat confirmed"),
    "registration_declined": _l("seat declined"),
    "registration_expired": _l("offer expired"),
    "registration_rejected": _l("not selected"),
    "registration_reconsidered": _l("application reconsidered"),
    "registration_unselected": _l("selection undone"),
    "registration_recalled": _l("endorsement undone"),
    "law_check_asked": _l("asked to check the laws"),
    "network_asked": _l("asked about working contacts"),
    "network_reminded": _l("reminded of working contacts"),
    "message_waits": _l("message that waits for a second organiser"),
    "list_asked": _l("list with names to be approved"),
    "candidates_given": _l("candidates to read"),
    "registration_admitted": _l("admitted without endorsement"),
    "registration_unadmitted": _l("admission undone"),
    "registration_withdrawn": _l("withdrawn"),
    "registration_cancelled": _l("course cancelled"),
    "registration_rescheduled": _l("course moved"),
    "registration_agenda": _l("agenda"),
    "registration_changed": _l("change of details approved"),
    "registration_unchanged": _l("change of details not approved"),
    "change_asked": _l("changes of details to approve"),
    "registration_name": _l("name to be confirmed"),
    "registration_named": _l("name confirmed"),
    "registration_start": _l("link to apply"),
    "application_saved": _l("application saved for later"),
    "trainer_invited": _l("invitation to teach"),
    "trainer_withdrawn": _l("invitation withdrawn"),
    "trainer_agenda": _l("own sessions"),
    "certificate_ready": _l("certificate ready"),
    "certificate_revoked": _l("certificate revoked"),
}


def mail_event(event: str) -> str:
    """What an email is about, in words."""
    return str(MAIL_EVENTS.get(event, event.replace("_", " ")))


def to_others(event: str) -> bool:
    """Whether an email goes to trainers and focal points, not to candidates and participants."""
    return event.startswith(("trainer_", "course_"))


# Whose text cannot be another: it is written anew each time, carries links of several people, or
# tells staff what waits for them.
WRITTEN_ANEW = frozenset({"registration_message", "course_message"})
ALWAYS_STANDARD = WRITTEN_ANEW | frozenset(
    {
        "registration_start",
        "law_check_asked",
        "network_asked",
        "network_reminded",
        "message_waits",
        "list_asked",
        "candidates_given",
        "change_asked",
    }
)
CHANGEABLE = tuple(event for event in MAIL_EVENTS if event not in ALWAYS_STANDARD)

SUBJECT, TEXT = 120, 6000  # maximum characters

TOKENS: Mapping[str, LazyText] = {
    "name": _l("given and family name"),
    "course": _l("course title"),
    "code": _l("course code"),
    "dates": _l("first and last day"),
    "month": _l("month and year of the course"),
    "city": _l("city"),
    "venue": _l("venue"),
    "place": _l("city, and the venue for who may see it"),
    "earlier_dates": _l("first and last day before they were moved"),
    "earlier_place": _l("place before it changed"),
    "zone": _l("the course's time zone"),
    "number": _l("registration number"),
    "until": _l("until when the seat is held"),
    "closes": _l("last day to nominate"),
    "link": _l("their personal link"),
    "page": _l("link to their registration"),
    "course_page": _l("link to the course's public page"),
    "agenda": _l("the sessions, or what changed in them"),
    "agenda_page": _l("link to the agenda"),
    "reason": _l("the reason given"),
    "printed_name": _l("the name as it is printed"),
    "serial": _l("certificate number"),
    "check": _l("link to check the certificate"),
    "contact": _l("whom to ask"),
}
NAMELESS = frozenset({"course", "code", "dates", "month", "city", "venue"})  # for a subject
EVERYWHERE = frozenset({"course", "code", "city", "contact"})  # known in every email of a course
NEEDED = ("link", "until")  # what the standard text has of these, no other text may lack

_TOKEN = re.compile(r"\{([^{}\n]{1,30})\}")


class OwnText(NamedTuple):
    """What organisers wrote in the place of a standard text; both hold tokens."""

    subject: str
    text: str


class SubjectOrTextMissing(Refusal):
    """A text without its subject, or a subject without its text."""

    sentence = _l("Enter a subject and a text in at least one language.")
    field = "text"


class TokenUnknown(Refusal):
    """Braces around a word that this email does not know."""

    sentence = _l(
        "“{%(token)s}” cannot be used here. Use one of the words in curly brackets listed on "
        "this page."
    )
    field = "text"


class TokenInSubject(TokenUnknown):
    """An email's subject must not name anybody."""

    field = "subject"


class TokenLacking(Refusal):
    """Without it nobody could do what the email asks for."""

    sentence = _l(
        "The text has to contain “{%(token)s}”: without it the reader cannot do what the email "
        "asks for."
    )
    field = "text"


def tokens_in(text: str) -> list[str]:
    """The words in curly brackets of a text, each once, in their order."""
    return list(dict.fromkeys(_TOKEN.findall(text)))


def check_text(text: str, allowed: Collection[str], needed: Collection[str] = ()) -> None:
    """Check the words in brackets of a text. Raises ``TokenUnknown``, ``TokenLacking``."""
    found = tokens_in(text)
    for token in found:
        if token not in allowed:
            raise TokenUnknown(token=token)
    for token in needed:
        if token not in found:
            raise TokenLacking(token=token)


def check_subject(text: str, allowed: Collection[str] = NAMELESS) -> None:
    """Check that a subject holds only words in brackets that name nobody.

    Raises ``TokenInSubject``.
    """
    for token in tokens_in(text):
        if token not in allowed or token not in NAMELESS:
            raise TokenInSubject(token=token)


def replaced(text: str, values: Mapping[str, str]) -> str:
    """The text with each token replaced once: tokens inside values are not replaced.

    A line of which no token has anything to say is left out, with an empty line beside it.
    """
    lines = [_replaced_line(line, values) for line in text.split("\n")]
    return "\n".join(_without_gaps(lines))


def _replaced_line(line: str, values: Mapping[str, str]) -> str | None:
    tokens = [token for token in _TOKEN.findall(line) if token in values]
    if tokens and not any(values[token] for token in tokens):
        return None
    return _TOKEN.sub(lambda found: values.get(found[1], found[0]), line)


def _without_gaps(lines: Iterable[str | None]) -> list[str]:
    kept: list[str] = []
    gap = False
    for line in lines:
        if line is None:
            gap = True
        elif line.strip() or not gap or (kept and kept[-1].strip()):
            kept.append(line)
            gap = False
    return kept
