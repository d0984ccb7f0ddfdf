"""Own texts of a course's emails: what they may hold, what is sent, what stays standard."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.asking import page
from tests.forms_in_pages import form_with
from tests.registrations import acting
from trainings.accounts.models import OneTimeLink
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.i18n import LANGUAGES
from trainings.course_mails import queries, text_operations
from trainings.courses.models import Course
from trainings.mail import queries as mails
from trainings.mail.models import MailText, OutboxMail
from trainings.mail.text_rules import (
    ALWAYS_STANDARD,
    CHANGEABLE,
    MAIL_EVENTS,
    NAMELESS,
    TOKENS,
    OwnText,
    SubjectOrTextMissing,
    TokenInSubject,
    TokenLacking,
    TokenUnknown,
    replaced,
    tokens_in,
)
from trainings.mail.text_writes import previewed, standard
from trainings.people.models import Person
from trainings.planning import creation_operations
from trainings.registrations import mail_writes
from trainings.registrations.rules import State

OFFER = OwnText("Your seat ({code})", "Answer by {until}:\n{link}\n\nQuestions: {contact}")


def the_offer(course: str, language: str = "en") -> mails.Opened:
    """The email of an offer, as it is sent to somebody who reads this language."""
    _number, person = acting.standing(course, State.OFFERED)
    with transaction() as session:
        session.get_one(Person, person.person_id).language = language
    with transaction() as session:
        registration = queries.registration_of(course, person.person_id or "")
        assert registration is not None
        mail_writes.offer(session, session.get_one(Course, course), registration)
    db.session.close()
    newest = select(OutboxMail).where(OutboxMail.person_id == person.person_id)
    return mails.opened(db.session.scalars(newest).one())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", CHANGEABLE)
def test_each_standard_text_can_be_kept_as_it_is(app: Flask, event: str, language: str) -> None:
    usual = standard(event, language)
    assert text_operations.checked(OwnText(usual.subject, usual.text), usual)
    assert set(tokens_in(usual.subject)) <= NAMELESS
    assert usual.allowed <= TOKENS.keys()
    assert "\ue000" not in usual.text and "\n\n\n" not in usual.text


def test_what_each_email_is_about_has_a_text_or_says_why_not(app: Flask) -> None:
    assert set(CHANGEABLE) | ALWAYS_STANDARD == set(MAIL_EVENTS)


def test_the_standard_offer_has_its_link_and_its_deadline(app: Flask) -> None:
    usual = standard("registration_offer", "es")
    assert usual.needed == ("link", "until")
    assert "{dates}, {city}" in usual.text and "{contact}" in usual.text


def test_the_course_sends_its_own_text_in_that_language_alone(each_app: Flask) -> None:
    course = factories.course(contact="desk@lead.example")
    by = acting.organiser()
    text_operations.change(course, "registration_offer", "en", OFFER, by)
    english, french = the_offer(course), the_offer(course, "fr")
    assert english.subject == "Your seat (BUE27)"
    assert english.body.startswith("Dear Rosa Ejemplo")
    assert "Questions: desk@lead.example" in english.body and "{" not in english.body
    assert "/link/" in english.body
    assert french.subject != english.subject and "/link/" in french.body


def test_its_link_is_kept_apart_as_in_a_standard_text(app: Flask) -> None:
    course = factories.course()
    text_operations.change(course, "registration_offer", "en", OFFER, acting.organiser())
    the_offer(course)
    mail = db.session.scalars(select(OutboxMail)).one()
    assert "/link/" not in mails.stored_body(mail)
    assert db.session.scalars(select(OneTimeLink.id)).one()


def test_another_course_keeps_the_standard_text(app: Flask) -> None:
    course, other = factories.course(), factories.course(code="LIM27")
    text_operations.change(course, "registration_offer", "en", OFFER, acting.organiser())
    assert the_offer(other).subject.startswith("A seat is held for you")


@pytest.mark.parametrize(
    ("own", "refusal"),
    [
        (OFFER._replace(subject=" "), SubjectOrTextMissing),
        (OFFER._replace(text=" "), SubjectOrTextMissing),
        (OFFER._replace(subject="For {name}"), TokenInSubject),
        (OFFER._replace(subject="By {until}"), TokenInSubject),
        (OFFER._replace(text="{link} {until} {nmae}"), TokenUnknown),
        (OFFER._replace(text="{link} {until} {reason}"), TokenUnknown),
        (OFFER._replace(text="{link} {until} {{7*7}}"), TokenUnknown),
        (OFFER._replace(text="Answer by {until}"), TokenLacking),
        (OFFER._replace(text="{link}"), TokenLacking),
    ],
)
def test_a_text_that_cannot_be_changes_nothing(
    app: Flask, own: OwnText, refusal: type[Exception]
) -> None:
    course = factories.course()
    with pytest.raises(refusal):
        text_operations.change(course, "registration_offer", "en", own, acting.organiser())
    assert db.session.scalars(select(MailText)).all() == []


def test_only_organisers_change_texts_and_only_of_emails_there_are(app: Flask) -> None:
    course = factories.course(agencies=("IOM", "UNODC"))
    for by in (acting.focal_point("BO"), acting.organiser("INTERPOL")):
        with pytest.raises(NotFound):
            text_operations.change(course, "registration_offer", "en", OFFER, by)
        with pytest.raises(NotFound):
            text_operations.restore(course, "registration_offer", "en", by)
    for event, language in (("registration_message", "en"), ("no", "en"), (CHANGEABLE[0], "xx")):
        with pytest.raises(NotFound):
            text_operations.change(course, event, language, OFFER, acting.organiser())


def test_the_standard_text_typed_again_is_no_own_text(app: Flask) -> None:
    course, by = factories.course(), acting.organiser()
    text_operations.change(course, "registration_offer", "en", OFFER, by)
    usual = standard("registration_offer", "en")
    again = OwnText(usual.subject, usual.text)
    text_operations.change(course, "registration_offer", "en", again, by)
    assert db.session.scalars(select(MailText)).all() == []


def test_it_goes_back_to_the_standard_text(client: FlaskClient) -> None:
    course, by = factories.course(), acting.organiser()
    text_operations.change(course, "registration_offer", "en", OFFER, by)
    factories.sign_in(client, by)
    where = "/courses/BUE27/mail/texts/registration_offer/en"
    assert "Back to the standard text" in page(client, where)
    assert client.post(f"{where}/standard").status_code == 303
    assert the_offer(course).subject.startswith("A seat is held for you")


def test_the_preview_shows_a_candidate_and_what_is_not_known_in_brackets(app: Flask) -> None:
    course = factories.course()
    acting.standing(course, State.WITHDRAWN)
    found = db.session.get_one(Course, course)
    own = OwnText("Ended ({code})", "For {name}, {number}:\n{reason}")
    shown = text_operations.preview(found, "registration_withdrawn", "en", own, acting.organiser())
    assert shown.subject == "Ended (BUE27)"
    assert "For Rosa Ejemplo" in shown.text and "[the reason given]" in shown.text


def test_the_preview_of_a_link_shows_none(app: Flask) -> None:
    factories.course()
    shown = previewed(OwnText("A", "Here: {link}"), "es", {"link": "https://x.example/secret"})
    assert shown.text == "Here: [enlace personal]"


def test_one_can_send_it_to_oneself_before_it_is_saved(app: Flask) -> None:
    course, by = factories.course(), acting.organiser()
    acting.standing(course, State.OFFERED)
    found = db.session.get_one(Course, course)
    text_operations.try_on_oneself(found, "registration_offer", "en", OFFER, by)
    db.session.close()
    mail = db.session.scalars(select(OutboxMail)).one()
    parts = mails.opened(mail)
    assert mail.person_id == by.person_id and parts.subject == "Test: Your seat (BUE27)"
    assert "[personal link]" in parts.body and "/link/" not in parts.body
    assert db.session.scalars(select(MailText)).all() == []


def test_of_two_people_who_change_a_text_the_second_is_asked(client: FlaskClient) -> None:
    course, by = factories.course(), acting.organiser()
    factories.sign_in(client, by)
    where = "/courses/BUE27/mail/texts/registration_offer/en"
    form = form_with(page(client, where), "text")
    text_operations.change(course, "registration_offer", "en", OFFER, by)
    answer = client.post(where, data={**form, "subject": "Mine", "step": "save"})
    assert answer.status_code == 200 and "Which do you want to keep?" in answer.text
    assert text_operations.kept(course, "registration_offer", "en") == OFFER


def test_a_line_is_left_out_only_when_none_of_its_words_says_anything() -> None:
    values = {"a": "", "b": "said", "c": ""}
    assert replaced("{a} {b}\n{c}\nend", values) == " said\nend"
    assert replaced("one\n\n{a}\n\ntwo", values) == "one\n\ntwo"
    assert replaced("{a}", values) == "" and replaced("{x}", values) == "{x}"
    assert replaced("{b}", {"b": "{a}", "a": "no"}) == "{a}"


def test_a_course_made_from_another_takes_its_texts_over(app: Flask) -> None:
    course, by = factories.course(), acting.organiser()
    text_operations.change(course, "registration_offer", "en", OFFER, by)
    creation_operations.save_template(by, "BUE27", "T-BUE27")
    made = db.session.scalars(select(Course.id).where(Course.code == "T-BUE27")).one()
    assert text_operations.kept(made, "registration_offer", "en") == OFFER


def test_the_page_of_a_text_speaks_its_readers_language_not_that_of_the_text(
    client: FlaskClient,
) -> None:
    factories.course()
    factories.sign_in(client, acting.organiser())
    assert '<html lang="en"' in page(client, "/courses/BUE27/mail/texts/registration_offer/fr")


def test_on_the_page_it_is_previewed_tried_and_refused_without_saving(client: FlaskClient) -> None:
    course, by = factories.course(), acting.organiser()
    acting.standing(course, State.OFFERED)
    factories.sign_in(client, by)
    where = "/courses/BUE27/mail/texts/registration_offer/en"
    form = form_with(page(client, where), "text")
    shown = client.post(where, data={**form, "subject": "Seat in {code}", "step": "show"}).text
    assert "Seat in BUE27" in shown and "[personal link]" in shown
    assert "What I typed" in client.post(where, data={**form, "text": "What I typed"}).text
    for step in ("show", "try", "save"):
        wrong = client.post(where, data={**form, "text": "{nmae} {link}", "step": step})
        assert wrong.status_code == 200 and "“{nmae}” cannot be used here" in wrong.text
    tried = client.post(where, data={**form, "step": "try"}).text
    assert "We have emailed you this text" in tried
    assert len(factories.mails("course_message")) == 1
    assert db.session.scalars(select(MailText)).all() == []
