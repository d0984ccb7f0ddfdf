"""When somebody who is proposed is, or may be, somebody who is known."""

from __future__ import annotations

import pytest

from trainings.registrations.candidate_rules import Candidate
from trainings.registrations.matching_rules import Seen, matches, maybe_same_name

ANA = Candidate("Ana", "Quispe", "ana@court.example", "BO", "judge", born="1980-02-01")


def seen(person: str = "p", **values: str) -> Seen:
    return Seen(**{"number": f"R-{person}", "person_id": person, "country": "BO", **values})


def test_the_same_address_name_and_country_is_the_same_person() -> None:
    found = matches(ANA, [seen(name="QUISPE, Ana")], [])
    assert [one.person_id for one in found.same] == ["p"] and not found.address and not found.name


@pytest.mark.parametrize(
    "values", [{"name": "Luz Ibarra"}, {"name": "Ana Quispe", "country": "PE"}]
)
def test_the_same_address_otherwise_is_a_question(values: dict[str, str]) -> None:
    found = matches(ANA, [seen(**values)], [])
    assert not found.same and [one.person_id for one in found.address] == ["p"]


def test_one_registration_in_the_country_is_enough() -> None:
    both = [seen(name="Ana Quispe", country="PE"), seen(name="Ana Quispe")]
    found = matches(ANA, both, [])
    assert len(found.same) == 2 and not found.address


def test_the_same_name_is_a_question_in_the_country_or_with_the_birth_date() -> None:
    named = [
        seen("here"),
        seen("born", country="PE", born="1980-02-01"),
        seen("other", country="PE", born="1981-02-01"),
        seen("unknown", country="PE"),
    ]
    assert [one.person_id for one in matches(ANA, [], named).name] == ["here", "born"]
    assert maybe_same_name(ANA, named, {"here", "born"}) == ()


def test_no_date_of_birth_is_like_no_other() -> None:
    undated = Candidate("Ana", "Quispe", "", "BO", "judge")
    assert maybe_same_name(undated, [seen(country="PE", born="")], ()) == ()


def test_who_has_the_address_is_asked_about_by_the_address_alone() -> None:
    found = matches(ANA, [seen(name="Luz Ibarra")], [seen("p"), seen("q")])
    assert [one.person_id for one in found.address] == ["p"]
    assert [one.person_id for one in found.name] == ["q"]
