"""What is asked of a candidate, cleaned on input; and when registering is refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from trainings.core import addresses
from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l
from trainings.core.text import TextRefused, clean, clean_name
from trainings.courses.rules import CourseState, Placing
from trainings.registrations.rules import State

NOTICE = "notice"  # the consent without which nothing is stored
CONSENTS: Mapping[str, str] = {NOTICE: "2026-11"}  # kind -> version in use

LENGTHS: Mapping[str, int] = {
    "given_name": 80,
    "family_name": 80,
    "mail": 254,
    "phone": 40,
    "document": 60,
    "born": 10,
    "unit": 160,
    "needs": 1000,
    "printed_name": 160,
    "reason": 1000,
}
NAMES = ("given_name", "family_name", "printed_name")
SEX_LABELS: Mapping[str, LazyText] = {"F": _l("Woman"), "M": _l("Man"), "X": _l("Other")}
SEXES = tuple(SEX_LABELS)


class DetailsRefused(Refusal):
    """A detail about the person is missing or not possible."""


class NameMissing(DetailsRefused):
    """The person has no name at all."""

    sentence = _l("Enter the name.")
    field = "family_name"


class PrintedNameMissing(NameMissing):
    """The certificate has no name to print."""

    sentence = _l("Enter your name as it should be printed.")
    field = "printed_name"


class MailMissing(DetailsRefused):
    """The person has no email address."""

    sentence = _l("Enter an email address, such as name@example.org.")
    field = "mail"


class BirthDateRefused(DetailsRefused):
    """The date of birth is not possible for a candidate."""

    sentence = _l("The date of birth must be in the past.")
    field = "born"


class UnitMissing(DetailsRefused):
    """The application does not say where the person works."""

    sentence = _l("Enter your unit or office.")
    field = "unit"


class CountryNotInvited(DetailsRefused):
    """The course does not invite this country."""

    sentence = _l("This course does not invite candidates from this country.")
    field = "country"


class FunctionNotInvited(DetailsRefused):
    """The course does not invite this function."""

    sentence = _l("This course does not invite candidates with this function.")
    field = "function"


class NotForYourCountry(DetailsRefused):
    """A focal point may nominate only within their grant."""

    sentence = _l("You can only nominate candidates from your own country and functions.")
    field = "country"


class ConsentMissing(DetailsRefused):
    """The person has not agreed, so nothing may be stored."""

    sentence = _l("Confirm that you have read how your data is used.")
    field = "notice"


class DetailsTheirs(DetailsRefused):
    """The person has given their details, so nobody else may change them."""

    sentence = _l("This person has completed their own details, so only they can change them now.")


class AddressTheirs(DetailsRefused):
    """The person has signed in with this address, so a focal point can no longer change it."""

    sentence = _l(
        "This person has already used their email address. Ask the organisers if it has to change."
    )
    field = "mail"


class StaffAddress(Refusal):
    """The address of a staff member can be changed only in their profile."""

    sentence = _l("This person works in this system and changes their own email address.")
    field = "mail"


class MaybeKnown(Refusal):
    """Somebody in the asker's scope may be the same person.

    ``persons``: who, by registration number. Ask, then repeat with these numbers as ``others`` if
    the answer is that they are other people; two entries are never made one.
    """

    def __init__(self, persons: Mapping[str, str]) -> None:
        super().__init__()
        self.persons = dict(persons)


class SameMail(MaybeKnown):
    """Somebody else has this email address: a shared mailbox, or a mistake."""

    sentence = _l(
        "Someone else is registered with this email address. If the unit shares the mailbox, "
        "confirm that this is another person. Otherwise, correct the address."
    )
    field = "mail"


class SameName(MaybeKnown):
    """Somebody of this name and country, or date of birth, has another email address."""

    sentence = _l(
        "Someone with this name is registered with another email address. If it is the same "
        "person, correct the address there. Otherwise, confirm that this is another person."
    )
    field = "family_name"


class DeadlinePast(Refusal):
    """The deadline does not make sense."""

    sentence = _l("The deadline must be in the future and before the course starts.")
    field = "until"


class CourseEnded(Refusal):
    """The course is over or cancelled: nothing can change any more."""

    sentence = _l("This course has ended, so its registrations can no longer change.")


class NotPublished(Refusal):
    """The course is not published yet."""

    sentence = _l("This course has not been published yet.")


class Candidate(Struct, frozen=True):
    """The person whom a focal point nominates."""

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


class Details(Struct, frozen=True):
    """What a nominated person fills in, and may correct, about themselves."""

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


class Application(Struct, frozen=True):
    """What a person sends to apply by themselves; the email address is the one of the link."""

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


Given = Candidate | Details | Application
Kind = TypeVar("Kind", Candidate, Details, Application)


def cleaned(given: Kind) -> Kind:
    """The same with each text cleaned for storage; raises a refusal that names its field."""
    changed: dict[str, Any] = {
        name: cleaned_text(name, getattr(given, name))
        for name in given.__struct_fields__
        if name in LENGTHS
    }
    result = replace(given, **changed)
    if not (result.given_name or result.family_name):
        raise NameMissing
    if result.born and not is_birth_date(result.born):
        raise BirthDateRefused
    return result if result.sex in (None, *SEXES) else replace(result, sex=None)


def cleaned_text(name: str, value: str) -> str:
    """One text cleaned for storage; raises a refusal that names the field."""
    try:
        if name in NAMES:
            return clean_name(value, LENGTHS[name])
        return clean(value, LENGTHS[name], lines=name in ("needs", "reason"))
    except TextRefused as refusal:
        refusal.field = name
        raise


def cleaned_reason(reason: str) -> str:
    """A reason cleaned for storage; it may be empty where none is asked for."""
    return cleaned_text("reason", reason)


def cleaned_mail(mail: str) -> str:
    """One email address cleaned for storage; raises ``MailMissing`` or ``TextRefused``."""
    if not mail.strip():
        raise MailMissing
    return addresses.checked(mail)


def is_birth_date(born: str) -> bool:
    """Whether an ISO date can be a candidate's date of birth."""
    try:
        return date(1900, 1, 1) <= date.fromisoformat(born) < date(2020, 1, 1)
    except ValueError:
        return False


def check_invited(
    country: str, function: str, countries: Collection[str], functions: Collection[str]
) -> None:
    """Check that a course invites this country and function; raises a refusal."""
    if country not in countries:
        raise CountryNotInvited
    if function not in functions:
        raise FunctionNotInvited


def agreed(consents: Collection[str]) -> dict[str, str]:
    """The consents a person gives, each with the version of the text in use."""
    return {kind: version for kind, version in CONSENTS.items() if kind in consents}


def check_consent(consents: Collection[str]) -> None:
    """Check that the person agreed to what is required. Raises ``ConsentMissing``."""
    if NOTICE not in consents:
        raise ConsentMissing


def check_going(state: CourseState) -> None:
    """Check that registrations of the course can still change; raises a refusal."""
    if state is CourseState.DRAFT:
        raise NotPublished
    if state in (CourseState.COMPLETED, CourseState.CANCELLED):
        raise CourseEnded


def nominated_to(separate_endorsement: bool) -> State:
    """The first state of a nomination: endorsed if the course needs no separate endorsement."""
    return State.NOMINATED if separate_endorsement else State.ENDORSED


def placed_at_once(placing: Placing, separate_endorsement: bool) -> bool:
    """Whether a complete application is placed in the transaction that sends it."""
    return placing is Placing.AT_ONCE and not separate_endorsement
