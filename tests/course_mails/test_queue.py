"""Emails that are not sent yet: kept back, changed, cancelled; and those that go out once more."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import counting, factories
from tests.asking import page
from tests.forms_in_pages import form_with
from tests.registrations import acting
from trainings.accounts.models import OneTimeLink
from trainings.audit.models import AuditEntry
from trainings.audit.rules import ACTS
from trainings.core import clock, sealed
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.course_mails import queries, queue_operations
from trainings.course_mails.queue_rules import (
    LinkLacking,
    LinkUnknown,
    MailAct,
    NotAgain,
    NotOnHold,
    NotWaiting,
    to_marks,
    to_words,
)
from trainings.courses.models import Course
from trainings.jobs.models import Job
from trainings.mail import operations as mail_operations
from trainings.mail import queries as mails
from trainings.mail.models import OutboxMail
from trainings.mail.rules import NO_RECIPIENT, MailState
from trainings.mail.text_rules import SubjectOrTextMissing
from trainings.people import reading
from trainings.registrations import locked_queries, mail_writes
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.seats import answer_operations
from trainings.seats import writes as seat_writes


def offered(course: str) -> tuple[str, str, Registration]:
    """Somebody with an offer: the number, the id of the email that waits, the registration."""
    number, person = acting.standing(course, State.OFFERED)
    with transaction() as session:
        registration = queries.registration_of(course, person.person_id or "")
        assert registration is not None
        mail_writes.offer(session, session.get_one(Course, course), registration)
        seat_writes.follow_offers(session, [registration])
    db.session.close()
    mail = db.session.scalars(
        select(OutboxMail.id).where(OutboxMail.person_id == person.person_id)
    ).one()
    return number, mail, registration


def the(mail_id: str) -> OutboxMail:
    db.session.close()
    return db.session.get_one(OutboxMail, mail_id)


def jobs_for(mail_id: str) -> int:
    db.session.close()
    waiting = select(Job).where(Job.task == "mail.send", Job.state == "waiting")
    return sum(job.payload == {"mail_id": mail_id} for job in db.session.scalars(waiting))


def test_what_is_on_hold_is_not_sent_until_it_is_let_go(each_app: Flask) -> None:
    course, by = factories.course(), acting.organiser()
    _, mail, _ = offered(course)
    queue_operations.hold(course, mail, by)
    mail_operations.send(mail)  # its job comes and finds nothing to do
    assert the(mail).state is MailState.ON_HOLD
    queue_operations.release(course, mail, by)
    assert the(mail).state is MailState.WAITING and jobs_for(mail) == 1


def test_one_that_left_while_it_was_put_on_hold_counts_as_sent(app: Flask) -> None:
    course, by = factories.course(), acting.organiser()
    _, mail, _ = offered(course)
    queue_operations.hold(course, mail, by)
    mail_operations._close(mail, MailState.SENT, None)  # the server had it already
    assert the(mail).state is MailState.SENT and the(mail).body is None
    with pytest.raises(NotOnHold):
        queue_operations.release(course, mail, by)


def test_all_that_wait_are_kept_back_and_let_go_together(each_app: Flask) -> None:
    course, other, by = factories.course(), factories.course(code="LIM27"), acting.organiser()
    mine = [offered(course)[1], offered(course)[1]]
    theirs = offered(other)[1]
    assert queue_operations.hold_all(course, by) == 2
    assert {the(one).state for one in mine} == {MailState.ON_HOLD}
    assert the(theirs).state is MailState.WAITING
    assert queue_operations.release_all(course, by, told=2) == 2
    assert [jobs_for(one) for one in mine] == [1, 1]
    assert queue_operations.release_all(course, by, told=2) == 0


def test_the_trail_says_in_words_what_was_done(app: Flask) -> None:
    course, by = factories.course(), acting.organiser()
    _, mail, _ = offered(course)
    queue_operations.hold(course, mail, by)
    queue_operations.edit(course, mail, "Mine", "{link 1}", by)
    queue_operations.release(course, mail, by)
    queue_operations.cancel(course, mail, by)
    queue_operations.send_again(course, mail, by)
    db.session.close()
    acts = [
        one
        for one in db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.number))
        if one.startswith("mail.")
    ]
    assert acts == [f"mail.{one}" for one in ("hold", "edit", "release", "cancel", "again")]
    assert set(acts) <= set(ACTS)


def test_what_is_cancelled_is_never_sent_and_its_text_is_gone(app: Flask) -> None:
    course, by = factories.course(), acting.organiser()
    _, mail, _ = offered(course)
    queue_operations.cancel(course, mail, by)
    mail_operations.send(mail)
    assert the(mail).state is MailState.CANCELLED and the(mail).body is None
    for act in (queue_operations.hold, queue_operations.cancel):
        with pytest.raises(NotWaiting):
            act(course, mail, by)
    with pytest.raises(NotOnHold):
        queue_operations.release(course, mail, by)


def test_its_words_change_and_its_link_stays(app: Flask) -> None:
    course, by = factories.course(), acting.organiser()
    _, mail, _ = offered(course)
    link = mails.opened(the(mail)).body.partition("http")[2].split()[0]
    queue_operations.hold(course, mail, by)
    queue_operations.edit(course, mail, "Your seat", "Please answer:\n{link 1}\nThanks", by)
    parts = mails.opened(the(mail))
    assert parts.subject == "Your seat"
    assert parts.body == f"Please answer:\nhttp{link}\nThanks\n"


@pytest.mark.parametrize(
    ("subject", "text", "refusal"),
    [
        ("", "{link 1}", SubjectOrTextMissing),
        ("A", " ", SubjectOrTextMissing),
        ("A", "no link", LinkLacking),
        ("A", "{link 1} {link 1}", LinkLacking),
        ("A", "{link 1} {link 2}", LinkUnknown),
    ],
)
def test_a_change_that_cannot_be_changes_nothing(
    app: Flask, subject: str, text: str, refusal: type[Exception]
) -> None:
    course, by = factories.course(), acting.organiser()
    _, mail, _ = offered(course)
    queue_operations.hold(course, mail, by)
    before = mails.opened(the(mail))
    with pytest.raises(refusal):
        queue_operations.edit(course, mail, subject, text, by)
    assert mails.opened(the(mail)) == before


def test_only_what_is_on_hold_is_changed(app: Flask) -> None:
    course, by = factories.course(), acting.organiser()
    _, mail, _ = offered(course)
    with pytest.raises(NotOnHold):
        queue_operations.edit(course, mail, "A", "{link 1}", by)


def test_an_offer_goes_out_once_more_with_a_new_link(each_app: Flask) -> None:
    course, by = factories.course(), acting.organiser()
    number, mail, _ = offered(course)
    mail_operations._close(mail, MailState.SENT, None)
    queue_operations.send_again(course, mail, by)
    db.session.close()
    found = db.session.scalars(select(OutboxMail)).all()
    assert [one.event for one in found] == ["registration_offer"] * 2
    (again,) = (mails.opened(one).body for one in found if one.id != mail)  # of the same second
    assert "/link/" in again and number in again
    assert len(db.session.scalars(select(OneTimeLink.id)).all()) == 2


def test_an_offer_that_was_answered_does_not_go_out_again(app: Flask) -> None:
    course, by = factories.course(), acting.organiser()
    number, mail, _ = offered(course)
    with pytest.raises(NotAgain):  # it has not left yet
        queue_operations.send_again(course, mail, by)
    mail_operations._close(mail, MailState.SENT, None)
    answer_operations.decline(number, acting.person_of(number))
    with pytest.raises(NotAgain):
        queue_operations.send_again(course, mail, by)


def test_what_the_server_refused_too_often_is_tried_as_it_is(app: Flask) -> None:
    course, by = factories.course(), acting.organiser()
    _, mail, _ = offered(course)
    with transaction() as session:
        row = session.get_one(OutboxMail, mail)
        row.state, row.attempts = MailState.FAILED, 8
    queue_operations.send_again(course, mail, by)
    assert the(mail).state is MailState.WAITING and the(mail).attempts == 0
    assert jobs_for(mail) == 1


def test_one_that_had_no_address_goes_to_the_one_that_is_there_now(app: Flask) -> None:
    course, by = factories.course(), acting.organiser()
    number, mail, _ = offered(course)
    with transaction() as session:
        row = session.get_one(OutboxMail, mail)
        row.state, row.fault = MailState.FAILED, NO_RECIPIENT
        row.recipient = sealed.seal("", f"outbox_mail|recipient|{row.id}")
    queue_operations.send_again(course, mail, by)
    db.session.close()
    newest = db.session.scalars(select(OutboxMail).where(OutboxMail.id != mail)).one()
    person = acting.person_of(number).person_id or ""
    assert mails.opened(newest).recipient == reading.opened([person])[person].mail != ""


def test_nobody_else_touches_the_queue(app: Flask) -> None:
    course = factories.course(agencies=("IOM", "UNODC"))
    other = factories.course(code="LIM27")
    _, mail, _ = offered(course)
    for by in (acting.focal_point("BO"), acting.organiser("INTERPOL")):
        for act in (queue_operations.hold, queue_operations.cancel, queue_operations.send_again):
            with pytest.raises(NotFound):
                act(course, mail, by)
    with pytest.raises(NotFound):  # an email of another course
        queue_operations.hold(other, mail, acting.organiser())
    assert the(mail).state is MailState.WAITING


def test_reminders_to_come_are_listed_until_the_offer_is_answered(app: Flask) -> None:
    course = factories.course()
    number, _mail, registration = offered(course)
    coming = queries.reminders(course)
    assert [one.number for one in coming] == [number] * 2
    assert coming[0].at < coming[1].at < registration.offered_until
    answer_operations.decline(number, acting.person_of(number))
    assert queries.reminders(course) == []


def test_links_stand_as_words_while_a_text_is_changed() -> None:
    stored = to_marks("One {link 1} two {link 2}")
    assert to_words(stored) == "One {link 1} two {link 2}"
    assert to_marks("{link x} {name}") == "{link x} {name}\n"


def test_all_of_it_on_the_pages(client: FlaskClient) -> None:
    course = factories.course()
    _, mail, _ = offered(course)
    factories.sign_in(client, acting.organiser())
    where = f"/courses/BUE27/mail/{mail}"
    assert "Still to come" in page(client, "/courses/BUE27/mail")
    assert str(MailAct.HOLD.label) in page(client, where)
    done = client.post(f"{where}/hold", follow_redirects=True).text
    assert "The email is on hold." in done and str(MailAct.RELEASE.label) in done
    typed = form_with(page(client, f"{where}/edit"), "text")
    assert "{link 1}" in typed["text"][0]
    wrong = client.post(f"{where}/edit", data={**typed, "text": "What I typed"})
    assert "exactly once" in wrong.text and "What I typed" in wrong.text
    assert client.post(f"{where}/edit", data={**typed, "subject": "Mine"}).status_code == 303
    assert mails.opened(the(mail)).subject == "Mine"
    asked = page(client, f"{where}/cancel")
    assert "Nobody gets it" in asked
    assert client.post(f"{where}/cancel", data=form_with(asked, "form_token")).status_code == 303
    assert the(mail).state is MailState.CANCELLED
    assert "was cancelled and its text deleted" in page(client, where)
    assert "once it is sent" not in page(client, where)
    assert client.get(f"{where}/edit").status_code == 303


def test_the_emails_of_one_status_are_found(client: FlaskClient) -> None:
    course = factories.course()
    (number, _, _), (other, mail, _) = offered(course), offered(course)
    factories.sign_in(client, acting.organiser())
    queue_operations.hold(course, mail, acting.organiser())
    every = page(client, "/courses/BUE27/mail")
    assert number in listed(every) and other in listed(every)
    held = "/courses/BUE27/mail?state=on_hold"
    assert held in every
    only = page(client, held)
    assert number not in listed(only) and other in listed(only)
    assert "Only those with the status “On hold”." in only and "Show all" in only
    assert "Still to come" in every and "Still to come" not in only
    assert "No emails with this status." in page(client, "/courses/BUE27/mail?state=failed")
    assert listed(page(client, "/courses/BUE27/mail?state=nonsense")) == listed(every)


def test_a_bounced_email_leads_to_its_address(client: FlaskClient) -> None:
    number, mail, _ = offered(factories.course())
    factories.sign_in(client, acting.organiser())
    address = f"/courses/BUE27/registrations/{number}/mail"
    text = page(client, f"/courses/BUE27/mail/{mail}")
    assert f'href="/courses/BUE27/registrations/{number}"' in text and address not in text
    with transaction() as session:
        session.get_one(OutboxMail, mail).state = MailState.BOUNCED
    assert address in page(client, f"/courses/BUE27/mail/{mail}")


def listed(text: str) -> set[str]:
    """The numbers in the list of emails, without those of the reminders to come."""
    return set(re.findall("R-[A-Z0-9]{6}", text.partition("Emails of this course")[2]))


def test_of_two_people_who_change_an_email_the_second_is_asked(client: FlaskClient) -> None:
    course, by = factories.course(), acting.organiser()
    _, mail, _ = offered(course)
    queue_operations.hold(course, mail, by)
    factories.sign_in(client, by)
    where = f"/courses/BUE27/mail/{mail}/edit"
    typed = form_with(page(client, where), "text")
    queue_operations.edit(course, mail, "Theirs", "Theirs {link 1}", by)
    answer = client.post(where, data={**typed, "subject": "Mine"})
    assert answer.status_code == 200 and "Which do you want to keep?" in answer.text
    assert mails.opened(the(mail)).subject == "Theirs"


def test_all_are_held_and_let_go_in_as_many_statements_however_many(each_app: Flask) -> None:
    by, found = acting.organiser(), []
    for people, code in ((2, "BUE27"), (20, "LIM27")):
        course = factories.course(code)
        acting.share_out(course, {})
        acting.crowd(course, State.CONFIRMED, people)
        with transaction() as session:
            everyone = locked_queries.with_persons(course, {State.CONFIRMED})
            notices = [mail_writes.Notice("confirmed", one) for one in everyone]
            mail_writes.tell_each(session, session.get_one(Course, course), notices)
        db.session.close()
        release_all = partial(queue_operations.release_all, told=people)
        for act in (queue_operations.hold_all, release_all):
            with counting.statements() as sent:
                assert act(course, by) == people
            found.append(len(sent))
    assert found[:2] == found[2:] and max(found) <= 12, found
    jobs = select(Job.id).where(Job.task == "mail.send", Job.state == "waiting")
    assert len(db.session.scalars(jobs).all()) == 22, "each is sent once"


def test_all_on_hold_are_sent_after_a_question(client: FlaskClient) -> None:
    course, by = factories.course(), acting.organiser()
    offered(course)
    offered(course)
    factories.sign_in(client, by)
    assert client.get("/courses/BUE27/mail/release").status_code == 303, "there is none"
    queue_operations.hold_all(course, by)
    asked = page(client, "/courses/BUE27/mail")
    assert 'href="/courses/BUE27/mail/release"' in asked
    asked = page(client, "/courses/BUE27/mail/release")
    assert "Send all 2 emails on hold?" in asked and "Offer of a seat: 2" in asked
    assert mails.states_of_course(course) == {MailState.ON_HOLD: 2}, "nothing is sent by looking"
    client.post("/courses/BUE27/mail/release", data=form_with(asked, "form_token"))
    db.session.close()
    assert mails.states_of_course(course) == {MailState.WAITING: 2}


def test_no_more_go_out_than_the_question_named(client: FlaskClient) -> None:
    """Another organiser puts more on hold, for a fault in their text, while somebody reads it."""
    course, by = factories.course(), acting.organiser()
    offered(course)
    queue_operations.hold_all(course, by)
    factories.sign_in(client, by)
    asked = page(client, "/courses/BUE27/mail/release")
    offered(course)
    queue_operations.hold_all(course, acting.organiser())
    sent = form_with(asked, "form_token")
    asked = client.post("/courses/BUE27/mail/release", data=sent).get_data(as_text=True)
    assert "In the meantime the number of emails on hold has changed: it is 2 now." in asked
    assert "Send all 2 emails on hold?" in asked
    db.session.close()
    assert mails.states_of_course(course) == {MailState.ON_HOLD: 2}
    client.post("/courses/BUE27/mail/release", data=form_with(asked, "form_token"))
    db.session.close()
    assert mails.states_of_course(course) == {MailState.WAITING: 2}


def test_an_email_says_that_it_was_written_once_more(client: FlaskClient) -> None:
    course, by = factories.course(), acting.organiser()
    _, mail, _ = offered(course)
    with transaction() as session:
        session.get_one(OutboxMail, mail).state = MailState.SENT
    factories.sign_in(client, by)
    assert "once more" not in page(client, f"/courses/BUE27/mail/{mail}")
    with clock.at(clock.now() + timedelta(minutes=1)):
        queue_operations.send_again(course, mail, by)
    newer = next(one.id for one in mails.of_course(course) if one.id != mail)
    said = page(client, f"/courses/BUE27/mail/{mail}")
    assert "It was written once more on" in said and f"/courses/BUE27/mail/{newer}" in said
    assert "once more" not in page(client, f"/courses/BUE27/mail/{newer}")
