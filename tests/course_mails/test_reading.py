"""The emails of a course: to whom, what, when, and each text without its links."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy import delete, select, update

from tests import factories
from tests.asking import page
from tests.registrations import acting
from trainings.accounts.models import AccountGrant, OneTimeLink
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Grant, Role, Viewer
from trainings.courses.models import Course
from trainings.mail import operations, queries
from trainings.mail.models import OutboxMail
from trainings.mail.rules import MailState
from trainings.mail.text_rules import MAIL_EVENTS
from trainings.mail.writes import enqueue
from trainings.nominations import operations as nominations
from trainings.people.models import IdentityRead
from trainings.registrations.models import HistoryStep
from trainings.seats import answer_operations

LIST = "/courses/BUE27/mail"
TEMPLATES = Path(__file__).parents[2] / "templates" / "mail"


def the_mail(event: str = "registration_nominated") -> OutboxMail:
    db.session.close()
    return db.session.scalars(select(OutboxMail).where(OutboxMail.event == event)).one()


def purposes() -> list[str]:
    db.session.close()
    return list(db.session.scalars(select(IdentityRead.purpose).order_by(IdentityRead.number)))


@pytest.fixture
def nominated(client: FlaskClient) -> str:
    """Ana was nominated and has an email that waits; an organiser is signed in."""
    course = factories.course(titles={"en": "Two borders", "es": "Dos fronteras"})
    who = acting.candidate(given_name="Ana", family_name="Quispe", language="es")
    number = nominations.nominate(course, who, acting.focal_point("BO"))
    factories.sign_in(client, acting.organiser())
    return number


def test_the_list_says_to_whom_what_and_when(client: FlaskClient, nominated: str) -> None:
    text = page(client, LIST)
    assert "Ana Quispe" in text and nominated in text and "Spanish" in text
    assert f'href="{LIST}/{the_mail().id}"' in text
    assert purposes()[-1] == "course.mails"


def test_a_waiting_text_is_shown_without_its_link_which_goes_out(
    client: FlaskClient, nominated: str
) -> None:
    mail = the_mail()
    sent = queries.opened(mail).body
    (link,) = re.findall(r"http\S+/sign-in/link/(\S+)", sent)
    assert db.session.scalar(select(OneTimeLink.id)) is not None
    text = page(client, f"{LIST}/{mail.id}")
    assert "Dos fronteras" in text and "Ana Quispe" in text and "[enlace personal]" in text
    assert link not in text and "/sign-in/link/" not in text and "\ue000" not in text
    assert "how the email reads" not in text and purposes()[-1] == "course.mail"


def test_what_was_sent_is_written_again_from_what_is_so_now(
    client: FlaskClient, nominated: str
) -> None:
    mail = the_mail()
    operations._close(mail.id, MailState.SENT, None)
    mail = the_mail()
    assert (mail.subject, mail.body, mail.links) == (None, None, None)
    with transaction() as session:
        session.scalars(select(Course)).one().titles = {"es": "Tres fronteras"}
    text = page(client, f"{LIST}/{mail.id}")
    assert "sirve una sola vez" in text or "works once" in text
    assert "Tres fronteras" in text and "Dos fronteras" not in text
    assert "[enlace personal]" in text and "how the email reads" in text


def test_what_nobody_keeps_is_not_made_up(client: FlaskClient, nominated: str) -> None:
    mail = the_mail()
    operations._close(mail.id, MailState.SENT, None)
    for event, words in (
        ("registration_rescheduled", "It cannot be shown again"),
        ("registration_message", "[no longer kept]"),
    ):
        with transaction() as session:
            session.scalars(select(OutboxMail)).one().event = event
        assert words in page(client, f"{LIST}/{mail.id}")


WHY = "She was posted abroad."


def made_focal_point(who: Viewer) -> Viewer:
    """The same account, now a focal point too."""
    with transaction() as session:
        session.add(
            AccountGrant(
                account_id=who.account_id or "",
                role=str(Role.FOCAL_POINT),
                country="BO",
                given_at=clock.now(),
            )
        )
    grant = Grant(role=Role.FOCAL_POINT, country="BO", functions=frozenset())
    return replace(who, grants=(*who.grants, grant))


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("focal point", True),
        ("organiser", False),
        ("organiser who is also a focal point", False),  # acts as an organiser
        ("organiser, a focal point since", False),
        ("focal point, no longer", True),
        ("the person, a focal point", False),
    ],
)
def test_a_withdrawal_is_shown_with_the_reason_that_was_told(
    client: FlaskClient, nominated: str, who: str, told: bool
) -> None:
    """A focal point's reason is told to the person; what others write is kept for staff."""
    by = acting.focal_point("BO") if who.startswith("focal point") else acting.organiser()
    if who.startswith("the person"):
        by = acting.person_of(nominated)
    if who in ("organiser who is also a focal point", "the person, a focal point"):
        by = made_focal_point(by)
    answer_operations.withdraw(nominated, WHY, by)
    if who == "organiser, a focal point since":
        made_focal_point(by)
    if who == "focal point, no longer":
        with transaction() as session:
            session.execute(delete(AccountGrant).where(AccountGrant.account_id == by.account_id))
    mail = the_mail("registration_withdrawn")
    sent = queries.opened(mail).body
    assert (WHY in sent) is told
    operations._close(mail.id, MailState.SENT, None)
    assert (WHY in page(client, f"{LIST}/{mail.id}")) is told


def test_of_two_withdrawals_each_email_gives_its_own_reason(client: FlaskClient) -> None:
    course, who = factories.course(), acting.candidate()
    factories.sign_in(client, acting.organiser())
    number = nominations.nominate(course, who, acting.focal_point("BO"))
    answer_operations.withdraw(number, WHY, acting.focal_point("BO"))
    first = the_mail("registration_withdrawn")
    again = nominations.nominate(course, who, acting.focal_point("BO"))
    with clock.shifted(timedelta(minutes=1)):
        answer_operations.withdraw(again, "The unit was closed.", acting.organiser())
    mails = db.session.scalars(
        select(OutboxMail.id).where(OutboxMail.event == "registration_withdrawn")
    ).all()
    shown = {}
    for key in mails:
        operations._close(key, MailState.SENT, None)
        shown[key] = page(client, f"{LIST}/{key}")
    assert {key for key, text in shown.items() if WHY in text} == {first.id}
    assert not any("The unit was closed." in text for text in shown.values())


def test_a_withdrawal_of_before_it_was_kept_is_not_made_up(
    client: FlaskClient, nominated: str
) -> None:
    answer_operations.withdraw(nominated, WHY, acting.focal_point("BO"))
    with transaction() as session:
        session.execute(update(HistoryStep).values(reason_told=None))
    mail = the_mail("registration_withdrawn")
    operations._close(mail.id, MailState.SENT, None)
    text = page(client, f"{LIST}/{mail.id}")
    assert "It cannot be shown again" in text and WHY not in text


def test_a_stored_text_that_may_name_strangers_is_not_shown(
    client: FlaskClient, nominated: str
) -> None:
    course = the_mail().course_id
    with transaction() as session:
        key = enqueue(
            session,
            "registration_start",
            to="unit@police.example",
            language="en",
            course_id=course,
            course=session.get_one(Course, course),
            links=[("Luz Ibarra", "https://one.example/x"), ("", "https://one.example/y")],
        )
    text = page(client, f"{LIST}/{key}")
    assert "Luz Ibarra" not in text and "one.example" not in text and "unit@police" not in text
    opened = queries.opened(db.session.get_one(OutboxMail, key)).body
    assert opened.index("one.example/x") < opened.index("one.example/y")


def test_each_event_of_a_course_is_shown_or_said_to_be_gone(
    client: FlaskClient, nominated: str
) -> None:
    mail = the_mail()
    operations._close(mail.id, MailState.SENT, None)
    for event in sorted(MAIL_EVENTS):
        with transaction() as session:
            session.scalars(select(OutboxMail)).one().event = event
        text = page(client, f"{LIST}/{mail.id}")
        assert "how the email reads" in text or "It cannot be shown again" in text, event


def test_no_link_that_opens_something_stands_in_a_template_unmarked(app: Flask) -> None:
    for body in TEMPLATES.glob("*/*.txt"):
        text = body.read_text("utf-8")
        for found in re.findall(
            r"{{ (?:link|check|external_url\(\"accounts\.link\"[^}|]*) *}}", text
        ):
            pytest.fail(f"{body.parent.name}: {found} lacks |personal")


def test_emails_of_another_course_are_hidden(client: FlaskClient, nominated: str) -> None:
    factories.course("LIM27")
    assert client.get(f"/courses/LIM27/mail/{the_mail().id}").status_code == 404
