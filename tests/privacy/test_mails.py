"""Mails to somebody who is erased: those that wait are not sent, none says who it was."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from tests.privacy.somebody import Somebody, erase
from trainings.core import sealed
from trainings.core.db import db, transaction
from trainings.courses.models import Course
from trainings.mail import operations as mails
from trainings.mail.models import OutboxMail
from trainings.mail.writes import enqueue


def test_mails_that_wait_are_not_sent(who: Somebody) -> None:
    mine = select(OutboxMail).where(OutboxMail.person_id == who.person_id)
    waiting = [mail.id for mail in db.session.scalars(mine) if mail.state == "waiting"]
    nobodys = db.session.scalars(select(OutboxMail).where(OutboxMail.person_id.is_(None))).all()
    assert waiting and nobodys
    db.session.close()
    erase(who)
    mails.send(waiting[0])
    for mail in db.session.scalars(select(OutboxMail)):
        if mail.person_id == who.person_id or mail.event == "registration_start":
            assert (mail.recipient, mail.subject, mail.body) == (b"", None, None)
            assert mail.state == "held"
        else:
            assert mail.recipient, "another's mail is untouched"


def test_mails_to_other_addresses_are_not_opened_to_find_these(
    who: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        for number in range(3):
            enqueue(
                session,
                "registration_start",
                to=f"somebody{number}@court.example",
                language="en",
                course=session.get_one(Course, who.other),
                links=[],
            )
    opened: list[str] = []
    unseal = sealed.unseal

    def noting(value: bytes, place: str) -> str:
        opened.append(place.split("|")[0])
        return unseal(value, place)

    monkeypatch.setattr(sealed, "unseal", noting)
    erase(who)
    assert "outbox_mail" not in opened


def test_a_mail_of_before_addresses_were_indexed_is_found_too(who: Somebody) -> None:
    with transaction() as session:
        session.execute(update(OutboxMail).values(address_index=None))
    erase(who)
    links = select(OutboxMail).where(OutboxMail.event == "registration_start")
    assert [mail.recipient for mail in db.session.scalars(links)] == [b""]
