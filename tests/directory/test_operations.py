"""Consent, finding, and the twenty people a day, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories, teaching
from tests.directory import alumni
from tests.directory.alumni import all_found, entry_of, find
from trainings.audit.models import AuditEntry
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course
from trainings.directory import care_operations, operations, queries, search_queries
from trainings.directory.models import DirectoryEntry, DirectoryLook, DirectoryWord
from trainings.directory.rules import (
    A_PAGE,
    MOST_A_DAY,
    YEAR,
    Admission,
    AlreadyKeptOut,
    Consenting,
    FieldsWait,
    FieldThere,
    KeptOut,
    NobodyWithNumber,
    NoneLeft,
    NotAlumni,
    NothingNamed,
    NotListed,
)
from trainings.people import reading
from trainings.people.models import Function, IdentityRead
from trainings.people.sealed_rules import ReadLogDown
from trainings.registrations.models import Registration
from trainings.registrations.rules import State


def admission(who: Viewer) -> Admission:
    db.session.close()
    return queries.admission(who.person_id)


def number_of(who: Viewer) -> str:
    found = db.session.scalar(
        select(Registration.number)
        .where(Registration.person_id == who.person_id)
        .execution_options(scope="operation")
    )
    db.session.close()
    return found or ""


def test_who_consents_is_found_by_alumni_of_the_same_course(each_app: Flask) -> None:
    course = alumni.over()
    ana = alumni.listed(course)
    luz = alumni.listed(course, "PY", "prosecutor", unit="Fiscalía 3")
    assert admission(luz) is Admission.LISTED
    found = find(ana, country="PY", function="prosecutor")
    (one,) = found.people
    assert (one.country, one.function, one.unit) == ("PY", "prosecutor", "Fiscalía 3")
    assert one.entry_id == entry_of(luz) and found.left == MOST_A_DAY - 1
    assert find(ana, country="BR").people == []
    (own,) = find(luz).people
    assert own.entry_id == entry_of(ana) and own.unit == ""


@pytest.mark.parametrize("state", [State.CONFIRMED, State.NO_SHOW, State.OFFERED])
def test_only_who_attended_may(app: Flask, state: State) -> None:
    who = alumni.alumnus(alumni.over(), state=state)
    assert admission(who) is Admission.STRANGER
    with pytest.raises(NotAlumni):
        operations.consent(Consenting(), who)
    with pytest.raises(NotListed):
        find(who)
    with pytest.raises(NotFound):
        operations.consent(Consenting(), Viewer(account_id="a"))


def test_who_is_not_listed_finds_nobody(app: Flask) -> None:
    course = alumni.over()
    alumni.listed(course)
    with pytest.raises(NotListed):
        find(alumni.alumnus(course))


@pytest.fixture(params=[search_queries.FEW, 0], ids=["few", "many"])
def each_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the two ways in which the database is asked, for few people and for many."""
    monkeypatch.setattr(search_queries, "FEW", request.param)


def test_others_find_whom_organiser_and_person_allow(each_app: Flask, each_way: None) -> None:
    here, there = alumni.programme("here"), alumni.programme("there", "UNODC")
    ana = alumni.listed(alumni.over("ONE27", here))
    agrees = alumni.listed(alumni.over("TWO27", there), to_others=True)
    beside = alumni.listed(alumni.over("THR27", there), to_others=False)
    assert find(ana).people == []
    organiser = factories.account(Role.ORGANISER, agency="UNODC")
    care_operations.open_programme("there", True, organiser)
    assert [one.entry_id for one in find(ana).people] == [entry_of(agrees)]
    assert all_found(agrees) == [entry_of(beside)], "alumni of the same programme always"
    care_operations.open_programme("there", False, organiser)
    assert find(ana).people == []


def test_fields_and_languages_find_whom_they_name(each_app: Flask, each_way: None) -> None:
    course = alumni.over()
    module = teaching.module("mining")
    ana = alumni.listed(course)
    works = alumni.listed(course, by_fields=True, words=(module, "gn", "es"))
    alumni.listed(course, by_fields=False, words=(module, "gn"))
    assert [one.entry_id for one in find(ana, field=module, language="gn").people] == [
        entry_of(works)
    ]
    (one,) = find(ana, field=module).people
    assert set(one.words) == {module, "gn", "es"}
    assert find(ana, field=module, language="fr").people == []


def test_twenty_people_within_a_day_in_lists_too(each_app: Flask) -> None:
    course = alumni.over()
    ana = alumni.listed(course)
    alumni.many(course, MOST_A_DAY + 3)
    shown = all_found(ana)
    assert len(shown) == len(set(shown)) == MOST_A_DAY
    again = find(ana, country="BR")
    assert {one.entry_id for one in again.people} == set(shown), "only those, whatever is asked"
    assert again.left == 0
    with clock.shifted(timedelta(hours=23)):
        assert {one.entry_id for one in find(ana).people} == set(shown)
    with clock.shifted(timedelta(hours=25)):
        assert find(ana).left == MOST_A_DAY - A_PAGE, "they count anew"


def test_the_same_person_counts_once_within_the_day(app: Flask) -> None:
    course = alumni.over()
    ana = alumni.listed(course)
    luz = alumni.listed(course, "PY")
    for _ in range(3):
        assert find(ana).left == MOST_A_DAY - 1
    operations.look_at(entry_of(luz), ana)
    (look,) = search_queries.looks_at(luz.person_id or "")
    assert (look.country, look.function, look.times) == ("BO", "judge", 1)
    with clock.shifted(timedelta(hours=25)):
        find(ana)
    db.session.close()
    (look,) = search_queries.looks_at(luz.person_id or "")
    assert look.times == 2


def test_no_search_tells_how_many_there_are(app: Flask) -> None:
    course = alumni.over()
    ana = alumni.listed(course)
    alumni.many(course, A_PAGE + 2)
    found = find(ana)
    assert len(found.people) == A_PAGE and not hasattr(found, "total")
    never_shown = next(
        one.id
        for one in db.session.scalars(select(DirectoryEntry).where(DirectoryEntry.country == "PY"))
        if one.id not in {shown.entry_id for shown in found.people}
    )
    skipping = find(ana, after=never_shown)
    assert skipping.people == found.people, "only behind who was shown does a list go on"
    assert len(find(ana, after=found.last).people) == 2


def test_one_entry_opens_only_for_whom_it_was_shown(app: Flask) -> None:
    course = alumni.over()
    ana, luz = alumni.listed(course), alumni.listed(course, "PY")
    with pytest.raises(NotFound):
        operations.look_at(entry_of(luz), ana)
    find(ana)
    assert operations.look_at(entry_of(luz), ana).people[0].country == "PY"
    stranger = alumni.listed(alumni.over("ELSE27"))
    with pytest.raises(NotFound):
        operations.look_at(entry_of(luz), stranger)
    with clock.shifted(timedelta(hours=25)):
        alumni.many(course, MOST_A_DAY, "PE")
        assert len(all_found(ana, country="PE")) == MOST_A_DAY
        with pytest.raises(NoneLeft):
            operations.look_at(entry_of(luz), ana)


def test_each_look_is_logged_and_without_the_log_nobody_is_shown(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = alumni.over()
    ana, luz = alumni.listed(course), alumni.listed(course, "PY")
    find(ana)
    read = db.session.scalars(select(IdentityRead).order_by(IdentityRead.number)).all()[-1]
    assert (read.by, read.purpose, read.persons) == (ana.account_id, "directory", [luz.person_id])

    def down(*_args: object, **_values: object) -> None:
        raise ReadLogDown

    monkeypatch.setattr(reading, "log", down)
    with pytest.raises(ReadLogDown):
        find(ana)


def test_a_withdrawal_holds_at_once_and_for_both_ways(each_app: Flask) -> None:
    course = alumni.over()
    ana, luz = alumni.listed(course), alumni.listed(course, "PY", unit="Corte", by_fields=True)
    find(ana)
    gone = entry_of(luz)
    operations.withdraw(luz)
    assert find(ana).people == [] and admission(luz) is Admission.INVITED
    with pytest.raises(NotListed):
        find(luz)
    with pytest.raises(NotListed):
        operations.withdraw(luz)
    with pytest.raises(NotFound):
        operations.look_at(gone, ana)
    db.session.close()
    kept = db.session.get_one(DirectoryEntry, gone)
    assert kept.unit is None and kept.ended_at is not None and kept.version


def test_a_renewal_cannot_be_connected_with_what_was_before(each_app: Flask) -> None:
    course = alumni.over()
    module = teaching.module("mining")
    luz = alumni.listed(course, "PY", unit="Corte", by_fields=True, words=(module,))
    before = db.session.get_one(DirectoryEntry, entry_of(luz))
    with clock.shifted(timedelta(days=350)):
        operations.renew(luz)
        after = db.session.get_one(DirectoryEntry, entry_of(luz))
        assert after.id != before.id and after.alias != before.alias
        assert queries.own_unit(after) == "Corte" and after.by_fields
        assert queries.words_of([after.id]) == {after.id: (module,)}
        assert after.until - clock.now() <= YEAR < after.until - clock.now() + timedelta(minutes=1)
    db.session.close()
    assert (
        db.session.scalars(
            select(DirectoryWord.entry_id).where(DirectoryWord.entry_id == before.id)
        ).all()
        == []
    )


def test_a_list_does_not_go_on_behind_an_earlier_entry(app: Flask) -> None:
    course = alumni.over()
    ana = alumni.listed(course)
    alumni.many(course, MOST_A_DAY - 1)
    luz = alumni.listed(course, "BR")
    while entry_of(luz) not in {one.entry_id for one in find(ana).people[1:-1]}:
        operations.renew(luz)
    before = entry_of(luz)
    assert find(ana, before).people != find(ana).people, "an entry of today's"
    operations.renew(luz)
    all_found(ana)
    assert find(ana, before) == find(ana), "she was shown, but nothing says that it is she"


def test_a_change_keeps_alias_and_day(app: Flask) -> None:
    luz = alumni.listed(alumni.over(), "PY")
    before = db.session.get_one(DirectoryEntry, entry_of(luz))
    with clock.shifted(timedelta(days=40)):
        operations.consent(Consenting(unit="Corte"), luz)
    after = db.session.get_one(DirectoryEntry, entry_of(luz))
    assert (after.alias, after.until) == (before.alias, before.until)


def test_after_a_year_it_ends_by_itself(each_app: Flask) -> None:
    course = alumni.over()
    ana, luz = alumni.listed(course), alumni.listed(course, "PY")
    with clock.shifted(timedelta(days=340)):
        operations.tidy()
        operations.tidy()
        assert len(factories.mails("directory_ending")) == 2
        operations.renew(ana)
    with clock.shifted(timedelta(days=366)):
        assert find(ana).people == [], "even before the round"
        assert admission(luz) is Admission.INVITED
        operations.tidy()
        operations.consent(Consenting(), luz)
        assert len(find(ana).people) == 1
    with clock.shifted(timedelta(days=366 + 366)):
        operations.tidy()
    left = db.session.scalars(
        select(DirectoryEntry.id).where(DirectoryEntry.person_id == luz.person_id)
    ).all()
    assert len(left) == 1, "that somebody consented is forgotten a year after"
    assert db.session.scalars(select(DirectoryLook.times)).all() == []


def test_who_ran_out_and_was_not_tidied_can_agree_again(app: Flask) -> None:
    luz = alumni.listed(alumni.over(), "PY")
    with clock.shifted(timedelta(days=366)):
        operations.consent(Consenting(), luz)
        assert admission(luz) is Admission.LISTED


def test_protected_people_never_appear(each_app: Flask) -> None:
    course = alumni.over()
    ana, luz = alumni.listed(course), alumni.listed(course, "PY")
    number = number_of(luz)
    officer = factories.account(Role.DATA_PROTECTION)
    for other in (ana, factories.account(Role.ADMINISTRATOR)):
        with pytest.raises(NotFound):
            care_operations.keep_out(number, other)
    care_operations.keep_out(number.lower(), officer)
    assert find(ana).people == [] and admission(luz) is Admission.EXCLUDED
    with pytest.raises(KeptOut):
        operations.consent(Consenting(), luz)
    with pytest.raises(AlreadyKeptOut):
        care_operations.keep_out(number, officer)
    with pytest.raises(NobodyWithNumber):
        care_operations.keep_out("R-NOBODY", officer)
    care_operations.let_in(luz.person_id or "", officer)
    assert find(ana).people == [] and admission(luz) is Admission.INVITED
    with pytest.raises(NotFound):
        care_operations.let_in(luz.person_id or "", officer)


def test_a_country_leaves_the_course_and_its_alumni_stay(app: Flask) -> None:
    course = alumni.over()
    ana, luz = alumni.listed(course), alumni.listed(course, "PY")
    with transaction() as session:
        kept = session.get_one(Course, course)
        kept.countries = [one for one in kept.countries if one != "PY"]
    assert [one.entry_id for one in find(ana, country="PY").people] == [entry_of(luz)]


def test_a_function_renamed_is_shown_by_its_new_name(app: Flask) -> None:
    course = alumni.over()
    ana = alumni.listed(course)
    alumni.listed(course, "PY", "prosecutor")
    with transaction() as session:
        session.get_one(Function, "prosecutor").names = {"en": "Public prosecutor"}
    client = app.test_client()
    factories.sign_in(client, ana)
    text = client.get("/directory?function=prosecutor").text
    assert text.count("Public prosecutor") == 2, "in the list to choose from, and of who was found"


def test_a_proposed_field_joins_the_list_in_the_words_of_who_decides(each_app: Flask) -> None:
    course = alumni.over()
    ana, luz = alumni.listed(course), alumni.listed(course, "PY", by_fields=True)
    operations.propose("Pesca ilegal", luz)
    with pytest.raises(FieldThere):
        operations.propose("pesca ilegal", luz)
    (waiting,) = queries.proposals()
    assert queries.proposed_words(waiting) == "Pesca ilegal"
    key = waiting.id
    for other in (ana, factories.account(Role.DATA_PROTECTION)):
        with pytest.raises(NotFound):
            care_operations.keep_field(key, {"en": "Fishing"}, other)
    keeper = factories.account(Role.ADMINISTRATOR)
    with pytest.raises(NothingNamed):
        care_operations.keep_field(key, {}, keeper)
    care_operations.keep_field(key, {"en": "Fishing", "es": "Pesca"}, keeper)
    assert [one.entry_id for one in find(ana, field=key).people] == [entry_of(luz)]
    db.session.close()
    kept = queries.field(keeper, key)
    assert kept.proposed is None and kept.proposed_by is None
    care_operations.drop_field(key, keeper)
    assert find(ana, field=key).people == [] and queries.accepted_fields() == []


def test_three_proposals_may_wait(app: Flask) -> None:
    luz = alumni.alumnus(alumni.over())
    for words in ("one", "two", "three"):
        operations.propose(words, luz)
    with pytest.raises(FieldsWait):
        operations.propose("four", luz)


def test_the_trail_keeps_what_was_done_and_no_alias(app: Flask) -> None:
    luz = alumni.listed(alumni.over(), "PY", to_others=True)
    alias = db.session.get_one(DirectoryEntry, entry_of(luz)).alias
    operations.renew(luz)
    operations.withdraw(luz)
    rows = [
        one
        for one in db.session.scalars(select(AuditEntry).order_by(AuditEntry.number))
        if "directory" in one.act
    ]
    assert [one.act for one in rows] == [
        "directory.consent",
        "directory.renew",
        "directory.withdraw",
    ]
    assert all(alias not in str(one.details) for one in rows)
