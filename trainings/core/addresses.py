"""Email addresses and phone numbers: the one rule for what is typed, and what is kept of it.

The two libraries behind it are loaded by the first address and the first number, not by each start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainings.core.i18n import _l
from trainings.core.text import TextRefused, clean

if TYPE_CHECKING:
    from email_validator import ValidatedEmail

LONGEST = 254


class AddressWrong(TextRefused):
    """This is not an email address, without a reason that could be told better."""

    sentence = _l("Enter the full email address, such as name@example.org.")
    field = "mail"


class TwoDots(AddressWrong):
    """A slip of the finger: two dots in a row."""

    sentence = _l("This email address has two dots in a row. Leave one out.")


class DotAtTheEdge(AddressWrong):
    """A dot before the first letter or after the last, as at the end of a sentence."""

    sentence = _l("An email address has no dot at its start, at its end or next to the @.")


class NoTopLevel(AddressWrong):
    """The domain is one word, which no mail server outside a house knows."""

    sentence = _l("The part after the @ is not complete. It ends like example.org.")


class NotCarried(AddressWrong):
    """The part before the @ has letters that the mail server of the installation cannot carry."""

    sentence = _l(
        "We cannot send emails to this address: the part before the @ may only have the letters "
        "a to z without accents, digits and signs. Enter another address."
    )


def checked(typed: str, *, beyond_ascii: bool = True) -> str:
    """The address as it is stored: cleaned, its domain in the letters people read.

    ``beyond_ascii``: whether the part before the @ may be in any letters. Raises ``TextRefused``.
    """
    text = clean(typed, LONGEST)
    name, _at, domain = text.rpartition("@")
    if not name or not domain:
        raise AddressWrong
    if ".." in text:
        raise TwoDots
    if any(part.startswith(".") or part.endswith(".") for part in (name, domain)):
        raise DotAtTheEdge
    if "." not in domain:
        raise NoTopLevel
    found = _validated(text)
    if found is None:
        raise AddressWrong
    if found.smtputf8 and not beyond_ascii:
        raise NotCarried
    return found.normalized


def sent_to(address: str) -> str:
    """The address as mail servers read it: the domain as punycode."""
    found = _validated(address)
    if found is None:  # written before there was this rule: the mail server decides
        return address
    return f"{found.local_part}@{found.ascii_domain}"


def _validated(address: str) -> ValidatedEmail | None:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(address, check_deliverability=False, allow_smtputf8=True)
    except EmailNotValidError:
        return None


def as_dialled(written: str, country: str) -> str:
    """A phone number as it is dialled from anywhere: *+591 2 244 0000*.

    One without a country's code is of ``country``. What is no number there, or has words beside
    it, stays as it was written: a person may still know what it means.
    """
    import phonenumbers

    try:
        number = phonenumbers.parse(written, country or None)
    except phonenumbers.NumberParseException:
        return written
    if number.extension or not phonenumbers.is_valid_number(number):
        return written
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
