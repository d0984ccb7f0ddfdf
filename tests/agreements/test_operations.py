"""An agency organises a course, and signs for it, once its own people agreed: and no earlier."""

from __future__ import annotations

import pytest
from flask import Flask
from msgspec.structs import replace
from sqlalchemy import select

from tests import factories
from tests.agencies.test_marks import picture
from tests.agreements import asking
from tests.agreements.asking import CODE, PARTNER
from tests.certificates import graduates
from trainings.agreements import operations, queries
from trainings.agreements.rules import (
    AgreedAlready,
    AgreeFirst,
    CertificatesIssued,
    LeadStays,
    NotAskedAnyMore,
    ReasonMissing,
)
from trainings.certificates import operations as certificates
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.i18n import LANGUAGES, speaking
from trainings.core.permissions import Grant, Permission, Role, Viewer
from trainings.courses import paper_document
from trainings.courses import queries as courses
from trainings.courses.models import CourseAgency, Signatory
from trainings.courses.rules import CourseMove
from trainings.desk.move_operations import move_course
from trainings.mail.models import OutboxMail
from trainings.mail.text_writes import written
from trainings.planning import creation_operations, signature_operations
from trainings.planning.section_rules import Section
from trainings.planning.setting_rules import SignatoryElsewhere
from trainings.register import document, writes
from trainings.register import queries as register
from trainings.register.models import Certificate


def test_the_own_agency_agrees_by_the_act_and_the_other_is_asked(each_app: Flask) -> None:
    lead = asking.organiser("IOM", "lead@iom.example")
    asking.organiser(PARTNER, "one@interpol.example")
    asking.organiser(PARTNER, "two@interpol.example")
    asking.organiser("UNODC", "nobody@unodc.example")
    factories.account(Role.ORGANISER, course_id=factories.course("OTHER1"), mail="c@x.example")
    asking.planned(lead)
    assert (asking.organising(), asking.waiting()) == (["IOM"], [PARTNER])
    assert [row.agency.code for row in asking.course().signing] == ["IOM"]
    mails = factories.mails("agency_asked")
    assert {mail.recipient for mail in mails} == {"one@interpol.example", "two@interpol.example"}
    assert f"http://trainings.example/courses/{CODE}/agreement/{PARTNER}" in mails[0].body
    assert "IOM asks INTERPOL to be one of the organisers" in mails[0].body
    assert asking.acts() == ["agreement.ask"]
    rows = db.session.scalars(select(OutboxMail).where(OutboxMail.event == "agency_asked")).all()
    assert {row.course_id for row in rows} == {None}, "the course's staff would read who was asked"


def test_who_is_asked_sees_and_may_nothing_of_the_course(each_app: Flask) -> None:
    lead, partner = asking.organiser("IOM"), asking.organiser(PARTNER)
    course_id = asking.planned(lead)
    for permission in Permission:
        with pytest.raises(NotFound):
            courses.course_for(partner, permission, CODE)
        assert not courses.may(partner, permission, asking.course())
    operations.agree(partner, CODE, PARTNER)
    assert courses.course_for(partner, Permission.COURSE_WORK, CODE).id == course_id
    with pytest.raises(NotFound):  # to agree makes no lead
        courses.course_for(partner, Permission.COURSE_EDIT, CODE)


def test_it_stands_nowhere_until_it_agreed(app: Flask) -> None:
    """Certificates, letters and papers print who agreed: by what all of them are made of."""
    lead, partner = asking.organiser("IOM"), asking.organiser(PARTNER)
    asking.planned(lead)

    def named() -> tuple[list[str], list[str]]:
        found = asking.course()
        signing = [one.titles["en"] for one in found.signing]
        return [mark.short_name for mark in paper_document.marks(found)], signing

    with speaking("en"):
        assert named() == (["IOM"], ["Regional Director"])
        operations.agree(partner, CODE, PARTNER)
        assert named() == (["IOM", PARTNER], ["Regional Director"])
        operations.sign(partner, CODE, PARTNER, asking.partners_signatory().id)
        assert named() == (["IOM", PARTNER], ["Regional Director", "Regional Bureau"])


def test_a_certificate_names_only_who_agreed(app: Flask) -> None:
    """What is frozen for good: the agencies and signatories of the moment of issue."""
    lead = asking.organiser("IOM")
    course_id = graduates.course_of(graduates.NAMES[:1], signatories=2)
    _wait(course_id, "INTERPOL")
    kept = courses.by_id(course_id, ("modules", "signatories"))
    assert [row.agency.code for row in kept.organising] == ["IOM", "UNODC"]
    certificates.issue_for_course(course_id, lead)
    row = db.session.scalars(select(Certificate).execution_options(scope="operation")).one()
    paper = document.thaw(writes.content(row) or b"", register.kept)
    assert [mark.short_name for mark in paper.marks] == ["IOM", "UNODC"]
    assert len(paper.signatories) == 1


def _wait(course_id: str, agency: str) -> None:
    """Take an agreement away, as if the agency had never answered."""
    agency_id = factories.agency_id(agency)
    with transaction() as session:
        for row in (
            *session.scalars(select(CourseAgency).where(CourseAgency.course_id == course_id)),
            *session.scalars(select(Signatory).where(Signatory.course_id == course_id)),
        ):
            if row.agency_id == agency_id:
                row.agreed_at = None


def test_only_its_own_organisers_answer(each_app: Flask) -> None:
    lead = asking.organiser("IOM")
    course_id = asking.planned(lead)
    for stranger in (
        lead,
        asking.organiser("UNODC"),
        factories.account(Role.ORGANISER, course_id=course_id),
        factories.account(Role.ADMINISTRATOR),
        factories.account(Role.TRAINER, course_id=course_id),
        Viewer(),
    ):
        for act in (operations.agree, _declined, _taken_back, _signed):
            with pytest.raises(NotFound):
                act(stranger, CODE, PARTNER)
    assert asking.waiting() == [PARTNER]


def _declined(by: Viewer, code: str, agency: str) -> None:
    operations.decline(by, code, agency, "No")


def _taken_back(by: Viewer, code: str, agency: str) -> None:
    operations.take_back(by, code, agency, "No")


def _signed(by: Viewer, code: str, agency: str) -> None:
    operations.sign(by, code, agency, asking.partners_signatory().id)


def test_who_declines_leaves_and_the_organisers_read_why(each_app: Flask) -> None:
    lead, partner = asking.organiser("IOM", "lead@iom.example"), asking.organiser(PARTNER)
    course_id = asking.planned(lead)
    factories.account(Role.ORGANISER, course_id=course_id, mail="own@x.example")
    with pytest.raises(ReasonMissing):
        operations.decline(partner, CODE, PARTNER, "  ")
    operations.decline(partner, CODE, PARTNER, "No staff in May.")
    assert (asking.organising(), asking.waiting()) == (["IOM"], [])
    assert [who.agency.code for who in asking.course().signatories] == ["IOM"]
    mails = factories.mails("agency_answered")
    assert {mail.recipient for mail in mails} == {"lead@iom.example", "own@x.example"}
    assert "No staff in May." in mails[0].body
    assert "No staff" not in mails[0].subject
    with pytest.raises(NotFound):
        operations.agree(partner, CODE, PARTNER)
    assert asking.acts() == ["agreement.ask", "agreement.decline"]


def test_an_agreement_is_taken_back_until_certificates_are_issued(each_app: Flask) -> None:
    lead, partner = asking.organiser("IOM"), asking.organiser("INTERPOL")
    course_id = graduates.course_of(graduates.NAMES[:1], signatories=2)
    with pytest.raises(LeadStays):
        operations.take_back(lead, "BUE26", "IOM", "We go.")
    other = asking.organiser("UNODC")
    operations.take_back(other, "BUE26", "UNODC", "We go.")
    with pytest.raises(NotFound):
        courses.course_for(other, Permission.COURSE_WORK, "BUE26")
    certificates.issue_for_course(course_id, lead)
    with pytest.raises(CertificatesIssued):
        operations.take_back(partner, "BUE26", "INTERPOL", "We go.")
    signing = courses.by_id(course_id, ("signatories",)).signing
    (own,) = (who for who in signing if who.agency.code == "INTERPOL")
    with pytest.raises(CertificatesIssued):
        operations.not_sign(partner, "BUE26", "INTERPOL", own.id)
    assert asking.acts() == ["agreement.take_back"]


def test_nobody_signs_for_an_agency_but_by_its_own_word(each_app: Flask) -> None:
    lead, partner = asking.organiser("IOM", "lead@iom.example"), asking.organiser(PARTNER)
    asking.planned(lead)
    key = asking.partners_signatory().id
    with pytest.raises(AgreeFirst):
        operations.sign(partner, CODE, PARTNER, key)
    operations.agree(partner, CODE, PARTNER)
    operations.sign(partner, CODE, PARTNER, key)
    with pytest.raises(AgreedAlready):
        operations.sign(partner, CODE, PARTNER, key)
    directors = [
        {"agency_id": factories.agency_id("IOM"), "titles": {"en": "Regional Director"}},
        {"agency_id": factories.agency_id(PARTNER), "titles": {"en": "Somebody else"}},
    ]
    asking.change(lead, Section.CERTIFICATES, signatories=directors)
    assert [who.titles["en"] for who in asking.course().signing] == ["Regional Director"]
    asked = [mail.body for mail in factories.mails("agency_asked")]
    assert sum("proposes who signs for INTERPOL" in body for body in asked) == 1
    with pytest.raises(NotAskedAnyMore):  # the title that was proposed first
        operations.sign(partner, CODE, PARTNER, key)
    operations.not_sign(partner, CODE, PARTNER, asking.partners_signatory().id)
    assert len(asking.course().signatories) == 1
    told = [mail.body for mail in factories.mails("agency_answered")]
    assert sum("does not agree that “Somebody else” signs" in body for body in told) == 1
    elsewhere = [{"agency_id": factories.agency_id("UNODC"), "titles": {"en": "X"}}]
    with pytest.raises(SignatoryElsewhere):
        asking.change(lead, Section.CERTIFICATES, signatories=elsewhere)


def test_a_signature_is_put_by_its_agencys_own_people_alone(each_app: Flask) -> None:
    lead, partner = asking.organiser("IOM"), asking.organiser(PARTNER)
    course_id = asking.planned(lead)
    key = asking.partners_signatory().id
    operations.agree(partner, CODE, PARTNER)
    with pytest.raises(NotFound):  # its own people have not agreed to this title yet
        signature_operations.set_signature(course_id, key, picture(), partner)
    operations.sign(partner, CODE, PARTNER, key)
    with pytest.raises(NotFound):
        signature_operations.set_signature(course_id, key, picture(), lead)
    signature_operations.set_signature(course_id, key, picture(), partner)
    with pytest.raises(NotFound):
        signature_operations.remove_signature(course_id, key, lead)
    assert courses.signature_of(asking.partners_signatory())


def test_who_organises_one_course_does_not_speak_for_its_agency(each_app: Flask) -> None:
    """Somebody made organiser of this course alone proposes even the lead agency's signatory."""
    lead = asking.organiser("IOM")
    course_id = asking.planned(lead)
    own = factories.account(Role.ORGANISER, course_id=course_id)
    titles = [{"agency_id": factories.agency_id("IOM"), "titles": {"en": "Chief"}}]
    asking.change(own, Section.CERTIFICATES, signatories=titles)
    assert asking.course().signing == []
    (row,) = queries.unanswered(lead)
    assert row.agency.code == "IOM"
    operations.sign(lead, CODE, "IOM", asking.course().signatories[0].id)
    assert [who.titles["en"] for who in asking.course().signing] == ["Chief"]


def test_an_answer_outlives_other_changes_and_a_new_tick_asks_again(each_app: Flask) -> None:
    lead, partner = asking.organiser("IOM"), asking.organiser(PARTNER)
    asking.planned(lead)
    operations.agree(partner, CODE, PARTNER)
    asking.change(lead, Section.BASICS, titles={"en": "Another title"})
    assert asking.organising() == ["IOM", PARTNER]
    asking.change(lead, Section.BASICS, agency_ids=[])
    assert asking.organising() == ["IOM"]
    assert [who.agency.code for who in asking.course().signatories] == ["IOM"]
    asking.change(lead, Section.BASICS, agency_ids=[factories.agency_id(PARTNER)])
    assert (asking.organising(), asking.waiting()) == (["IOM"], [PARTNER])
    assert len(factories.mails("agency_asked")) == 2


def test_an_agency_that_takes_the_lead_agrees_by_it(each_app: Flask) -> None:
    """Somebody who organises for both hands the course over to the one that was only asked."""
    lead = asking.organiser("IOM")
    asking.planned(lead)
    partner = Grant(Role.ORGANISER, agency_id=factories.agency_id(PARTNER))
    both = replace(lead, grants=(*lead.grants, partner))
    asking.change(
        both,
        Section.BASICS,
        lead_agency_id=factories.agency_id(PARTNER),
        agency_ids=[factories.agency_id("IOM")],
    )
    assert (asking.organising(), asking.waiting()) == ([PARTNER, "IOM"], [])


def test_a_copy_asks_anew_and_a_template_asks_nobody(each_app: Flask) -> None:
    lead, partner = asking.organiser("IOM"), asking.organiser(PARTNER)
    asking.planned(lead)
    operations.agree(partner, CODE, PARTNER)
    template = creation_operations.save_template(lead, CODE, "T-LIM")
    assert courses.by_code(template).waiting == []
    assert len(factories.mails("agency_asked")) == 1
    assert queries.unanswered(partner)[0].course.code == CODE, "who signs is not answered yet"
    values = {**courses.values_of(asking.course()), "code": "LIM29"}
    creation_operations.create_course(lead, values, template)
    assert [row.agency.code for row in courses.by_code("LIM29").waiting] == [PARTNER]
    assert len(factories.mails("agency_asked")) == 2


def test_a_cancelled_course_waits_for_nobody(each_app: Flask) -> None:
    lead, partner = asking.organiser("IOM"), asking.organiser(PARTNER)
    asking.planned(lead)
    assert len(queries.unanswered(partner)) == 1
    assert queries.unanswered(lead) == []
    move_course(lead, CODE, CourseMove.CANCEL, "Floods")
    assert queries.unanswered(partner) == []
    with pytest.raises(NotFound):
        operations.agree(partner, CODE, PARTNER)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_emails_are_written_in_every_language(app: Flask, language: str) -> None:
    lead = asking.organiser("IOM")
    asking.planned(lead)
    course = asking.course()
    (row,) = course.waiting
    said = {"course": course, "agency": row.agency, "name": "Ada", "page": "http://x.example/"}
    seen = set()
    for organise in (True, False):
        mail = written("agency_asked", language, {**said, "organise": organise})
        assert "INTERPOL" in mail.body and "http://x.example/" in mail.body
        seen |= {mail.subject, mail.body}
    for answer in ("agree", "decline", "take_back", "sign", "not_sign"):
        more = {"answer": answer, "titles": asking.TITLE, "reason": "Because."}
        mail = written("agency_answered", language, {**said, **more})
        assert "INTERPOL" in mail.subject and "Because." in mail.body
        seen |= {mail.subject, mail.body}
    assert len(seen) == 14
    if language != "en":
        english = written("agency_asked", "en", {**said, "organise": True})
        assert english.subject not in seen and english.body not in seen
