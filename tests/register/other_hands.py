"""Somebody with the whole database, and a course whose certificates they are after."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from tests import factories
from tests.certificates import graduates
from tests.certificates.paper import Paper
from trainings.certificates import operations, rendering_operations
from trainings.certificates import revocation_operations as ending_operations
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.print_room import operations as print_operations
from trainings.register import operations as register_operations
from trainings.register.models import Certificate
from trainings.register.rules import ChangedByOthers, EndReason
from trainings.verification import operations as check_operations
from trainings.verification.rules import Verdict

Rows = list[Mapping[str, Any]]
TABLES = ("certificate", "audit_entry", "audit_head")


class Other:
    """Somebody who reads and writes the whole database by SQL, and nothing else."""

    def __init__(self) -> None:
        self.kept: dict[str, Rows] = {}

    def keep(self) -> None:
        """Copy the tables that matter as they are."""
        with db.engine.connect() as connection:
            self.kept = {
                table: [
                    dict(row)
                    for row in connection.execute(text(f"SELECT * FROM {table}")).mappings()
                ]
                for table in TABLES
            }

    def do(self, *statements: str, **values: object) -> None:
        with transaction() as session:
            for statement in statements:
                session.execute(text(statement), values)
        db.session.remove()

    def put_back(self, *keys: str) -> None:
        """Rows of certificates as they were, byte for byte."""
        for row in self.kept["certificate"]:
            if row["id"] in keys:
                names = [f"{name} = :{name}" for name in row if name != "id"]
                values = {name: _as_text(value) for name, value in row.items()}
                self.do(f"UPDATE certificate SET {', '.join(names)} WHERE id = :id", **values)

    def put_all_back(self) -> None:
        """Certificates and the whole trail as they were: the database agrees with itself."""
        last = max(row["number"] for row in self.kept["audit_entry"])
        self.put_back(*(row["id"] for row in self.kept["certificate"]))
        self.do("DELETE FROM audit_entry WHERE number > :last", last=last)
        (head,) = self.kept["audit_head"]
        self.do("UPDATE audit_head SET number = :number, mac = :mac", **head)


def _as_text(value: object) -> object:
    """JSON, which PostgreSQL gives back opened, as it is written."""
    return json.dumps(value) if isinstance(value, dict | list) else value


class Case:
    """A course of three certificates with their files."""

    def __init__(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rendering_operations, "workers", lambda: Paper())
        self.app, self.other = app, Other()
        self.lead = factories.account(Role.ORGANISER, agency="IOM")
        self.course_id = graduates.course_of(graduates.NAMES[:3])
        operations.issue_for_course(self.course_id, self.lead)
        rendering_operations.render(self.course_id)
        db.session.remove()
        self.row, self.second, self.third = self.rows()
        self.file = print_operations.content(self.row)
        db.session.remove()
        self.other.keep()

    def rows(self) -> list[Certificate]:
        with db.engine.connect() as connection:
            keys = (
                connection.execute(text("SELECT id FROM certificate ORDER BY serial_key, id"))
                .scalars()
                .all()
            )
        options = {"scope": "job"}
        return [db.session.get_one(Certificate, key, execution_options=options) for key in keys]

    def now(self) -> Certificate:
        """The first row as it is in the database."""
        db.session.remove()
        return next(one for one in self.rows() if one.id == self.row.id)

    def revoke(self, row: Certificate | None = None) -> None:
        ending_operations.revoke(
            self.course_id, (row or self.row).id, EndReason.MISUSE, "", self.lead
        )
        db.session.remove()

    def act(self) -> None:
        """Another act, which the trail holds after the one before."""
        self.revoke(self.third)

    def verdicts(self) -> set[Verdict | None]:
        """What is said of it by code and by file."""
        db.session.remove()
        shown = check_operations.by_token(self.row.token)
        return {shown and shown.verdict, check_operations.by_file(self.file).verdict}

    def expect_unconfirmed(self) -> None:
        assert self.verdicts() == {Verdict.UNCONFIRMED}
        page = self.app.test_client().get(f"/verify/{self.row.token}").get_data(as_text=True)
        assert "cannot be confirmed now" in page
        assert "is genuine" not in page
        for give in (
            lambda: print_operations.one_file(self.course_id, self.row.id, self.lead),
            lambda: print_operations.own_file(
                self.row.id, Viewer(account_id=None, person_id=self.row.person_id)
            ),
        ):
            db.session.remove()
            with pytest.raises(ChangedByOthers, match=self.row.serial):
                give()
        db.session.remove()
        fault = register_operations.verify()
        assert fault is not None
        page = self.app.test_cli_runner().invoke(args=["audit", "verify"])
        assert page.exit_code == 1


def named(statement: str, **values: str) -> dict[str, str]:
    """Of these values those that a statement asks for."""
    return {name: value for name, value in values.items() if f":{name}" in statement}
