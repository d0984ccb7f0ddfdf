"""What makes a password acceptable."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

from trainings.core.errors import Refusal
from trainings.core.i18n import _l

PASSWORD_MINIMUM = 15
PASSWORD_MAXIMUM = 200  # checked before any hashing: a long text would cost time


class PasswordTooShort(Refusal):
    """A password so short that it can be guessed."""

    sentence = _l(
        "The password must have at least %(minimum)s characters. A sentence you can remember is "
        "good."
    )
    field = "password"


class PasswordTooLong(Refusal):
    """A password longer than the maximum."""

    sentence = _l("The password must have %(maximum)s characters or fewer.")
    field = "password"


class PasswordTooPlain(Refusal):
    """A password that is easily guessed: the user's own address, or a few characters repeated."""

    sentence = _l("This password is too easy to guess. Choose one that nobody would think of.")
    field = "password"


class PasswordsDiffer(Refusal):
    """The new password and its repetition are not the same."""

    sentence = _l("The passwords do not match. Enter the same password twice.")
    field = "repeated"


class WrongPassword(Refusal):
    """The present password was not entered correctly."""

    sentence = _l("This is not your current password.")
    field = "present"


def prepared_password(typed: str) -> str:
    """A password in the form to hash: the same from every keyboard, and never too long."""
    return unicodedata.normalize("NFC", typed[:PASSWORD_MAXIMUM])


def check_password(typed: str, known: Collection[str] = ()) -> None:
    """Refuse a new password that is too short, too long or easily guessed (``known``: own data)."""
    if len(typed) > PASSWORD_MAXIMUM:
        raise PasswordTooLong(maximum=PASSWORD_MAXIMUM)
    if len(prepared_password(typed)) < PASSWORD_MINIMUM:
        raise PasswordTooShort(minimum=PASSWORD_MINIMUM)
    folded = typed.strip().casefold()
    if len(set(folded)) < 5 or folded in {word.strip().casefold() for word in known}:
        raise PasswordTooPlain
