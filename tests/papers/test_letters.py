"""Letters: for one who comes or for all, each in the language of whom it is for."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests import factories, teaching
from tests.papers.handouts import number_of, reads
from tests.registrations import acting
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.papers import operations as paper_operations
from trainings.papers.rules import Letter, Paper
from trainings.printing.paper_rules import LetterDocument, PaperDocument
from trainings.registrations.models import Registration
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
    for more in (0, 5):
        for number in range(more):
            teaching.participant(course_id, name=(f"Given{number}", f"Family{number}"))
        db.session.remove()
        statements.clear()
        paper_operations.print_letters(course_id, Letter.INVITATION, None, lead)
        costs.append((len(drawn), len(statements)))
    assert costs == [(2, costs[0][1]), (7, costs[0][1])], statements
