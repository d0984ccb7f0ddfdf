"""Letters: for one who comes or for all, each in the language of whom it is for."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories, teaching
from tests.papers.handouts import number_of, reads
from tests.registrations import acting
from trainings.audit.models import AuditEntry
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.papers import operations as paper_operations
from trainings.papers.rules import Letter, Paper
from trainings.people import queries as people
from trainings.printing import cage
from trainings.printing.paper_rules import LetterDocument, PaperDocument
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.registrations.writes import keep_given


def test_a_letter_is_in_the_language_of_whom_it_is_for(
    course_id: str, lead: Viewer, drawn: list[PaperDocument]
) -> None:
    number = number_of("Ana")
    with transaction() as session:
        row = session.scalars(
            select(Registration)
            .where(Registration.number == number)
            .execution_options(scope="operation")
        ).one()
        row.certificate_language = "pt_BR"
    paper_operations.print_letters(course_id, Letter.INVITATION, None, lead)
    languages = {
        one.addressee[0]: one.wording.language for one in drawn if isinstance(one, LetterDocument)
    }
    assert languages == {"Zoé Álvarez": "es", "Ana Rojas": "pt-BR"}
    zoe = drawn[0]
    assert isinstance(zoe, LetterDocument)
    assert [who.title for who in zoe.signatories] == ["Dirección"]
    assert zoe.sender == ("Agency IOM", "courses@trainings.example")
    assert "Curso para investigadores" in zoe.subject
    assert number_of("Zoé") in zoe.reference


def test_a_letter_for_a_visa_says_who_and_what_for(
    course_id: str, lead: Viewer, drawn: list[PaperDocument]
) -> None:
    number = number_of("Zoé")
    with transaction() as session:
        registration = session.scalars(
            select(Registration)
            .where(Registration.number == number)
            .execution_options(scope="operation")
        ).one()
        keep_given(registration, acting.details(document="P 1234567", born="1980-03-02"))
    paper_operations.print_letters(course_id, Letter.VISA, number, lead)
    (letter,) = drawn
    assert isinstance(letter, LetterDocument)
    values = [fact.value for fact in letter.facts]
    assert "Zoé Álvarez" in values
    assert "P 1234567" in values
    assert "2 de marzo de 1980" in values
    assert "Bolivia" in values
    assert "Zoé" not in letter.wording.document_title


@pytest.mark.parametrize(
    ("agencies", "organisers"),
    [
        (("IOM",), "Agency IOM"),
        (("IOM", "UNODC", "INTERPOL"), "Agency IOM, Agency UNODC {} Agency"),
    ],
)
@pytest.mark.parametrize(
    ("language", "label", "joint"),
    [
        ("en", "Organised by", "and"),
        ("es", "Organizado por", "y"),
        ("fr", "Organisée par", "et"),
        ("pt_BR", "Realização", "e"),
    ],
)
def test_a_letter_names_one_agency_or_several_in_its_table(
    lead: Viewer,
    drawn: list[PaperDocument],
    agencies: tuple[str, ...],
    organisers: str,
    language: str,
    label: str,
    joint: str,
) -> None:
    course_id = factories.course(agencies=agencies)
    registration_id = teaching.participant(course_id, name=("Zoé", "Álvarez"))
    with transaction() as session:
        session.get_one(Registration, registration_id).certificate_language = language
    for kind in Letter:
        paper_operations.print_letters(course_id, kind, None, lead)
        (letter,) = drawn
        assert isinstance(letter, LetterDocument)
        facts = {fact.label: fact.value for fact in letter.facts}
        assert facts[label].startswith(organisers.format(joint))
        assert "Agency" not in " ".join(letter.paragraphs)


@pytest.mark.parametrize("number", ["R-NOBODY", "", "Nora"])
def test_no_letter_for_who_has_not_confirmed(
    course_id: str, lead: Viewer, drawn: list[PaperDocument], number: str
) -> None:
    if number == "":
        paper_operations.print_letters(course_id, Letter.VISA, None, lead)
        assert len(drawn) == 2
        return
    wanted = number_of("Nora") if number == "Nora" else number
    with pytest.raises(NotFound):
        paper_operations.print_letters(course_id, Letter.VISA, wanted, lead)


def test_letters_are_the_organisers_and_the_room_the_trainers_too(
    course_id: str, drawn: list[PaperDocument]
) -> None:
    trainer = factories.account(Role.TRAINER, course_id=course_id)
    paper_operations.print_paper(course_id, Paper.TENTS, "es", False, trainer)
    with pytest.raises(NotFound):
        paper_operations.print_letters(course_id, Letter.INVITATION, None, trainer)
    for stranger in (
        factories.account(Role.TRAINER, course_id=factories.course("LIM27")),
        factories.account(Role.FOCAL_POINT, country="BO"),
        Viewer(),
    ):
        with pytest.raises(NotFound):
            paper_operations.print_paper(course_id, Paper.TENTS, "es", False, stranger)
    assert reads("letters") == []


def test_letters_for_many_take_no_more_statements_than_for_two(
    course_id: str, lead: Viewer, drawn: list[PaperDocument], statements: list[str]
) -> None:
    costs = []
    people.function_names()
    for more in (0, 5):
        for number in range(more):
            teaching.participant(course_id, name=(f"Given{number}", f"Family{number}"))
        db.session.remove()
        statements.clear()
        paper_operations.print_letters(course_id, Letter.INVITATION, None, lead)
        costs.append((len(drawn), len(statements)))
    assert costs == [(2, costs[0][1]), (7, costs[0][1])], statements


def confirmed_zoe() -> tuple[str, Viewer]:
    number = number_of("Zoé")
    return number, teaching.account_of(acting.registration(number).person_id)


def test_who_comes_takes_out_their_own_letters_and_nobody_elses(
    app: Flask, course_id: str, drawn: list[PaperDocument]
) -> None:
    number, zoe = confirmed_zoe()
    client = app.test_client()
    factories.sign_in(client, zoe)
    page = client.get(f"/my/registrations/{number}").text
    for kind in Letter:
        address = f"/my/registrations/{number}/{kind}.pdf"
        assert address in page and str(kind.label) in page
        found = client.post(address)
        assert found.mimetype == "application/pdf"
        (letter,) = drawn
        assert isinstance(letter, LetterDocument) and number in letter.reference
        assert "Zoé Álvarez" in [*letter.addressee, *(fact.value for fact in letter.facts)]
        other = f"/my/registrations/{number_of('Ana')}/{kind}.pdf"
        assert client.post(other).status_code == 404
    assert reads("letters") == [], "nobody else's name was opened"
    done = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "paper.print").order_by(AuditEntry.number)
    ).all()
    assert [(one.by, one.details["paper"]) for one in done] == [
        (zoe.account_id, "invitation"),
        (zoe.account_id, "visa"),
    ]


@pytest.mark.parametrize("state", [one for one in State if one is not State.CONFIRMED])
def test_no_own_letter_without_a_confirmed_seat(
    app: Flask, course_id: str, drawn: list[PaperDocument], state: State
) -> None:
    number, zoe = confirmed_zoe()
    with transaction() as session:
        session.get_one(Registration, acting.registration(number).id).state = state
    client = app.test_client()
    factories.sign_in(client, zoe)
    assert "/visa.pdf" not in client.get(f"/my/registrations/{number}").text
    assert client.post(f"/my/registrations/{number}/visa.pdf").status_code == 404
    assert drawn == []


def test_no_own_letter_once_the_course_is_over(
    app: Flask, course_id: str, drawn: list[PaperDocument]
) -> None:
    number, zoe = confirmed_zoe()
    course = acting.registration(number).course_id
    ends_on = courses.by_id(course).ends_on
    for day, status in ((0, 200), (1, 404)):
        with clock.at(datetime.combine(ends_on + timedelta(days=day), time(15), UTC)):
            client = app.test_client()
            factories.sign_in(client, zoe)
            assert client.post(f"/my/registrations/{number}/visa.pdf").status_code == status


def test_an_own_letter_that_cannot_be_printed_says_so(
    app: Flask, course_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, zoe = confirmed_zoe()
    monkeypatch.setattr(cage, "drawn_with_gaps", lambda *_: ([b"%PDF-"], {0: "\U00013000"}))
    client = app.test_client()
    factories.sign_in(client, zoe)
    found = client.post(f"/my/registrations/{number}/invitation.pdf", follow_redirects=True)
    assert f"No letter was made for {number}" in found.text and "note-error" in found.text
    assert found.request.path == f"/my/registrations/{number}"
