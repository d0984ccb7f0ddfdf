"""One person who is on the roster twice, with courses, sessions and certificates on both."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from tests import factories, teaching
from tests.register import kept
from trainings.agenda import operations as agenda
from trainings.core import clock, files
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Role, Viewer
from trainings.duplicates import operations, queries
from trainings.duplicates.rules import Chosen, From
from trainings.register import document, register_mac
from trainings.register import writes as register
from trainings.register.rules import Kind
from trainings.rosters.models import Trainer


class Twins:
    """Ruth, twice: each entry with an accepted course of its own, and both with a third."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.by = factories.account(Role.ORGANISER, agency="IOM")
        self.module = teaching.module("interviews")
        self.first = teaching.trainer(
            self.by,
            name=("Ruth", "Choque"),
            mail="ruth@old.example",
            languages=("es",),
            notes="Good with cases.",
        )
        self.second = teaching.trainer(
            self.by,
            name=("Ruth", "Choque Ortuño"),
            mail="ruth@new.example",
            languages=("en", "es"),
            module_ids=(self.module,),
            city="Sucre",
        )
        self.courses = {
            code: factories.course(code, starts_in=start, agencies=("IOM",))
            for code, start in (("ONE27", 30), ("TWO27", 60), ("BOTH27", 90))
        }
        self.invited = {
            (code, entry): teaching.course_trainer(self.courses[code], entry, self.by)
            for code, entry in (
                ("ONE27", self.first),
                ("TWO27", self.second),
                ("BOTH27", self.first),
                ("BOTH27", self.second),
            )
        }
        self.sessions = {
            key: self.session(*key, hour)
            for key, hour in zip(self.invited, (9, 9, 9, 14), strict=True)
        }

    def session(self, code: str, entry: str, hour: int) -> str:
        """A session that an entry gives."""
        slot = teaching.slot(
            self.courses[code],
            f"{hour:02}:00",
            f"{hour + 1:02}:00",
            trainers=(self.invited[code, entry],),
        )
        return agenda.add_session(self.courses[code], slot, self.by)

    def accept(self, code: str, entry: str) -> Viewer:
        """Let an entry accept its invitation."""
        return teaching.answered(self.invited[code, entry])

    def viewer(self, entry: str) -> Viewer:
        """Who signs in as an entry."""
        account_id, person_id = db.session.execute(
            select(Trainer.account_id, Trainer.person_id).where(Trainer.id == entry)
        ).one()
        db.session.close()
        return Viewer(account_id=account_id, person_id=person_id)

    def merge(
        self, stays: From = From.FIRST, by: Viewer | None = None, seen: str = "", **fields: From
    ) -> str:
        """Merge the two, as the page would send it."""
        if not seen:
            seen = self.stamp()
        chosen = Chosen(stays, fields)
        return operations.merge(self.first, self.second, chosen, seen, by or self.by)

    def stamp(self) -> str:
        """What the page shows of both."""
        one, other = (db.session.get_one(Trainer, key) for key in (self.first, self.second))
        seen = queries.stamp(one, other)
        db.session.close()
        return seen

    def certificate(self, code: str, entry: str, **values: Any) -> str:
        """A certificate for teaching on a course; gives its id."""
        who = self.viewer(entry)
        with transaction() as session:
            made = register.add(
                session,
                key=new_key(),
                kind=Kind.TRAINER,
                course_id=self.courses[code],
                person_id=who.person_id or "",
                language="es",
                token=new_key(),
                serial=f"{code}-{secrets.token_hex(3).upper()}",
                course_titles={"en": "Course"},
                agencies=[{"en": "IOM"}],
                ended_on=clock.now().date() - timedelta(days=7),
                minutes=60,
                frozen=document.freeze(kept.paper()),
                by=None,
                course_trainer_id=self.invited[code, entry],
                **values,
            )
            session.flush()
            file = files.store(b"%PDF", register.data_key(made) or b"")
            register.make_ready(made, file_name=file, digest="0" * 64, signed=False)
            details = [(made.id, register_mac.issue_details(made))]
            register.record_issue(session, details, self.courses[code], None)
            return made.id
