"""Lengths of what is sealed tell nothing (S31, F7), and what was sealed before is sealed anew."""

from __future__ import annotations

import os
from datetime import date, datetime, time

import pytest
from flask import Flask
from flask_migrate import Migrate, downgrade, upgrade
from sqlalchemy import LargeBinary, inspect, select
from sqlalchemy.orm import Session

from tests import factories, teaching
from tests.privacy import somebody
from tests.privacy.somebody import Somebody
from tests.questions import asking
from trainings.agenda.models import AgendaSession
from trainings.assessments import queries as assessments
from trainings.assessments.models import Assessment
from trainings.candidate_reviews import queries as reviews
from trainings.candidate_reviews.models import CandidateReview
from trainings.change_requests import writes as change_requests
from trainings.core import clock, config, files, sealed
from trainings.core.config import ROOT
from trainings.core.db import db, new_key, transaction
from trainings.course_mails.message_operations import Message, keep
from trainings.course_mails.message_rules import MessageTo
from trainings.courses.models import Course
from trainings.evaluations import models as evaluations
from trainings.evaluations.queries import summary_label
from trainings.exports import queries as exports
from trainings.exports import rules as lists
from trainings.exports.models import ExportRequest
from trainings.exports.request_rules import Purpose
from trainings.mailings import writes as mailings
from trainings.mailings.rules import Said
from trainings.materials import writes as materials
from trainings.materials.rules import Audience, Kept
from trainings.networks import writes as networks
from trainings.networks.rules import Contacts, Often, WaveKind
from trainings.people.sealed_rules import SEALED
from trainings.print_room import operations as print_operations
from trainings.questions.writes import add_question, put_answer
from trainings.register import operations as register_operations
from trainings.registrations.candidate_rules import LENGTHS
from trainings.registrations.models import Registration
from trainings.rosters.models import CourseTrainer
from trainings.saved_views import queries as saved_views
from trainings.saved_views.models import SavedView
from trainings.selection_proposals import queries as selections
from trainings.selection_proposals.models import SelectionDecision, SelectionProposal
from trainings.selection_proposals.rules import SearchState
from trainings.session_replies import queries as replies
from trainings.session_replies.models import SessionReply
from trainings.session_replies.rules import Reply
from trainings.uploads.rules import FileKind


@pytest.mark.parametrize("column", [*SEALED, "printed_name"])
def test_each_detail_has_one_length_whatever_it_is(app: Flask, column: str) -> None:
    """The shortest and the longest that people can enter, in scripts with long letters."""
    longest = ("x" if column in ("mail", "born") else "語") * LENGTHS[column]
    found = {len(sealed.seal(value, "p")) for value in ("", "x", "Ñandú", longest)}
    assert len(found) == 1


def test_longer_texts_share_few_lengths(app: Flask) -> None:
    found = {len(sealed.seal("x" * length, "p")) for length in range(0, 4001, 7)}
    assert len(found) == 4


@pytest.mark.parametrize(
    "value", [b"", b"x", b"\xff", b"\xff\0\0", b"\0" * 511, b"x" * 511, b"x" * 512, b"x" * 200_000]
)
def test_padding_gives_back_what_it_was_given(value: bytes) -> None:
    filled = sealed.padded(value)
    assert len(filled) in (512, 1024, 4 * 65536) and sealed.unpadded(filled) == value


def test_files_of_different_lengths_are_as_long(app: Flask) -> None:
    key = b"k" * 32
    names = [files.store(b"%PDF" * times, key) for times in (9_000, 10_000)]
    sizes = {(config.settings().files / name[:2] / name).stat().st_size for name in names}
    assert len(sizes) == 1
    assert files.read(names[1], key) == b"%PDF" * 10_000


NOT_TEXT = ("mark_key", "picture_key", "data_key", "file_key")  # keys, which are all as long


@pytest.fixture
def who(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Somebody:
    """Somebody of whom everything is held, also files."""
    Migrate(each_app, db, directory=str(ROOT / "trainings" / "migrations"), render_as_batch=True)
    made = somebody.build(monkeypatch)
    trainer_id = teaching.trainer(made.lead, notes="Speaks Quechua")
    module = teaching.module("calm")
    with transaction() as session:
        answer = evaluations.EvaluationAnswer(id=new_key(), course_id=made.course_id, shown=False)
        answer.answers = sealed.seal('{"useful": 4}', f"evaluation_answer|answers|{answer.id}")
        session.add(answer)
        counts = sealed.seal('{"shown": 5}', summary_label(made.course_id))
        session.add(evaluations.EvaluationSummary(course_id=made.course_id, counts=counts))
        file = Kept("Slides", FileKind.PDF, 1, new_key(), os.urandom(32), scanned=False)
        materials.add(session, file, Audience.STAFF, course_id=made.course_id, session_id=new_key())
        asked = CourseTrainer(id=new_key(), course_id=made.course_id, trainer_id=trainer_id)
        asked.invited_at = clock.now()
        session.add(asked)
        session.flush()
        reply = SessionReply(course_trainer_id=asked.id, reply=Reply.ACCEPTED, minutes=90)
        reply.session_id = session.scalars(select(AgendaSession.id)).first() or ""
        reply.starts_local, reply.at = datetime.combine(date(2027, 1, 18), time(9)), clock.now()
        reply.said = sealed.seal("Gladly", replies.label(reply, "said"))
        reply.needs = sealed.seal("A screen", replies.label(reply, "needs"))
        session.add(reply)
        found = Assessment(id=new_key(), trainer_id=trainer_id, module_id=module, role="co")
        found.assessed_on, found.at = date(2027, 1, 18), clock.now()
        found.remark = sealed.seal("Calm with judges", assessments.label(found))
        session.add(found)
        _selection(session, made.course_id, made.lead.account_id)
        _list_asked_for(session, made.course_id)
        said = Message(MessageTo(), {"en": "News"}, {"en": "About Ana"})
        course = session.get_one(Course, made.course_id)
        keep(session, course, said, made.lead)
        mailings.tell_group(session, course, Said("message", texts={"en": "About Ana"}), [], {})
    db.session.remove()
    return made


def _selection(session: Session, course_id: str, account_id: str | None) -> None:
    """A proposed selection and a decided one, a reader's note, a saved view, and an answer."""
    row = add_question(session, course_id, asking.asking(), 1)
    session.flush()
    view = SavedView(id=new_key(), course_id=course_id, account_id=account_id, shared=True)
    view.name, view.at = sealed.seal("Judges", saved_views.label(view.id)), clock.now()
    view.asked = {}
    session.add(view)
    registration_id = session.scalars(
        select(Registration.id)
        .where(Registration.course_id == course_id)
        .execution_options(scope="operation")
    ).first()
    review = CandidateReview(id=new_key(), course_id=course_id, account_id=account_id, score=4)
    review.registration_id = registration_id or ""
    put_answer(session, row.id, registration_id or "", "A bus", None)
    wave = networks.add_wave(session, course_id, WaveKind.END, date(2027, 1, 21))
    session.flush()
    contacts = Contacts({("BO", "judge"): Often.ONCE})
    networks.keep_answer(session, wave.id, registration_id or "", contacts)
    asker = session.get_one(Registration, registration_id, execution_options={"scope": "operation"})
    change_requests.put(session, asker, {"unit": "Court 7"})
    factories.act(course_id, session)
    review.note = sealed.seal("Leads her unit", reviews.label(review))
    session.add(review)
    keys, at = (new_key(), new_key()), clock.now()
    proposal = SelectionProposal(
        id=keys[0],
        course_id=course_id,
        standing=SearchState.FOUND,
        asked={},
        digest="",
        asked_at=at,
    )
    proposal.found = selections.sealed_for(keys[0], selections.Opened((new_key(),)))
    none = selections.sealed_reasons(keys[1], [])
    session.add_all(
        [
            proposal,
            SelectionDecision(
                id=keys[1], course_id=course_id, by="", at=at, asked={}, reasons=none
            ),
        ]
    )


def _list_asked_for(session: Session, course_id: str) -> None:
    """A request for a list with names."""
    key, at = new_key(), clock.now()
    asked = ExportRequest(
        id=key, number="L-PADDED", course_id=course_id, listing=lists.Listing.DOOR
    )
    asked.kind, asked.purpose, asked.columns = lists.FileKind.XLSX, Purpose.DOOR, []
    asked.people, asked.plain, asked.second, asked.persons = 1, False, False, []
    asked.by, asked.asked_at, asked.ends_at = "", at, at
    asked.words = exports.sealed_words(key, exports.Words("The guard"))
    asked.filters = exports.sealed_filters(key, {"country": "BO"})
    session.add(asked)


def _there() -> set[str]:
    """The columns of the database as it is now: later ones go with the downgrade."""
    seen = inspect(db.engine)
    return {
        f"{table}.{column['name']}"
        for table in seen.get_table_names()
        for column in seen.get_columns(table)
    }


def _unpadded(there: set[str]) -> list[str]:
    """Where something is stored whose length is none of the few: a column, or a file."""
    around = len(sealed.seal_bytes(b"", "p")), len(os.urandom(12)) + 16
    found = []
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            columns = [one for one in table.columns if isinstance(one.type, LargeBinary)]
            for column in columns:
                if (
                    column.name in NOT_TEXT
                    or str(column) not in there
                    or table.name == "certificate_picture"
                ):
                    continue
                more = around[str(column) == "certificate.content"]
                statement = select(column).execution_options(scope="job")
                values = [bytes(one) for one in connection.execute(statement).scalars() if one]
                assert values or str(column) == "certificate.ended_note", column
                found += [str(column) for one in values if not _is_size(len(one) - more)]
    paths = [path for path in config.settings().files.rglob("*") if path.is_file()]
    assert paths
    return found + ["file" for path in paths if not _is_size(path.stat().st_size - around[1])]


def _is_size(length: int) -> bool:
    return length >= 512 and (length & (length - 1) == 0 or length % 65536 == 0)


def _held(there: set[str]) -> dict[str, list[str]]:
    """Everything that is held, what is sealed opened, by column."""
    db.session.remove()
    held: dict[str, list[str]] = {}
    for column, value in somebody.values():
        if column not in there:
            continue
        held.setdefault(column, []).append(value.rstrip("\0\ufffd"))  # with the padding or not
    db.session.remove()
    return {column: sorted(values) for column, values in held.items()}


def test_what_was_sealed_before_is_padded(who: Somebody) -> None:
    everything = _held(_there())
    assert _unpadded(_there()) == []
    downgrade(revision="0012")
    there = _there()
    left = set(_unpadded(there))
    assert {"person.family_name", "registration.document", "certificate.content", "file"} <= left
    upgrade()
    assert _unpadded(there) == []
    assert _held(there) == {key: values for key, values in everything.items() if key in there}
    assert register_operations.verify() is None
    kept, _serial = print_operations.one_file(who.course_id, who.certificate.id, who.lead)
    assert kept == who.original


@pytest.mark.parametrize("after", [0, 1])
def test_a_killed_migration_goes_on(
    who: Somebody, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Rows are all as they were, and of the files some are done: the same command ends it."""
    everything = _held(_there())
    downgrade(revision="0012")
    there = _there()
    left, replace = [None] * after, files.replace

    def killed(name: str, content: bytes) -> None:
        if not left:
            raise SystemExit(1)
        left.pop()
        replace(name, content)

    monkeypatch.setattr(files, "replace", killed)
    with pytest.raises(SystemExit):
        upgrade()
    monkeypatch.setattr(files, "replace", replace)
    upgrade()
    assert _unpadded(there) == []
    assert _held(there) == {key: values for key, values in everything.items() if key in there}
