"""What is asked of a candidate, cleaned on the way in; and when registering is refused."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, TypeVar

from trainings.core.errors import Refusal
from trainings.core.i18n import _l
from trainings.core.text import TextRefused, clean
from trainings.courses.rules import CourseState, Placing
from trainings.registrations.rules import State

NOTICE = "notice"  # the consent without which nothing is kept
CONSENTS: Mapping[str, str] = {NOTICE: "2026-11", "directory": "2026-11"}  # kind -> version in use

LENGTHS: Mapping[str, int] = {
    "given_name": 80, "family_name": 80, "mail": 254, "phone": 40, "document": 60, "born": 10,
    "unit": 160, "needs": 1000, "printed_name": 160, "reason": 1000,
}  # fmt: skip
SEXES = ("F", "M", "X")


class DetailsRefused(Refusal):
    """Something about the person is missing or cannot be so."""


class NameMissing(DetailsRefused):
    """A person without any name."""

    sentence = _l("Please give the name.")
    field = "family_name"


class PrintedNameMissing(NameMissing):
    """A certificate without a name."""

    sentence = _l("Enter your name as it shall be printed.")
    field = "printed_name"


class MailMissing(DetailsRefused):
    """Somebody who could not be written to."""

    sentence = _l("Please give a mail address, such as name@example.org.")
    field = "mail"


class BirthDateRefused(DetailsRefused):
    """A date of birth that no candidate can have."""

    sentence = _l("Please give the date of birth as a date in the past.")
    field = "born"


class UnitMissing(DetailsRefused):
    """An application that does not say where the person works."""

    sentence = _l("Please say in which unit or office you work.")
    field = "unit"


class CountryNotInvited(DetailsRefused):
    """The course does not invite this country."""

    sentence = _l("This course does not invite candidates of this country.")
    field = "country"


class FunctionNotInvited(DetailsRefused):
    """The course does not invite this function."""

    sentence = _l("This course does not invite candidates of this function.")
    field = "function"


class NotForYourCountry(DetailsRefused):
    """A focal point nominates within the grant only."""

    sentence = _l("You can nominate candidates of your own country and functions only.")
    field = "country"


class ConsentMissing(DetailsRefused):
    """Nothing is kept of somebody who has not agreed."""

    sentence = _l("Please confirm that you have read how your data are used.")
    field = "notice"


class DetailsTheirs(DetailsRefused):
    """The person has given their details; nobody else changes them."""

    sentence = _l("This person has completed their own details, so only they can change them now.")


class AddressTheirs(DetailsRefused):
    """The person has come by this address, so a focal point no longer changes it."""

    sentence = _l(
        "This person has already used their mail address. "
        "Please ask the organisers if it has to change."
    )
    field = "mail"


class StaffAddress(Refusal):
    """The address of somebody who works here is changed in their profile only."""

    sentence = _l("This person works with this installation and changes their own mail address.")
    field = "mail"


class TextMissing(Refusal):
    """A message without words."""

    sentence = _l("Please write a subject and a text in at least one language.")
    field = "text"


class SameMail(Refusal):
    """Somebody else is known under this mail address: is it a shared mailbox, or a mistake?

    ``numbers`` are the registrations concerned within the asker's scope. Ask, and do it again
    with ``same_mail_confirmed=True``; two people are never made one.
    """

    sentence = _l(
        "Somebody else is registered with this mail address. If the unit shares the mailbox, "
        "confirm that this is another person; otherwise correct the address."
    )
    field = "mail"

    def __init__(self, numbers: Collection[str]) -> None:
        super().__init__()
        self.numbers = tuple(numbers)


class DeadlinePast(Refusal):
    """A deadline that is no help to anyone."""

    sentence = _l("The deadline must lie ahead, and before the course starts.")
    field = "until"


class CourseEnded(Refusal):
    """The course is over or cancelled: nothing moves any more."""

    sentence = _l("This course has ended, so its registrations no longer change.")


class NotPublished(Refusal):
    """A course that nobody was told of yet."""

    sentence = _l("This course is not published yet.")


@dataclass(frozen=True)
class Candidate:
    """Whom a focal point proposes."""

    given_name: str
    family_name: str
    mail: str
    country: str
    function: str
    unit: str = ""
    phone: str = ""
    document: str = ""
    born: str = ""  # ISO date
    sex: str | None = None
    language: str = "en"
    needs: str = ""
    priority: int | None = None


@dataclass(frozen=True)
class Details:
    """What a nominated person completes, and may correct, about themselves."""

    given_name: str
    family_name: str
    unit: str = ""
    phone: str = ""
    document: str = ""
    born: str = ""
    sex: str | None = None
    language: str = "en"
    needs: str = ""
    consents: tuple[str, ...] = ()  # kinds agreed to


@dataclass(frozen=True)
class Application:
    """What a person sends in who applies by themselves; the mail is the one of the link."""

    given_name: str
    family_name: str
    country: str
    function: str
    unit: str = ""
    phone: str = ""
    document: str = ""
    born: str = ""
    sex: str | None = None
    language: str = "en"
    needs: str = ""
    consents: tuple[str, ...] = field(default=())


Given = TypeVar("Given", Candidate, Details, Application)


def cleaned(given: Given) -> Given:
    """The same, each text as it may be kept; raises a refusal that names its field."""
    changed: dict[str, Any] = {
        one.name: cleaned_text(one.name, getattr(given, one.name))
        for one in fields(given)
        if one.name in LENGTHS
    }
    result = replace(given, **changed)
    if not (result.given_name or result.family_name):
        raise NameMissing
    if result.born and not is_birth_date(result.born):
        raise BirthDateRefused
    if result.sex not in (None, *SEXES):
        result = replace(result, sex=None)
    return result


def cleaned_text(name: str, value: str) -> str:
    """One text as it may be kept; raises a refusal that names the field."""
    try:
        return clean(value, LENGTHS[name], lines=name in ("needs", "reason"))
    except TextRefused as refusal:
        refusal.field = name
        raise


def cleaned_reason(reason: str) -> str:
    """A reason as it may be kept; it may be empty where none is asked for."""
    return cleaned_text("reason", reason)


def cleaned_mail(mail: str) -> str:
    """One mail address as it may be kept; raises ``MailMissing`` where it cannot be one."""
    text = cleaned_text("mail", mail)
    if re.fullmatch(r"""[^\s@,;:<>()\[\]"\\]+@[^\s@,;:<>()\[\]"\\]+""", text) is None:
        raise MailMissing
    return text


def is_birth_date(born: str) -> bool:
    """Whether an ISO date can be a candidate's date of birth."""
    try:
        return date(1900, 1, 1) <= date.fromisoformat(born) < date(2020, 1, 1)
    except ValueError:
        return False


def check_invited(
    country: str, function: str, countries: Collection[str], functions: Collection[str]
) -> None:
    """Whether a course invites this country and function; raises a refusal."""
    if country not in countries:
        raise CountryNotInvited
    if function not in functions:
        raise FunctionNotInvited


def agreed(consents: Collection[str]) -> dict[str, str]:
    """What a person agrees to, with the version of the text in use."""
    return {kind: version for kind, version in CONSENTS.items() if kind in consents}


def check_consent(consents: Collection[str]) -> None:
    """Whether the person agreed to what is needed. Raises ``ConsentMissing``."""
    if NOTICE not in consents:
        raise ConsentMissing


def check_going(state: CourseState) -> None:
    """Whether registrations of the course still change; raises a refusal."""
    if state is CourseState.DRAFT:
        raise NotPublished
    if state in (CourseState.COMPLETED, CourseState.CANCELLED):
        raise CourseEnded


def nominated_to(separate_endorsement: bool) -> State:
    """Where a nomination begins: endorsed where the course wants no separate act."""
    return State.NOMINATED if separate_endorsement else State.ENDORSED


def placed_at_once(placing: Placing, separate_endorsement: bool) -> bool:
    """Whether a complete application is placed in its own transaction."""
    return placing is Placing.AT_ONCE and not separate_endorsement
