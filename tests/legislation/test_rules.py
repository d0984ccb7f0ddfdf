"""What is refused in an entry, what differs, what is stale, and how terms and years are read."""

from __future__ import annotations

from datetime import date

import pytest

from tests.legislation.keeping import OFFENCE, answer
from trainings.core.errors import Refusal
from trainings.core.permissions import Grant, Role, Viewer
from trainings.legislation import compare_rules, rules
from trainings.legislation.compare_rules import Answer, Term, asked_of, marked, terms_of
from trainings.legislation.import_rules import Fate, fate_of
from trainings.legislation.rules import Keeper, LawText, Mark
from trainings.legislation.topic_rules import TOPICS


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (LawText(), rules.NothingSaid),
        (LawText(law="Code", year=2012), rules.NothingSaid),
        (answer("A", source_url="javascript:alert(1)"), rules.LinkNotWeb),
        (answer("A", source_url="data:text/html,x"), rules.LinkNotWeb),
        (answer("A", source_url="ftp://gazette.example"), rules.LinkNotWeb),
        (answer("A", source_url="https://"), rules.LinkNotWeb),
        (answer("A", source_url="https://[gazette"), rules.LinkNotWeb),
        (answer("A", source_url="https://gazette.example/a b"), rules.LinkNotWeb),
        (answer("A", source_url="//gazette.example"), rules.LinkNotWeb),
        (answer("A", year=1799), rules.YearOdd),
        (answer("A", year=2029), rules.YearOdd),
        (answer("A", in_force="2012-13"), rules.ForceDayOdd),
        (answer("A", in_force="soon"), rules.ForceDayOdd),
        (answer("A", source_date="2012-02-30"), rules.SourceDayOdd),
    ],
)
def test_what_is_refused(text: LawText, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        rules.checked(text, 2026)


@pytest.mark.parametrize(
    "text",
    [
        OFFENCE,
        LawText(note="Looked in the official gazette."),
        answer("A", source_url="http://gazette.example", in_force="2012", source_date="2012-07"),
        answer("法律", year=2027),
    ],
)
def test_what_is_taken(text: LawText) -> None:
    assert rules.checked(text, 2026) == text


def test_what_differs_is_named_part_by_part_and_language_by_language() -> None:
    after = LawText(said={"en": OFFENCE.said["en"], "fr": "Code"}, law=OFFENCE.law, year=2013)
    found = {(one.name, one.language): one for one in rules.differences(OFFENCE, after)}
    assert found["said", "es"].after == "" and found["said", "fr"].before == ""
    assert (found["year", ""].before, found["year", ""].after) == ("2012", "2013")
    assert ("said", "en") not in found and ("law", "") not in found
    assert rules.differences(OFFENCE, OFFENCE) == []


@pytest.mark.parametrize(
    ("text", "confirmed", "checked", "mark"),
    [
        (LawText(), False, None, Mark.NOT_FOUND),
        (LawText(note="Nothing found."), True, date(2026, 11, 1), Mark.NOT_FOUND),
        (OFFENCE, False, None, Mark.UNCONFIRMED),
        (OFFENCE, True, date(2026, 11, 1), Mark.CONFIRMED),
        (OFFENCE, True, date(2025, 11, 28), Mark.CONFIRMED),
        (OFFENCE, True, date(2025, 11, 27), Mark.STALE),
    ],
)
def test_how_far_an_entry_can_be_relied_on(
    text: LawText, confirmed: bool, checked: date | None, mark: Mark
) -> None:
    assert rules.mark_of(text.found, confirmed, checked, date(2026, 11, 28)) is mark


@pytest.mark.parametrize(
    ("grant", "keeper"),
    [
        (Grant(Role.FOCAL_POINT, country="BO"), Keeper.FOCAL_POINT),
        (Grant(Role.FOCAL_POINT, country="PE"), None),
        (Grant(Role.LEGAL_CORRESPONDENT, country="BO"), Keeper.CORRESPONDENT),
        (Grant(Role.ORGANISER, agency_id="iom"), Keeper.ORGANISER),
        (Grant(Role.ORGANISER, course_id="one"), None),
        (Grant(Role.TRAINER, course_id="one"), None),
        (Grant(Role.ADMINISTRATOR), None),
        (Grant(Role.ANALYST), None),
    ],
)
def test_who_keeps_the_entries_of_bolivia(grant: Grant, keeper: Keeper | None) -> None:
    assert rules.keeper_of(Viewer("a", grants=(grant,)), "BO") is keeper


def test_who_is_both_counts_as_of_the_country() -> None:
    both = (Grant(Role.ORGANISER, agency_id="iom"), Grant(Role.FOCAL_POINT, country="BO"))
    viewer = Viewer("a", grants=both)
    assert rules.keeper_of(viewer, "BO") is Keeper.FOCAL_POINT
    assert rules.keeper_of(viewer, "PE") is Keeper.ORGANISER


def test_an_address_may_name_countries_with_commas_or_one_by_one() -> None:
    there, known = ["AR", "BO", "BR"], ["offence", "consent"]
    wanted = asked_of(["ar,BO"], ["consent"], there, known)
    assert wanted == asked_of(["AR", "BO", "AR"], ["consent", "nothing"], there, known)
    assert (wanted.countries, wanted.topics) == (("AR", "BO"), ("consent",))
    assert asked_of(["ZZ", "AR"], [], there, known) == asked_of(["AR"], known, there, known)


def test_at_most_nine_countries_and_the_rest_is_named() -> None:
    codes = ["AR", "BO", "BR", "CL", "CO", "EC", "PE", "PY", "UY", "VE"]
    wanted = asked_of(codes, [], codes, ["offence"])
    assert len(wanted.countries) == 9 and wanted.left_out == ("VE",)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Prison, 4 to 8 years. Aggravated: 5 to 10 years.", [Term(4, 8), Term(5, 10)]),
        ("Prisión de 4 a 8 años.", [Term(4, 8)]),
        ("Peine de 5 à 7 ans", [Term(5, 7)]),
        ("Pena de 4 a 8 anos", [Term(4, 8)]),
        ("(5 years and 1 day to 20 years) and a fine of 50 to 100 UTM", [Term(5, 20)]),
        ("13 to 23 years, and 800 to 1,500 monthly wages", [Term(13, 23)]),
        ("Up to 8 years in prison; 2 to 15 years", [Term(None, 8), Term(2, 15)]),
        ("Under 14: not less than 25 years.", [Term(25, None)]),
        ("Aged 14 to 17: 12 to 20 years in prison.", [Term(12, 20)]),
        ("Penalty raised by one third to one half.", []),
        ("", []),
    ],
)
def test_prison_terms_are_read(text: str, terms: list[Term]) -> None:
    assert terms_of(text) == terms


def test_terms_are_drawn_on_a_scale_that_holds_them() -> None:
    assert compare_rules.scale_for([Term(4, 8)]) == 10
    assert compare_rules.scale_for([Term(4, 8), Term(25, None)]) == 30
    assert compare_rules.scale_for([]) == 10
    assert compare_rules.ticks(0, 30) == [0, 10, 20, 30]
    assert compare_rules.ticks(2002, 2022) == [2000, 2005, 2010, 2015, 2020, 2025]


def test_years_are_read_and_numbers_of_laws_are_not() -> None:
    assert compare_rules.years_of("Law 2.012 of 2002, Law 28950 (2007)", 2014) == [2002, 2007, 2014]
    assert compare_rules.years_of("", None) == []


def test_who_answers_otherwise_than_most_differs() -> None:
    said = {"AR": "No. Means only aggravate.", "BO": "Sí: ...", "BR": "Yes", "CL": "Oui", "EC": ""}
    assert compare_rules.answer_of("Irrelevante: …") is Answer.OF_NO_MATTER
    assert compare_rules.differing(said) == {"AR"}
    assert compare_rules.differing({"AR": "No", "BO": "Yes"}) == set(), "there is no most"
    assert compare_rules.differing({"AR": "Nobody knows", "BO": "Yesterday"}) == set()


def test_words_that_another_answer_lacks_are_marked() -> None:
    pieces = marked("Prison, 4 to 15 years, and a fine.", "Prisón: 4 to 8 years")
    assert [text for text, new in pieces if new] == ["15", "and a fine"]
    assert "".join(text for text, _new in pieces) == "Prison, 4 to 15 years, and a fine."
    assert marked("", "x") == []


def test_search_finds_beginnings_of_words_whatever_the_accents() -> None:
    words = compare_rules.words_of("VICTIMA men")
    assert compare_rules.has_words("si la víctima es menor", words)
    assert not compare_rules.has_words("la víctima", words)
    assert compare_rules.words_of("?!") == []


@pytest.mark.parametrize(
    ("current", "confirmed", "proposed", "fate"),
    [
        (None, False, None, Fate.NEW),
        (answer("old"), False, None, Fate.NEW),
        (answer("old"), True, None, Fate.CHANGE),
        (OFFENCE, True, None, Fate.SAME),
        (answer("old"), True, OFFENCE, Fate.SAME),
        (answer("old"), True, answer("other"), Fate.WAITS),
    ],
)
def test_what_becomes_of_a_row(
    current: LawText | None, confirmed: bool, proposed: LawText | None, fate: Fate
) -> None:
    assert fate_of(OFFENCE, current, confirmed, proposed) is fate


def test_each_of_the_fourteen_topics_asks_its_question_in_four_languages() -> None:
    assert len({one.code for one in TOPICS}) == 14
    for one in TOPICS:
        assert len(set(one.questions.values())) == 4 and all(one.titles.values())
