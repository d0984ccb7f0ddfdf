"""Decisions about accounts: passwords, links, waiting after wrong tries, what a role needs."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import timedelta
from typing import NamedTuple

from trainings.core.errors import Refusal
from trainings.core.i18n import _l
from trainings.core.permissions import Role

PASSWORD_MINIMUM = 15
PASSWORD_MAXIMUM = 200  # before any hashing: a long text is work for nothing

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)

SIGN_IN, INVITATION, PASSWORD = "sign_in", "invitation", "password"
SETS_PASSWORD = frozenset({INVITATION, PASSWORD})
VALID_FOR = {
    SIGN_IN: timedelta(hours=1),
    PASSWORD: timedelta(hours=1),
    INVITATION: timedelta(days=7),
}
VALID_OTHERWISE = timedelta(days=14)  # what asks for an answer: an invitation, an offer


class WrongSignIn(Refusal):
    """Mail and password do not open an account; never says which of them it was."""

    sentence = _l("The mail address or the password is not right.")


class TooManyTries(Refusal):
    """Too many wrong tries: the next one has to wait."""

    sentence = _l(
        "Too many tries. Please wait %(seconds)s seconds, or ask for a sign-in link by mail."
    )


class PasswordTooShort(Refusal):
    """A password that can be guessed by trying."""

    sentence = _l(
        "The password must have at least %(minimum)s characters. A sentence you remember is good."
    )
    field = "password"


class PasswordTooLong(Refusal):
    """More than there is room for."""

    sentence = _l("The password may have at most %(maximum)s characters.")
    field = "password"


class PasswordTooPlain(Refusal):
    """A password that is guessed first: one's own address, the same few characters again."""

    sentence = _l("This password is too easy to guess. Choose one that nobody would think of.")
    field = "password"


class PasswordsDiffer(Refusal):
    """The new password and its repetition are not the same."""

    sentence = _l("The two passwords are not the same.")
    field = "repeated"


class WrongPassword(Refusal):
    """The present password was not given."""

    sentence = _l("This is not your present password.")
    field = "present"


class LinkRefused(Refusal):
    """A mailed link that opens nothing."""

    sentence = _l("This link does not work.")


class LinkUnknown(LinkRefused):
    """No such link was ever mailed, or it was mailed for something else."""

    sentence = _l("This link is not known. It may have been cut off in the mail.")


class LinkUsed(LinkRefused):
    """A link opens once."""

    sentence = _l("This link was used already; each link works once.")


class LinkExpired(LinkRefused):
    """A link opens until its time is over."""

    sentence = _l("This link has expired.")


class MailTaken(Refusal):
    """Another staff account signs in with this address."""

    sentence = _l("A staff account with this mail address exists already.")
    field = "mail"


class OwnGrant(Refusal):
    """Nobody grants themselves."""

    sentence = _l("Nobody can give themselves a role. Ask another administrator.")


class OwnAccount(Refusal):
    """Who closes the door must not stand outside by mistake."""

    sentence = _l("You cannot switch off your own account. Ask another administrator.")


class NotStaff(Refusal):
    """The account is switched off."""

    sentence = _l("This account is switched off. An administrator has to switch it on first.")


class GrantHeld(Refusal):
    """The role with this scope is there already."""

    sentence = _l("This account has this role already.")
    field = "role"


class ScopeMissing(Refusal):
    """A role without the scope in which it shall count."""

    sentence = _l("Say for which agency or for which course.")


class AgencyOrCourse(ScopeMissing):
    """An organiser works for an agency or for single courses."""

    sentence = _l("Choose the agency, or type the code of one course.")
    field = "agency"


class NotBoth(ScopeMissing):
    """Two scopes in one grant would be two grants."""

    sentence = _l("Choose an agency or type a course code, not both. You can give two roles.")
    field = "course"


class CourseUnknown(ScopeMissing):
    """No course has this code."""

    sentence = _l("There is no course with the code %(code)s.")
    field = "course"


class CourseWanted(ScopeMissing):
    """A trainer's role counts in a course."""

    sentence = _l("Type the code of the course.")
    field = "course"


class CountryWanted(ScopeMissing):
    """A focal point nominates for a country."""

    sentence = _l("Choose the country.")
    field = "country"


# A trainer's role comes with the accepted invitation to a course, not from this page.
GIVEN_BY_HAND = (
    Role.ORGANISER, Role.FOCAL_POINT, Role.ANALYST, Role.DATA_PROTECTION, Role.ADMINISTRATOR,
)  # fmt: skip


class Scope(NamedTuple):
    """In which part of the house a role counts."""

    agency_id: str | None = None
    course_id: str | None = None
    country: str | None = None
    functions: tuple[str, ...] = ()


def scope_for(role: Role, given: Scope) -> Scope:
    """The scope a role needs, without what does not belong to it. Raises ``ScopeMissing``."""
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
    return Scope()


def prepared_password(typed: str) -> str:
    """A password as it is hashed: composed the same way on every keyboard, never too long."""
    return unicodedata.normalize("NFC", typed[:PASSWORD_MAXIMUM])


def check_password(typed: str, known: Collection[str] = ()) -> None:
    """Refuse a new password that is short, endless or guessed first (``known``: own words)."""
    if len(typed) > PASSWORD_MAXIMUM:
        raise PasswordTooLong(maximum=PASSWORD_MAXIMUM)
    if len(prepared_password(typed)) < PASSWORD_MINIMUM:
        raise PasswordTooShort(minimum=PASSWORD_MINIMUM)
    folded = typed.strip().casefold()
    if len(set(folded)) < 5 or folded in {word.strip().casefold() for word in known}:
        raise PasswordTooPlain


class Patience(NamedTuple):
    """How many tries are free under one key, and how long the wait grows after them."""

    free: int
    longest: timedelta


# Strangers who try an account from elsewhere can slow it down for a minute, not close it; a
# mailed link always opens it, and so does a browser that was signed in before.
ACCOUNT_HERE = Patience(5, timedelta(minutes=15))
ACCOUNT_ANYWHERE = Patience(20, timedelta(minutes=1))
NETWORK = Patience(40, timedelta(minutes=15))
MAILS = Patience(3, timedelta(minutes=30))
FORGOTTEN_AFTER = timedelta(hours=12)


def wait_after(tries: int, patience: Patience) -> timedelta:
    """How long the next try must wait: nothing at first, then doubling up to the longest."""
    over = tries - patience.free
    if over < 0:
        return timedelta()
    return min(timedelta(seconds=2 ** min(over + 1, 20)), patience.longest)


_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_words(user_agent: str) -> str:
    """Browser and system in words (``Firefox, Android``), or nothing where they are not told."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return ", ".join(word for word in (browser, system) if word)
