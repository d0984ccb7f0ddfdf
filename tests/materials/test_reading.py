"""Who gets which file: rights are asked each time; parts of a file, and all of a day as one ZIP."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from tests import factories, teaching
from tests.materials import making
from tests.materials.readers import FILE, People
from trainings.accounts.models import AccountGrant
from trainings.agenda import operations as agenda
from trainings.agenda.models import AgendaSession
from trainings.core import clock, large_files
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.materials import operations, zipping
from trainings.materials.rules import Audience
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.rosters import operations as rosters
from trainings.rosters.models import CourseTrainer, Trainer


def test_each_gets_theirs(each_people: People) -> None:
    people = each_people
    assert people.gets(people.lead) == set(Audience)
    assert people.gets(people.participant) == {Audience.PARTICIPANTS}
    trainer = teaching.answered(people.invited)
    assert people.gets(trainer) == set(Audience) - {Audience.STAFF}
    with transaction() as session:  # on another day, when the session is over
        session.execute(
            update(AgendaSession).values(
                ends_utc=clock.now() - timedelta(minutes=1),
                starts_utc=clock.now() - timedelta(minutes=91),
            )
        )
    assert people.gets(people.participant) == {Audience.PARTICIPANTS, Audience.AFTER}


def test_strangers_get_nothing(people: People) -> None:
    elsewhere = factories.course("ELSE27", lead="UNODC", agencies=("UNODC",))
    other_staff = making.organiser("UNODC")
    other_trainer = teaching.course_trainer(elsewhere, teaching.trainer(other_staff), other_staff)
    other_person = db.session.get_one(
        Registration, teaching.participant(elsewhere), execution_options={"scope": "operation"}
    ).person_id
    strangers = [
        None,
        other_staff,
        teaching.answered(other_trainer),
        teaching.account_of(other_person),
        factories.account(Role.ADMINISTRATOR),
        factories.account(Role.FOCAL_POINT, country="BO"),
        factories.account(Role.ORGANISER, agency="INTERPOL"),
    ]
    for who in strangers:
        assert people.gets(who) == set()
    missing = people.client(other_staff).get("/materials/nothing/file")
    hidden = people.client(other_staff).get(f"/materials/{people.files[Audience.STAFF]}/file")
    assert (missing.status_code, missing.data) == (hidden.status_code, hidden.data)


@pytest.mark.parametrize(
    "state", [State.APPLIED, State.OFFERED, State.RESERVE, State.WITHDRAWN, State.REJECTED]
)
def test_without_a_confirmed_seat_there_is_nothing(people: People, state: State) -> None:
    with transaction() as session:
        session.execute(
            update(Registration)
            .where(Registration.id == people.registration)
            .values(state=state)
            .execution_options(scope="operation")
        )
    assert people.gets(people.participant) == set()


def test_who_is_only_invited_to_teach_or_left_gets_nothing(people: People) -> None:
    account_id, person_id = db.session.execute(
        select(Trainer.account_id, Trainer.person_id)
        .join(CourseTrainer, CourseTrainer.trainer_id == Trainer.id)
        .where(CourseTrainer.id == people.invited)
    ).one()
    invited = Viewer(account_id=account_id, person_id=person_id)
    assert people.gets(invited) == set()
    assert teaching.answered(people.invited) == invited
    assert people.gets(invited) == set(Audience) - {Audience.STAFF}
    rosters.answer(people.invited, False, invited)
    assert people.gets(invited) == set()


def test_an_organiser_who_leaves_gets_nothing_any_more(people: People) -> None:
    helper = factories.account(Role.ORGANISER, course_id=people.course)
    assert people.gets(helper) == set(Audience)
    with transaction() as session:
        session.execute(
            update(AccountGrant)
            .where(AccountGrant.account_id == helper.account_id)
            .values(ended_at=clock.now())
        )
    assert people.gets(helper) == set()


def whole(answer: TestResponse) -> bytes:
    data: bytes = answer.get_data()
    answer.close()
    return data


def test_a_file_is_saved_and_never_shown(people: People) -> None:
    answer = people.client(people.participant).get(
        f"/materials/{people.files[Audience.PARTICIPANTS]}/file"
    )
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename=participants.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Length"] == str(len(FILE))
    assert answer.headers["Accept-Ranges"] == "bytes"
    answer.close()


def test_a_name_of_any_script_arrives_and_adds_no_header(people: People) -> None:
    key = people.files[Audience.PARTICIPANTS]
    operations.change(key, 'Módulo "1"; 講義\r\nX: y', Audience.PARTICIPANTS, people.lead)
    answer = people.client(people.participant).get(f"/materials/{key}/file")
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment; filename=")
    assert "filename*=UTF-8''M%C3%B3dulo%201%20%3B%20%E8%AC%9B%E7%BE%A9%20X%20y.pdf" in said
    assert "X" not in answer.headers
    answer.close()


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=100-", 100, len(FILE)),
        ("bytes=-7", len(FILE) - 7, len(FILE)),
        (
            f"bytes={large_files.PIECE - 3}-{large_files.PIECE + 3}",
            large_files.PIECE - 3,
            large_files.PIECE + 4,
        ),
        (f"bytes=1-{len(FILE) * 3}", 1, len(FILE)),
        (f"bytes={len(FILE) - 1}-", len(FILE) - 1, len(FILE)),
    ],
)
def test_parts_of_a_file(people: People, asked: str, start: int, end: int) -> None:
    path = f"/materials/{people.files[Audience.PARTICIPANTS]}/file"
    answer = people.client(people.participant).get(path, headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(FILE)}"
    assert answer.headers["Content-Length"] == str(end - start)
    assert whole(answer) == FILE[start:end]


@pytest.mark.parametrize("asked", [f"bytes={len(FILE)}-", f"bytes={len(FILE) + 5}-{len(FILE) + 9}"])
def test_a_part_beyond_the_end_is_none(people: People, asked: str) -> None:
    path = f"/materials/{people.files[Audience.PARTICIPANTS]}/file"
    answer = people.client(people.participant).get(path, headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(FILE)}"
    answer.close()


@pytest.mark.parametrize("asked", ["bytes=0-1,5-9", "bytes=9-1", "lines=1-2", "bytes=a-b", "bytes"])
def test_what_is_no_single_part_gets_all_of_it(people: People, asked: str) -> None:
    path = f"/materials/{people.files[Audience.PARTICIPANTS]}/file"
    answer = people.client(people.participant).get(path, headers={"Range": asked})
    assert answer.status_code == 200
    assert whole(answer) == FILE


def test_a_part_of_another_version_gets_all_of_the_new_one(people: People) -> None:
    key = people.files[Audience.PARTICIPANTS]
    path, client = f"/materials/{key}/file", people.client(people.participant)
    first = client.get(path, headers={"Range": "bytes=0-9"})
    mark = first.headers["ETag"]
    first.close()
    go_on = {"Range": "bytes=10-", "If-Range": mark}
    same = client.get(path, headers=go_on)
    assert same.status_code == 206
    assert whole(same) == FILE[10:]
    operations.replace(key, making.upload(making.png(), "a.png"), people.lead)
    other = client.get(path, headers=go_on)
    assert other.status_code == 200
    assert other.headers["ETag"] != mark
    assert whole(other) == making.png()


def test_head_says_what_get_would(people: People) -> None:
    path = f"/materials/{people.files[Audience.PARTICIPANTS]}/file"
    client = people.client(people.participant)
    got = client.get(path)
    asked = client.head(path)
    assert asked.status_code == 200
    assert asked.data == b""
    for name in ("Content-Length", "Content-Type", "ETag", "Accept-Ranges", "Content-Disposition"):
        assert asked.headers[name] == got.headers[name]
    got.close()
    assert people.client(None).head(path).status_code == 303


def test_a_content_gone_from_the_disk_is_not_found(
    people: People, caplog: pytest.LogCaptureFixture
) -> None:
    for path in making.contents(people.app):
        path.unlink()
    key = people.files[Audience.PARTICIPANTS]
    assert people.client(people.lead).get(f"/materials/{key}/file").status_code == 404
    assert key in caplog.text


def test_all_of_a_day_in_one_zip(people: People) -> None:
    slot = teaching.slot(people.course, "11:00", "12:00", titles={"en": "Ética / ethics"})
    later = agenda.add_session(people.course, slot, people.lead)
    for name in ("Plan.pdf", "plan.pdf"):
        making.material(people.course, later, people.lead, name=name)
    teaching.publish(people.course, people.lead)
    day = teaching.session_day(people.course).isoformat()
    answer = people.client(people.participant).get(f"/courses/BUE27/materials/{day}.zip")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="BUE27 {day}.zip"'
    with zipfile.ZipFile(io.BytesIO(whole(answer))) as found:
        assert found.testzip() is None
        assert found.namelist() == [
            "09.00 Session at 09 00/participants.pdf",
            "11.00 Ética ethics/Plan.pdf",
            "11.00 Ética ethics/plan (2).pdf",
        ]
        assert found.read("09.00 Session at 09 00/participants.pdf") == FILE
    staff = people.client(people.lead).get(f"/courses/BUE27/materials/{day}.zip")
    with zipfile.ZipFile(io.BytesIO(whole(staff))) as found:
        assert len(found.namelist()) == 6


@pytest.mark.parametrize("day", ["2020-01-01", "tomorrow", "..", "2027-13-45"])
def test_a_day_without_files_has_no_zip(people: People, day: str) -> None:
    answer = people.client(people.participant).get(f"/courses/BUE27/materials/{day}.zip")
    assert answer.status_code == 404


def test_a_zip_is_made_piece_by_piece_and_closes_what_it_opened(app: Flask) -> None:
    opened: list[io.BytesIO] = [io.BytesIO(b"x" * 5_000_000) for _one in range(3)]
    entries = [zipping.Entry(f"{n}.pdf", clock.now(), one) for n, one in enumerate(opened)]
    made = zipping.streamed(entries)
    assert max(len(next(made)) for _one in range(10)) < 2 * large_files.PIECE
    made.close()  # who asked has left
    assert all(one.closed for one in opened)


def test_files_of_a_module_come_with_its_sessions(each_app: Flask) -> None:
    lead = making.organiser()
    module = teaching.module("interviews")
    course = factories.course(agencies=("IOM",))
    teaching.teach(course, module)
    slot = teaching.slot(course, module_id=module)
    agenda.add_session(course, slot, lead)
    open_to_all = operations.add_to_module(module, making.upload(), Audience.PARTICIPANTS, lead)
    for_trainers = operations.add_to_module(module, making.upload(), Audience.TRAINERS, lead)
    registration = teaching.participant(course)
    person = db.session.get_one(
        Registration, registration, execution_options={"scope": "operation"}
    ).person_id
    client = each_app.test_client()
    factories.sign_in(client, teaching.account_of(person))
    listed = re.findall(r"/materials/([\w-]+)/file", client.get("/courses/BUE27/materials").text)
    assert listed == [open_to_all]
    answer = client.get(f"/materials/{open_to_all}/file")
    assert answer.status_code == 200
    answer.close()
    assert client.get(f"/materials/{for_trainers}/file").status_code == 404
    other = factories.course("ELSE27", lead="UNODC", agencies=("UNODC",))
    person = db.session.get_one(
        Registration, teaching.participant(other), execution_options={"scope": "operation"}
    ).person_id
    stranger = each_app.test_client()
    factories.sign_in(stranger, teaching.account_of(person))
    assert stranger.get(f"/materials/{open_to_all}/file").status_code == 404
