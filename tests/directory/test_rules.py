"""The directory's rules: how many people, which aliases, what a message may hold."""

import pytest

from trainings.directory import contact_rules, rules
from trainings.directory.contact_rules import BECOMES, OPEN, ContactCard, ContactState


def test_who_was_shown_is_shown_again_and_others_as_there_is_room() -> None:
    assert rules.chosen(["a", "b", "c", "d"], {"b"}, 2) == ["a", "b", "c"]
    assert rules.chosen(["a", "b"], {"b"}, 0) == ["b"]
    assert rules.left(19) == 1 and rules.left(20) == rules.left(21) == 0


def test_an_alias_is_drawn_until_nobody_is_called_so() -> None:
    first, *rest = (rules.new_alias(lambda _alias: False) for _ in range(20))
    assert len({first, *rest}) > 10, "drawn by chance"
    taken = {"refused": 3}

    def is_taken(_alias: str) -> bool:
        taken["refused"] -= 1
        return taken["refused"] >= 0

    assert rules.new_alias(is_taken) and taken["refused"] == -1
    assert all(len(star) + 4 <= 30 for star in rules.STARS)


def test_each_list_begins_elsewhere_each_day() -> None:
    starts = {rules.beginning(key, day) for key in "abc" for day in ("2026-11-28", "2026-11-29")}
    assert len(starts) == 6 and {len(one) for one in starts} == {22}


@pytest.mark.parametrize(
    "words",
    [
        "Write to ana@fiscalia.example",
        "ana (at) fiscalia",
        "See https://example.org",
        "www.example.org",
        "Call +591 2 2123456",
        "Call 0054 11 4345678",
        "my number: 71234567 89",
    ],
)
def test_a_first_message_carries_no_address(words: str) -> None:
    with pytest.raises(contact_rules.AddressInWords):
        contact_rules.check_words(words)


@pytest.mark.parametrize(
    "words",
    [
        "Ley 26.842, art. 145 bis (2012)",
        "Law 263/2012, from 2019-2021",
        "Ñande ñe'ẽ, 法律第26842号, قانون رقم 64 لسنة 2010",
        "We heard 12 victims in 2025, 3 in 2026.",
    ],
)
def test_numbers_of_laws_and_any_script_pass(words: str) -> None:
    contact_rules.check_words(words)


def test_what_is_over_becomes_nothing_else() -> None:
    assert set(BECOMES) == OPEN
    for over in set(ContactState) - OPEN:
        with pytest.raises(contact_rules.ContactOver):
            contact_rules.check_becomes(over, ContactState.ACCEPTED)
    with pytest.raises(contact_rules.ContactOver):
        contact_rules.check_becomes(ContactState.ACCEPTED, ContactState.DECLINED)


def test_a_card_reads_as_it_was_written() -> None:
    card = ContactCard(True, "ana@unit.example", "+591 2", "Fiscalía")
    assert contact_rules.card_of(card.written()) == card
    assert contact_rules.card_of("") == contact_rules.NOTHING
