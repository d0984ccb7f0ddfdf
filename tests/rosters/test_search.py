"""Who is free, speaks it and has taught it; and why others do not fit, as far as one may see."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests import factories, teaching
from tests.counting import statements
from tests.duplicates.twins import Twins
from trainings.agenda import operations as agenda
from trainings.agenda.models import AgendaSession
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.people import order_queries
from trainings.rosters import listing_queries, operations, queries, search_queries, search_rules
from trainings.rosters.search_rules import Known, Lack, Occupied, Reason, Served, Service, Wanted

TODAY = date(2027, 3, 1)
BUSY = Occupied("t", "here", date(2027, 4, 1), date(2027, 4, 2))


@pytest.mark.parametrize(
    ("wanted", "known", "lacks"),
    [
        (Wanted(), Known((), ()), []),
        (Wanted(language="es"), Known(("es",), ()), []),
        (Wanted(language="es"), Known(("en",), ()), [Lack.LANGUAGE]),
        (Wanted(module="m"), Known((), ("m",), Service(of_module=1)), []),
        (Wanted(module="m"), Known((), (), Service(of_module=2)), []),
        (Wanted(module="m"), Known((), ("m",)), [Lack.NOT_TAUGHT]),
        (Wanted(module="m"), Known((), ("n",), Service(sessions=9)), [Lack.MODULE]),
        (Wanted(served=Served.NEVER), Known((), ()), []),
        (Wanted(served=Served.NEVER), Known((), (), Service(TODAY)), [Lack.SERVICE]),
        (Wanted(served=Served.YEAR), Known((), ()), [Lack.SERVICE]),
        (Wanted(served=Served.YEAR), Known((), (), Service(date(2026, 3, 2))), []),
        (Wanted(served=Served.YEAR), Known((), (), Service(date(2026, 2, 1))), [Lack.SERVICE]),
        (Wanted(served=Served.TWO_YEARS), Known((), (), Service(date(2026, 2, 1))), []),
        (
            Wanted(served=Served.LONGER_AGO),
            Known((), (), Service(date(2026, 2, 1))),
            [Lack.SERVICE],
        ),
        (Wanted(served=Served.LONGER_AGO), Known((), (), Service(date(2024, 2, 1))), []),
        (
            Wanted(language="fr", module="m"),
            Known(("en",), (), occupied=(BUSY,)),
            [Lack.LANGUAGE, Lack.MODULE, Lack.BUSY],
        ),
    ],
)
def test_why_somebody_does_not_fit(wanted: Wanted, known: Known, lacks: list[Lack]) -> None:
    assert [one.lack for one in search_rules.reasons(wanted, known, {"here"}, TODAY)] == lacks


def test_what_lies_beyond_is_no_more_than_not_free() -> None:
    other = [Occupied("t", f"other{n}", date(2027, 4, n), date(2027, 4, n)) for n in (1, 2, 3)]
    known = Known((), (), occupied=(BUSY, *other))
    assert search_rules.reasons(Wanted(), known, {"here"}, TODAY) == [
        Reason(Lack.BUSY, "here", BUSY.first, BUSY.last),
        Reason(Lack.BUSY),
    ]


def test_days_come_in_their_order_and_one_is_enough() -> None:
    one, two = date(2027, 1, 1), date(2027, 1, 5)
    assert search_rules.days_wanted(two, one) == (one, two)
    assert search_rules.days_wanted(None, two) == (two, two)
    assert search_rules.days_wanted(None, None) == (None, None)
    for typed in ("2027-13-01", "0001-01-01", "9999-12-31"):
        assert search_rules.typed_day(typed) is None
    assert search_rules.days_wanted(one, date(2199, 12, 31)) == (one, date(2028, 1, 1))


class Roster:
    """Ruth teaches interviews in Spanish and did so; the others each lack something."""

    def __init__(self) -> None:
        self.lead = factories.account(Role.ORGANISER, agency="IOM")
        self.other = factories.account(Role.ORGANISER, agency="UNODC")
        self.module = teaching.module("interviews")
        self.past = factories.course("PAST26", starts_in=5, agencies=("IOM",))
        self.coming = factories.course("COME27", starts_in=60, agencies=("IOM",))
        self.beyond = factories.course("FAR27", starts_in=61, lead="UNODC", agencies=("UNODC",))
        teaching.teach(self.past, self.module)
        self.first = teaching.session_day(self.coming)
        names = ("Ruth", "Noa", "Lía", "Eva", "Zoe")
        self.ids = {
            name: teaching.trainer(
                self.lead,
                name=(name, "Prueba"),
                languages=("en",) if name == "Noa" else ("es",),
                module_ids=() if name == "Zoe" else (self.module,),
            )
            for name in names
        }
        self.taught("Ruth", "Noa", "Lía", "Eva")
        self.busy("Lía", self.coming, self.lead)
        self.busy("Eva", self.beyond, self.other)

    def taught(self, *names: str) -> None:
        """Make them have given the module in a course that is over."""
        for number, name in enumerate(names):
            giver = teaching.course_trainer(self.past, self.ids[name], self.lead)
            slot = teaching.slot(
                self.past,
                f"{9 + number:02}:00",
                f"{9 + number:02}:50",
                module_id=self.module,
                trainers=(giver,),
            )
            agenda.add_session(self.past, slot, self.lead)
        with transaction() as session:
            ago = clock.now() - timedelta(days=40)
            session.execute(
                update(AgendaSession)
                .where(AgendaSession.course_id == self.past)
                .values(day=ago.date(), starts_utc=ago, ends_utc=ago + timedelta(minutes=50))
            )

    def busy(self, name: str, course: str, by: Viewer) -> None:
        """Give somebody a session on the first days that are asked for."""
        giver = teaching.course_trainer(course, self.ids[name], by)
        agenda.add_session(course, teaching.slot(course, trainers=(giver,)), by)

    def why(self, viewer: Viewer, **wanted: object) -> dict[str, list[Reason]]:
        """The reasons by name."""
        everyone = queries.roster(viewer)
        found = search_queries.search(viewer, everyone, Wanted(**wanted), clock.now().date())  # type: ignore[arg-type]
        names = {key: name for name, key in self.ids.items()}
        return {names[one.trainer.id]: list(one.reasons) for one in found}


def test_who_fits_and_why_the_others_do_not(each_app: Flask) -> None:
    roster = Roster()
    first = roster.first
    why = roster.why(
        roster.lead,
        module=roster.module,
        language="es",
        first=first,
        last=first + timedelta(days=2),
    )
    assert why == {
        "Ruth": [],
        "Noa": [Reason(Lack.LANGUAGE)],
        "Lía": [Reason(Lack.BUSY, roster.coming, first, first)],
        "Eva": [Reason(Lack.BUSY)],
        "Zoe": [Reason(Lack.MODULE)],
    }
    theirs = roster.why(roster.other, first=first, last=first + timedelta(days=2))
    assert theirs["Lía"] == [Reason(Lack.BUSY)]
    beyond = teaching.session_day(roster.beyond)
    assert theirs["Eva"] == [Reason(Lack.BUSY, roster.beyond, beyond, beyond)]


def test_who_accepted_is_away_for_the_days_of_the_course(each_app: Flask) -> None:
    roster = Roster()
    days = {"first": roster.first + timedelta(days=2), "last": roster.first + timedelta(days=9)}
    assert roster.why(roster.lead, **days)["Lía"] == []
    ruth = teaching.course_trainer(roster.coming, roster.ids["Ruth"], roster.lead)
    assert roster.why(roster.lead, **days)["Ruth"] == [], "only asked so far"
    teaching.answered(ruth)
    last = roster.first + timedelta(days=3)
    expected = [Reason(Lack.BUSY, roster.coming, days["first"], last)]
    assert roster.why(roster.lead, **days)["Ruth"] == expected
    with transaction() as session:
        session.get_one(Course, roster.coming).state = CourseState.CANCELLED
    assert roster.why(roster.lead, **days)["Ruth"] == []


def test_a_trainer_removed_from_their_session_is_free_again(each_app: Flask) -> None:
    roster = Roster()
    days = {"first": roster.first, "last": roster.first}
    (reason,) = roster.why(roster.lead, **days)["Lía"]
    assert reason.lack is Lack.BUSY
    given = teaching.course_trainer(roster.coming, roster.ids["Lía"], roster.lead)
    teaching.answered(given, accept=False)
    assert roster.why(roster.lead, **days)["Lía"] == []


def rows(page: str, caption: str) -> list[str]:
    """The names in a table of a page."""
    table = re.search(rf"<caption[^>]*>{caption}</caption>.*?</table>", page, re.DOTALL)
    return re.findall(r'class="name"[^>]*>(?:Prueba, )?(\w+)', table[0]) if table else []


def test_days_without_end_are_not_looked_through(app: Flask, client: FlaskClient) -> None:
    factories.sign_in(client, Roster().lead)
    app.config["TESTING"] = False  # what fails is answered with 500
    for since, until in (("0001-01-01", "9999-12-31"), ("9999-12-31", ""), ("", "0001-01-01")):
        assert client.get(f"/trainers?from={since}&until={until}").status_code == 200
    page = client.get("/trainers?from=1900-01-01&until=2199-12-31").text
    assert 'value="1901-01-01"' in page, "a year at most, and the page says so"


def test_the_page_lists_both_and_says_nothing_of_others_courses(
    app: Flask, client: FlaskClient
) -> None:
    roster = Roster()
    factories.sign_in(client, roster.lead)
    asked = {
        "module": roster.module,
        "language": "es",
        "from": roster.first.isoformat(),
        "until": (roster.first + timedelta(days=3)).isoformat(),
    }
    page = client.get("/trainers", query_string=asked).text
    assert "1 trainer fits" in page
    assert rows(page, "Trainers who fit") == ["Ruth"]
    assert sorted(rows(page, "Other trainers, and why they do not fit")) == [
        "Eva",
        "Lía",
        "Noa",
        "Zoe",
    ]
    assert page.count("Not free") == 1
    assert "/courses/COME27/trainers" in page
    assert "FAR27" not in page
    assert "Does not teach in Spanish" in page
    assert "Does not teach this module" in page
    everyone = client.get("/trainers").text
    assert "Why not" not in everyone
    assert len(rows(everyone, "Trainers")) == 5
    odd = client.get("/trainers?from=tomorrow&served=often&module=x&language=zz")
    assert odd.status_code == 200
    none = client.get("/trainers", query_string={"language": "ar"}).text
    assert "Nobody fits all of this" in none


def test_the_invitation_shows_who_is_not_free_on_the_days_of_the_course(
    app: Flask, client: FlaskClient
) -> None:
    roster = Roster()
    factories.sign_in(client, roster.lead)
    page = client.get("/courses/COME27/trainers/invite").text
    assert page.count("Not free") == 1
    assert "FAR27" not in page


def test_a_long_roster_takes_no_more_statements(app: Flask, client: FlaskClient) -> None:
    roster = Roster()
    factories.sign_in(client, roster.lead)
    asked = {"module": roster.module, "from": roster.first.isoformat()}
    client.get("/trainers", query_string=asked)
    with statements() as few:
        client.get("/trainers", query_string=asked)
    for _one in range(6):
        teaching.trainer(roster.lead)
    with statements() as many:
        client.get("/trainers", query_string=asked)
    assert len(many) == len(few) <= 16


def test_a_long_roster_is_in_order_of_name_and_opens_none_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing_queries, "SIZE", 2)
    order_queries.forget()
    lead = factories.account(Role.ORGANISER, agency="IOM")
    named = ("Zoe", "ana", "Ángel", "Ruth", "Noa")
    ids = {name: teaching.trainer(lead, name=("Eva", name)) for name in named}
    names = {key: name for name, key in ids.items()}

    def listed() -> list[str]:
        db.session.close()
        return [names[one.id] for one in listing_queries.by_name(queries.roster(lead))]

    assert listed() == ["ana", "Ángel", "Noa", "Ruth", "Zoe"]
    with monkeypatch.context() as shut:
        shut.setattr(order_queries, "_name", None)  # whoever opens a name fails
        with statements() as sent:
            assert listed() == ["ana", "Ángel", "Noa", "Ruth", "Zoe"]
        assert not any("family_name" in one for one in sent), "not even sealed"
    operations.edit_trainer(ids["Zoe"], teaching.trainer_data(name=("Eva", "Bo")), lead)
    assert listed() == ["ana", "Ángel", "Zoe", "Noa", "Ruth"]
    ids["Luz"] = teaching.trainer(lead, name=("Eva", "Luz"))
    names[ids["Luz"]] = "Luz"
    assert listed() == ["ana", "Ángel", "Zoe", "Luz", "Noa", "Ruth"]
    operations.retire_trainer(ids["Ruth"], lead)
    assert listed() == ["ana", "Ángel", "Zoe", "Luz", "Noa"]


def test_when_two_entries_became_one_the_order_is_kept_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing_queries, "SIZE", 1)
    order_queries.forget()
    twins = Twins(app)

    def listed() -> list[str]:
        db.session.close()
        return [one.id for one in listing_queries.by_name(queries.roster(twins.by))]

    other = teaching.trainer(twins.by, name=("Eva", "Ana"))
    assert listed() == [other, twins.second, twins.first]
    twins.merge()
    assert listed() == [other, twins.first]
    with statements() as sent:
        assert listed() == [other, twins.first]
    assert not any("family_name" in one for one in sent), "an entry fewer is no other order"
