"""Who reads the days and the venue of a course in mails: by how near they are, in each language."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from tests import factories
from tests.registrations import acting
from trainings.core.db import transaction
from trainings.core.i18n import LANGUAGES, speaking
from trainings.courses import queries
from trainings.courses.access_rules import DaysShownTo, Nearness, sees_days, sees_venue
from trainings.mail.text_rules import OwnText
from trainings.mail.text_writes import written
from trainings.people import reading
from trainings.registrations import locked_queries, mail_writes
from trainings.registrations.rules import State

MAILS = Path(__file__).parents[2] / "templates" / "mail"
DAYS = {
    "en": "3 to 6 February 2031",
    "es": "3 al 6 de febrero de 2031",
    "fr": "3 au 6 février 2031",
    "pt_BR": "3 a 6 de fevereiro de 2031",
}
# Mails whose readers work on the course, or have to answer: to teach, or to organise it.
TO_STAFF = {"course_published", "course_cancelled", "trainer_invited", "agency_asked"}


def test_the_rule() -> None:
    seen = {
        shown_to: [near for near in Nearness if sees_days(shown_to, near)]
        for shown_to in DaysShownTo
    }
    assert seen == {
        DaysShownTo.EVERYONE: list(Nearness),
        DaysShownTo.INVOLVED: [Nearness.INVOLVED, Nearness.OFFERED, Nearness.CONFIRMED],
        DaysShownTo.CONFIRMED: [Nearness.OFFERED, Nearness.CONFIRMED],
    }
    assert [near for near in Nearness if sees_venue(near)] == [Nearness.CONFIRMED]


def test_mails_tell_the_days_in_one_place_or_to_staff_alone() -> None:
    telling = {
        path.relative_to(MAILS).parts[0]
        for path in MAILS.rglob("*.txt")
        if re.search(r"(?<!month\()course\.(starts_on|ends_on|venue)", path.read_text("utf-8"))
    }
    to_who_sees_them_always = {"_rescheduled.txt"}  # offered, confirmed, and staff
    by_how_near = {"_course.txt", "_tokens.txt"}  # both are tried below
    assert telling == {*by_how_near, *to_who_sees_them_always, *TO_STAFF}


@pytest.mark.parametrize("shown_to", DaysShownTo)
def test_the_lines_on_the_course_tell_the_days_to_who_may_see_them(
    app: Flask, shown_to: DaysShownTo
) -> None:
    factories.course(starts_on=date(2031, 2, 3), ends_on=date(2031, 2, 6), days_shown_to=shown_to)
    course = queries.by_code("BUE27")
    template = app.jinja_env.get_template("mail/_course.txt")
    for language in LANGUAGES:
        for near in Nearness:
            with speaking(language):
                lines = template.render(course=course, near=near, number="R-1")
            assert (DAYS[language] in lines) is sees_days(shown_to, near), lines
            assert "2031" in lines, "the month in any case"


@pytest.mark.parametrize("state", State)
def test_an_organisers_message_tells_days_and_venue_by_how_near_somebody_is(
    app: Flask, state: State
) -> None:
    course_id = factories.course(
        starts_on=date(2031, 2, 3), ends_on=date(2031, 2, 6), days_shown_to=DaysShownTo.CONFIRMED
    )
    number, _person = acting.standing(course_id, state)
    with transaction():
        found = acting.registration(number)
        (registration,) = locked_queries.with_persons(course_id, State, [found.id])
        who = reading.opened([registration.person_id])[registration.person_id]
        said = mail_writes.context_of(queries.by_id(course_id), registration, who)
    dates, venue = (
        written("registration_offer", "en", said, OwnText("", one)).body
        for one in ("{dates}", "{venue}")
    )
    near = state.nearness
    assert (DAYS["en"] in dates) is (near >= Nearness.OFFERED) and "2031" in dates
    assert ("Centro de Formación" in venue) is (near is Nearness.CONFIRMED)
