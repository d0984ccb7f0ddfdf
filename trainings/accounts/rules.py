"""Rules for accounts: emailed links, when a session ends, waiting after wrong tries, roles."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from trainings.core import sealed
from trainings.core.errors import Refusal
from trainings.core.i18n import Counted, _l, _lp
from trainings.core.permissions import Role
from trainings.core.states import Tone, Worded

SIGN_IN, INVITATION, PASSWORD = "sign_in", "invitation", "password"
SETS_PASSWORD = frozenset({INVITATION, PASSWORD})
VALID_FOR = {
    SIGN_IN: timedelta(hours=1),
    PASSWORD: timedelta(hours=1),
    INVITATION: timedelta(days=7),
}
VALID_OTHERWISE = timedelta(days=14)  # links that ask for an answer: an invitation, an offer

IDLE = timedelta(minutes=30)  # without use
IDLE_STAYING = timedelta(hours=8)  # without use, on one's own device
ABSOLUTE = timedelta(hours=12)  # whatever its use
LEFT_FOR = timedelta(hours=1)  # so long a form can still be sent that was open at a sign-out
COOKIE = ABSOLUTE + timedelta(days=1)  # a form sent the next morning shows whose it was


class AccountState(Worded):
    """Whether a member of staff can sign in."""

    INVITED = "invited", _lp("account", "Invited"), Tone.BLUE
    ACTIVE = "active", _lp("account", "Active"), Tone.GREEN
    DISABLED = "disabled", _lp("account", "Switched off")


class WrongSignIn(Refusal):
    """Email and password do not match an account; never says which of the two is wrong."""

    sentence = _l("The email address or the password is not correct.")


class TooManyTries(Refusal):
    """Too many wrong tries: the user has to wait before the next one."""

    sentence = Counted(
        "Too many tries. Please wait %(seconds)s second, or ask for a sign-in link by email.",
        "Too many tries. Please wait %(seconds)s seconds, or ask for a sign-in link by email.",
        "seconds",
    )


class LinkRefused(Refusal):
    """An emailed link that does not work."""

    sentence = _l("This link does not work.")


class LinkUnknown(LinkRefused):
    """No such link was ever sent, or it was sent for another purpose."""

    sentence = _l("We do not recognise this link. It may have been cut off in the email.")


class LinkUsed(LinkRefused):
    """A link works only once."""

    sentence = _l("This link has already been used. Each link works once.")


class LinkExpired(LinkRefused):
    """A link works only until it expires."""

    sentence = _l("This link has expired.")


class MailTaken(Refusal):
    """Another staff account already uses this address."""

    sentence = _l("There is already a staff account with this email address.")
    field = "mail"


class OwnGrant(Refusal):
    """Nobody can give roles to, or take roles from, themselves."""

    sentence = _l("You cannot give yourself a role. Ask another administrator.")


class OwnAccount(Refusal):
    """Administrators cannot switch off their own account by mistake."""

    sentence = _l("You cannot switch off your own account. Ask another administrator.")


class NotStaff(Refusal):
    """The staff account is switched off."""

    sentence = _l("This account is switched off. An administrator has to switch it on first.")


class GrantHeld(Refusal):
    """The account already has this role with this scope."""

    sentence = _l("This account already has this role.")
    field = "role"


class ScopeMissing(Refusal):
    """A role without the scope it needs."""

    sentence = _l("Choose an agency or a course.")


class AgencyOrCourse(ScopeMissing):
    """An organiser works for an agency or for single courses."""

    sentence = _l("Choose the agency, or enter the code of one course.")
    field = "agency"


class NotBoth(ScopeMissing):
    """One grant cannot have two scopes: give two grants."""

    sentence = _l("Choose an agency or enter a course code, not both. For both, give two roles.")
    field = "course"


class CourseUnknown(ScopeMissing):
    """No course has this code."""

    sentence = _l("There is no course with the code %(code)s.")
    field = "course"


class CourseWanted(ScopeMissing):
    """A trainer's role needs a course."""

    sentence = _l("Enter the code of the course.")
    field = "course"


class CountryWanted(ScopeMissing):
    """A focal point's or legal correspondent's role needs a country."""

    sentence = _l("Choose the country.")
    field = "country"


# Not from this page: a trainer's role comes from accepting the invitation to a course, a legal
# correspondent's from the focal point of their country.
GIVEN_BY_HAND = (
    Role.ORGANISER,
    Role.FOCAL_POINT,
    Role.ANALYST,
    Role.DATA_PROTECTION,
    Role.ADMINISTRATOR,
)


class Scope(NamedTuple):
    """The part of the installation in which a role applies: an agency, a course, a country."""

    agency_id: str | None = None
    course_id: str | None = None
    country: str | None = None
    functions: tuple[str, ...] = ()


def scope_for(role: Role, given: Scope) -> Scope:
    """The scope a role needs, without anything it does not use. Raises ``ScopeMissing``."""
    if role is Role.ORGANISER:
        if given.agency_id and given.course_id:
            raise NotBoth
        if not given.agency_id and not given.course_id:
            raise AgencyOrCourse
        return Scope(agency_id=given.agency_id, course_id=given.course_id)
    if role is Role.TRAINER:
        if not given.course_id:
            raise CourseWanted
        return Scope(course_id=given.course_id)
    if role is Role.FOCAL_POINT:
        if not given.country:
            raise CountryWanted
        return Scope(country=given.country, functions=tuple(sorted(given.functions)))
    if role is Role.LEGAL_CORRESPONDENT:
        if not given.country:
            raise CountryWanted
        return Scope(country=given.country)
    return Scope()


FORGOTTEN_AFTER = timedelta(hours=12)


class Patience(NamedTuple):
    """How many tries are free under one key, and how the wait grows after them."""

    free: int
    longest: timedelta
    first: timedelta = timedelta(seconds=2)
    forgotten_after: timedelta = FORGOTTEN_AFTER  # without any try


# Strangers who try an account from elsewhere can slow it down for a minute, not lock it: an
# emailed link always works, and so does a browser that was signed in before.
ACCOUNT_HERE = Patience(5, timedelta(minutes=15))
ACCOUNT_ANYWHERE = Patience(20, timedelta(minutes=1))
NETWORK = Patience(40, timedelta(minutes=15))
MAILS = Patience(3, timedelta(minutes=30))


def wait_after(tries: int, patience: Patience) -> timedelta:
    """How long the next try must wait: nothing at first, then doubling up to the longest wait."""
    over = tries - patience.free
    if over < 0:
        return timedelta()
    return min(patience.first * (1 << min(over, 20)), patience.longest)


_FEW_PEOPLE = frozenset({Role.TRAINER})  # roles over the people of one course alone


def may_stay(roles: Iterable[Role]) -> bool:
    """Whether an account may stay signed in on its own device: never one that sees many people."""
    return set(roles) <= _FEW_PEOPLE


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """Browser and system in words (``Firefox, Android``); empty if they are not known."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return ", ".join(word for word in (browser, system) if word)


def code_of(table: str, *said: Any) -> str:
    """The code of what a row says that lets somebody in; of a moment, only that it has come.

    See docs/decisions/2026-11-30-doors.md.
    """
    plain = [isinstance(one, datetime) or one for one in said]
    return sealed.row_mac(table, *plain)


def same(code: str, right: str) -> bool:
    """Whether a code is the right one; how long it takes does not tell how much of it is."""
    return hmac.compare_digest(code, right)
