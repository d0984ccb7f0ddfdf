"""Which lists can be taken out, who may take each, and in which columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from trainings.core.i18n import LazyText, _l
from trainings.core.permissions import Permission
from trainings.questions.usual_rules import Usual

P = Permission


class FileKind(StrEnum):
    """The kinds of file that a list can be taken out as."""

    XLSX = "xlsx"
    CSV = "csv"


FILE_LABELS: Mapping[FileKind, LazyText] = {
    FileKind.XLSX: _l("Workbook (.xlsx)"),
    FileKind.CSV: _l("Text (.csv), in a zip file"),
}


class Column(StrEnum):
    """What a column of a list with names holds."""

    NUMBER = "number"
    NAME = "name"
    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    COUNTRY = "country"
    FUNCTION = "function"
    SEX = "sex"
    UNIT = "unit"
    STATE = "state"
    SINCE = "since"
    PLACE = "place"
    PRIORITY = "priority"
    OFFERED_UNTIL = "offered_until"
    MAIL = "mail"
    PHONE = "phone"
    BORN = "born"
    DOCUMENT = "document"
    NEEDS = "needs"
    DIET = "diet"
    ACCESS = "access"
    EMERGENCY = "emergency"
    EMERGENCY_PHONE = "emergency_phone"
    PASSPORT = "passport"
    PASSPORT_UNTIL = "passport_until"
    HOURS = "hours"
    MARKS = "marks"
    FIRST_DAY = "first_day"
    LAST_DAY = "last_day"
    ARRIVES = "arrives"
    ARRIVES_BY = "arrives_by"
    LEAVES = "leaves"
    LEAVES_BY = "leaves_by"
    NIGHTS = "nights"
    SHARES_WITH = "shares_with"
    THERE = "there"
    AGENCY = "agency"
    STATION = "station"
    LANGUAGES = "languages"
    SESSIONS = "sessions"
    KIND = "kind"
    SERIAL = "serial"
    EVENT = "event"
    WRITTEN = "written"
    SENT = "sent"

    @property
    def label(self) -> LazyText:
        """The heading of the column."""
        return COLUMN_LABELS[self]


C = Column


class AnswerColumn(str):
    """A column of answers to a question of the course; its code names the question.

    ``document``: the answers are numbers of passports.
    """

    label: str
    document: bool

    def __new__(cls, question_id: str, label: str, *, document: bool = False) -> AnswerColumn:
        """A column of the answers to this question."""
        made = super().__new__(cls, f"{ANSWER}{question_id}")
        made.label, made.document = label, document
        return made

    @property
    def question_id(self) -> str:
        """The question that was answered."""
        return self.removeprefix(ANSWER)


ANSWER = "answer-"  # in front of the question's id
Heading: TypeAlias = Column | AnswerColumn
COLUMN_LABELS: Mapping[Column, LazyText] = {
    C.NUMBER: _l("Number"),
    C.NAME: _l("Name"),
    C.FAMILY_NAME: _l("Family name"),
    C.GIVEN_NAME: _l("Given name"),
    C.COUNTRY: _l("Country"),
    C.FUNCTION: _l("Function"),
    C.SEX: _l("Sex"),
    C.UNIT: _l("Unit"),
    C.STATE: _l("Status"),
    C.SINCE: _l("Status since"),
    C.PLACE: _l("Place on the reserve list"),
    C.PRIORITY: _l("Priority"),
    C.OFFERED_UNTIL: _l("Offer ends"),
    C.MAIL: _l("Email address"),
    C.PHONE: _l("Phone"),
    C.BORN: _l("Date of birth"),
    C.DOCUMENT: _l("Document number"),
    C.NEEDS: _l("Needs (food, access, interpreting)"),
    C.DIET: _l("Food"),
    C.ACCESS: _l("Accessibility"),
    C.EMERGENCY: _l("Emergency contact"),
    C.EMERGENCY_PHONE: _l("Phone of the emergency contact"),
    C.PASSPORT: _l("Passport number"),
    C.PASSPORT_UNTIL: _l("Passport valid until"),
    C.HOURS: _l("Share of the planned hours, in percent"),
    C.MARKS: _l("Attendance in each session"),
    C.FIRST_DAY: _l("First day of the course"),
    C.LAST_DAY: _l("Last day of the course"),
    C.ARRIVES: _l("Arrives on"),
    C.ARRIVES_BY: _l("Arrival flight"),
    C.LEAVES: _l("Leaves on"),
    C.LEAVES_BY: _l("Departure flight"),
    C.NIGHTS: _l("Nights"),
    C.SHARES_WITH: _l("Hotel room"),
    C.THERE: _l("Arrived"),
    C.AGENCY: _l("Agency"),
    C.STATION: _l("Duty station"),
    C.LANGUAGES: _l("Languages"),
    C.SESSIONS: _l("Sessions"),
    C.KIND: _l("Kind"),
    C.SERIAL: _l("Serial number"),
    C.EVENT: _l("Email"),
    C.WRITTEN: _l("Written on"),
    C.SENT: _l("Sent on"),
}

# Off until they are ticked, and then only with a reason.
_ASKED_LATE = (C.DIET, C.ACCESS, C.EMERGENCY, C.EMERGENCY_PHONE, C.PASSPORT, C.PASSPORT_UNTIL)
SENSITIVE = frozenset({C.PHONE, C.BORN, C.DOCUMENT, C.NEEDS, *_ASKED_LATE})
# Filled from the usual questions, where the course asks them; otherwise by hand.
USUAL: Mapping[Column, Usual] = {
    C.ARRIVES: Usual.ARRIVES,
    C.ARRIVES_BY: Usual.ARRIVES_BY,
    C.LEAVES: Usual.LEAVES,
    C.LEAVES_BY: Usual.LEAVES_BY,
    C.DIET: Usual.DIET,
    C.ACCESS: Usual.ACCESS,
    C.EMERGENCY: Usual.EMERGENCY,
    C.EMERGENCY_PHONE: Usual.EMERGENCY_PHONE,
    C.PASSPORT: Usual.PASSPORT,
    C.PASSPORT_UNTIL: Usual.PASSPORT_UNTIL,
}
_TRAVEL = (C.ARRIVES, C.ARRIVES_BY, C.LEAVES, C.LEAVES_BY, C.NIGHTS, C.SHARES_WITH)


class Listing(StrEnum):
    """The lists of a course that can be taken out."""

    COUNTRIES = "countries"
    DONOR = "donor"
    SEATS = "seats"
    AGENDA = "agenda"
    EVALUATION = "evaluation"
    ROOMING = "rooming"
    DOOR = "door"
    CANDIDATES = "candidates"
    NOMINATIONS = "nominations"
    RESERVE = "reserve"
    ATTENDANCE = "attendance"
    TRAINERS = "trainers"
    CERTIFICATES = "certificates"
    MAILS = "mails"


class Offer(Struct, frozen=True):
    """A list as it is offered: what it is called, who may take it, which columns it can have.

    ``shown``: the columns that its page shows; ``more``: what can be added. Neither: no names.
    """

    title: LazyText
    says: LazyText
    permission: Permission
    shown: tuple[Column, ...] = ()
    more: tuple[Column, ...] = ()

    @property
    def names(self) -> bool:
        """Whether people are named in it."""
        return bool(self.shown)

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns it can have, in the order in which they stand in the file."""
        asked = {*self.shown, *self.more}
        return tuple(one for one in Column if one in asked)


_ABOUT = (C.COUNTRY, C.FUNCTION)
_DETAILS = (C.UNIT, C.SEX, C.MAIL, C.PHONE, C.BORN, C.DOCUMENT, C.NEEDS)

OFFERS: Mapping[Listing, Offer] = {
    Listing.COUNTRIES: Offer(
        _l("Countries and functions"),
        _l("For the press: which countries and functions take part. No numbers, nobody is named."),
        P.REGISTRATION_READ,
    ),
    Listing.DONOR: Offer(
        _l("Table for the donor"),
        _l("How many take part, by country, function and sex. Nobody is named."),
        P.REGISTRATION_READ,
    ),
    Listing.SEATS: Offer(
        _l("Seats"),
        _l("Seats kept, offered, confirmed and free, by country and function."),
        P.REGISTRATION_READ,
    ),
    Listing.AGENDA: Offer(
        _l("Agenda"),
        _l("Days, times, sessions and rooms, without the names of trainers."),
        P.AGENDA_READ,
    ),
    Listing.EVALUATION: Offer(
        _l("Evaluation"),
        _l("How the course was rated, once five people have answered; not what they wrote."),
        P.EVALUATION_READ,
    ),
    Listing.ROOMING: Offer(
        _l("Rooms and flights"),
        _l(
            "For the hotel and the airline: who has confirmed, with what they answered about "
            "travel and food. What is not asked is left to be filled in by hand."
        ),
        P.REGISTRATION_READ,
        (C.FAMILY_NAME, C.GIVEN_NAME, *_ABOUT, C.SEX, C.FIRST_DAY, C.LAST_DAY, *_TRAVEL),
        (C.UNIT, C.MAIL, C.PHONE, C.BORN, C.DOCUMENT, C.NEEDS, *_ASKED_LATE),
    ),
    Listing.DOOR: Offer(
        _l("List for the door"),
        _l("For whoever lets people in: who has confirmed, with a column to tick."),
        P.REGISTRATION_READ,
        (C.FAMILY_NAME, C.GIVEN_NAME, *_ABOUT, C.THERE),
        (C.UNIT, C.DOCUMENT),
    ),
    Listing.CANDIDATES: Offer(
        _l("Candidates"),
        _l("Everyone who was nominated or applied, with their status."),
        P.REGISTRATION_READ,
        (C.NAME, C.NUMBER, *_ABOUT, C.STATE),
        (C.FAMILY_NAME, C.GIVEN_NAME, C.SINCE, C.PLACE, C.PRIORITY, C.OFFERED_UNTIL, *_DETAILS),
    ),
    Listing.NOMINATIONS: Offer(
        _l("Candidates of my country"),
        _l("For the focal point: who was nominated or applied, and the status of each."),
        P.REGISTRATION_NOMINATE,
        (C.NAME, C.NUMBER, C.FUNCTION, C.STATE, C.PRIORITY),
        (C.FAMILY_NAME, C.GIVEN_NAME, C.COUNTRY, C.UNIT, C.SINCE, C.MAIL),
    ),
    Listing.RESERVE: Offer(
        _l("Reserve list"),
        _l("Who waits for a seat, in the order of the list."),
        P.REGISTRATION_SELECT,
        (C.NAME, C.NUMBER, *_ABOUT, C.PLACE),
        (C.FAMILY_NAME, C.GIVEN_NAME, C.SINCE, C.PRIORITY, *_DETAILS),
    ),
    Listing.ATTENDANCE: Offer(
        _l("Attendance"),
        _l("Who was present in which session, and the share of the planned hours."),
        P.ATTENDANCE_TAKE,
        (C.NAME, *_ABOUT, C.HOURS, C.MARKS),
        (C.NUMBER, C.FAMILY_NAME, C.GIVEN_NAME, C.UNIT),
    ),
    Listing.TRAINERS: Offer(
        _l("Trainers"),
        _l("Who was invited to teach, with their answer."),
        P.ROSTER_READ,
        (C.NAME, C.AGENCY, C.STATION, C.LANGUAGES, C.STATE),
        (C.FAMILY_NAME, C.GIVEN_NAME, C.MAIL, C.SESSIONS),
    ),
    Listing.CERTIFICATES: Offer(
        _l("Certificates"),
        _l("The certificates that were issued, with serial number and status."),
        P.CERTIFICATE_PRINT,
        (C.NAME, C.COUNTRY, C.KIND, C.SERIAL, C.STATE),
        (C.FAMILY_NAME, C.GIVEN_NAME, C.FUNCTION, C.SINCE),
    ),
    Listing.MAILS: Offer(
        _l("Emails"),
        _l("Which email went to whom, and when; without its text."),
        P.MESSAGE_SEND,
        (C.EVENT, C.NAME, C.WRITTEN, C.STATE),
        (C.MAIL, C.SENT),
    ),
}


# The lists that can have the answers to the questions of the course.
WITH_ANSWERS = frozenset({Listing.CANDIDATES, Listing.RESERVE, Listing.ROOMING})


def in_order(
    listing: Listing, chosen: Collection[str], asked: Iterable[AnswerColumn] = ()
) -> tuple[Heading, ...]:
    """The chosen columns of a list, in its order; what it does not have is left out.

    ``asked``: the questions of the course whose answers it can have, after its own columns.
    """
    wanted = set(chosen)
    own: tuple[Heading, ...] = OFFERS[listing].columns
    return tuple(one for one in (*own, *asked) if one in wanted)


def is_document(column: Heading) -> bool:
    """Whether a column holds numbers of documents: of these a second person approves even one."""
    if isinstance(column, AnswerColumn):
        return column.document
    return column in (C.DOCUMENT, C.PASSPORT)


def tells_more(column: Heading) -> bool:
    """Whether a column needs a reason: it tells more about people than who they are."""
    return column in SENSITIVE or isinstance(column, AnswerColumn)
