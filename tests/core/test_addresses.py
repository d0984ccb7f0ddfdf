"""Which email addresses are accepted, and what is said of those that are not."""

import pytest

from trainings.core import addresses
from trainings.core.addresses import AddressWrong, DotAtTheEdge, NotCarried, NoTopLevel, TwoDots
from trainings.core.text import TextTooLong


@pytest.mark.parametrize(
    ("typed", "stored", "sent"),
    [
        (" ana@unit.example ", "ana@unit.example", "ana@unit.example"),
        ("Ana.Rojas+iom@UNIT.Example", "Ana.Rojas+iom@unit.example", "Ana.Rojas+iom@unit.example"),
        ("ana@münchen.example", "ana@münchen.example", "ana@xn--mnchen-3ya.example"),
        ("ana@xn--mnchen-3ya.example", "ana@münchen.example", "ana@xn--mnchen-3ya.example"),
        ("josé@unit.example", "josé@unit.example", "josé@unit.example"),
        ("jose\u0301@unit.example", "josé@unit.example", "josé@unit.example"),
    ],
)
def test_what_is_stored_and_what_is_sent(typed: str, stored: str, sent: str) -> None:
    assert addresses.checked(typed) == stored
    assert addresses.sent_to(stored) == sent


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", AddressWrong),
        ("ana", AddressWrong),
        ("@unit.example", AddressWrong),
        ("ana@", AddressWrong),
        ("ana rojas@unit.example", AddressWrong),
        ("ana@unit.example, eva@unit.example", AddressWrong),
        ("Ana <ana@unit.example>", AddressWrong),
        ("ana@[127.0.0.1]", AddressWrong),
        ("ana@-unit.example", AddressWrong),
        ("ana@unit..example", TwoDots),
        ("ana..rojas@unit.example", TwoDots),
        ("ana@unit.example.", DotAtTheEdge),
        ("ana@.unit.example", DotAtTheEdge),
        (".ana@unit.example", DotAtTheEdge),
        ("ana.@unit.example", DotAtTheEdge),
        ("ana@unit", NoTopLevel),
        ("a" * 250 + "@unit.example", TextTooLong),
    ],
)
def test_the_reason_is_told(typed: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal) as raised:
        addresses.checked(typed)
    assert type(raised.value) is refusal


def test_letters_that_no_server_here_carries_are_refused_at_once() -> None:
    with pytest.raises(NotCarried):
        addresses.checked("josé@unit.example", beyond_ascii=False)
    assert addresses.checked("jose@münchen.example", beyond_ascii=False) == "jose@münchen.example"


def test_an_old_address_that_is_refused_today_is_left_to_the_server() -> None:
    assert addresses.sent_to("ana@unit") == "ana@unit"


@pytest.mark.parametrize(
    ("written", "country", "kept"),
    [
        ("+591 2 2440000", "BO", "+591 2 2440000"),
        ("2 244 0000", "BO", "+591 2 2440000"),
        ("(591) 2-2440000", "BO", "+591 2 2440000"),
        ("+54 9 11 2345-6789", "BO", "+54 9 11 2345-6789"),
        ("0054-76655527", "AR", "0054-76655527"),
        ("int. 204", "BO", "int. 204"),
        ("71234567 / 71234568", "BO", "71234567 / 71234568"),
        ("", "BO", ""),
        ("2440000", "", "2440000"),
    ],
)
def test_a_phone_number_is_kept_as_it_is_dialled_from_anywhere(
    written: str, country: str, kept: str
) -> None:
    assert addresses.as_dialled(written, country) == kept
