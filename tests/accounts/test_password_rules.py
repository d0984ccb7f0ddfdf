"""What makes a password acceptable."""

import pytest

from trainings.accounts.password_rules import (
    PASSWORD_MAXIMUM,
    PasswordTooLong,
    PasswordTooPlain,
    PasswordTooShort,
    check_password,
    prepared_password,
)
from trainings.core.errors import Refusal


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "ahora mismo, en la playa",
        "密码是一个很长的句子没有人知道它",
        "x" * 10 + "12345",
    ],
)
def test_length_is_all_that_is_asked(password: str) -> None:
    check_password(password)


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("fourteen chars", PasswordTooShort),
        ("", PasswordTooShort),
        ("a" * 15, PasswordTooPlain),
        ("ada@staff.example", PasswordTooPlain),
        ("ADA@Staff.example ", PasswordTooPlain),
        ("word " * 41, PasswordTooLong),
    ],
)
def test_a_password_is_refused(password: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        check_password(password, ["ada@staff.example"])


def test_one_password_on_every_keyboard() -> None:
    assert prepared_password("contrasen\u0303a") == prepared_password("contraseña")


def test_what_is_hashed_is_bounded() -> None:
    assert len(prepared_password("x" * 1_000_000)) == PASSWORD_MAXIMUM
