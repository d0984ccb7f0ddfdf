"""A course whose lists are taken out, and what is asked for."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import select, update

from tests import factories, teaching
from tests.registrations import acting
from trainings.core import sealed
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.exports import operations
from trainings.exports.document import File
from trainings.exports.models import ExportRequest
from trainings.exports.request_rules import Asked, Purpose
from trainings.exports.rules import OFFERS, FileKind, Listing
from trainings.people.models import IdentityRead
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.rosters import operations as rosters
from trainings.rosters.models import Trainer
from trainings.spreadsheets import inspector

CODE = "BUE27"
LISTS = f"/courses/{CODE}/lists"
LONG_AGO = timedelta(minutes=6)  # too long to count as signed in just now


class House(NamedTuple):
    """The course, who organises it, and the confirmed among its people."""

    course_id: str
    by: Viewer
    second: Viewer
    numbers: list[str]

    def ask(self, listing: Listing = Listing.CANDIDATES, by: Viewer | None = None, **v: Any) -> str:
        return operations.ask(self.course_id, listing, asked(listing, **v), by or self.by)

    def made(self, listing: Listing = Listing.CANDIDATES, **v: Any) -> File:
        """A plain file of a list, asked for, approved where it must be, made and fetched."""
        plain = {"plain": True, "receiver": "Hotel", "plain_reason": "No program"}
        number = self.ask(listing, **plain | v)
        if request(number).second:
            operations.decide(number, True, self.second)
        operations.make(self.course_id, number, self.by)
        return operations.fetch(self.course_id, number, self.by)


def house(people: int = 3, *, state: State = State.CONFIRMED, code: str = CODE) -> House:
    """A course of IOM's and INTERPOL's with so many people in a state."""
    course_id = factories.course(code, agencies=("IOM", "INTERPOL"))
    acting.share_out(course_id, {("BO", "judge"): 2})
    groups = (("BO", "judge"), ("PE", "police"), ("AR", "prosecutor"))
    numbers = acting.crowd(course_id, state, people, groups=groups)
    by = factories.account(Role.ORGANISER, agency="IOM", name=("Ada", "Ejemplo"))
    second = factories.account(Role.ORGANISER, agency="INTERPOL", name=("Ben", "Segundo"))
    db.session.close()
    return House(course_id, by, second, numbers)


def asked(listing: Listing, **values: Any) -> Asked:
    fields: dict[str, Any] = {
        "kind": FileKind.XLSX,
        "purpose": Purpose.HOTEL,
        "words": "Rooms at the hotel",
        "columns": OFFERS[listing].shown,
        **values,
    }
    return Asked(**fields)


def details(number: str, **values: str) -> None:
    """What somebody gave for a registration, sealed."""
    key = acting.registration(number).id
    kept = {name: sealed.seal(text, f"registration|{name}|{key}") for name, text in values.items()}
    with transaction() as session:
        session.execute(
            update(Registration)
            .where(Registration.id == key)
            .values(**kept)
            .execution_options(scope="operation")
        )


def request(number: str) -> ExportRequest:
    """A request as it is in the database now."""
    db.session.close()
    found = db.session.scalars(select(ExportRequest).where(ExportRequest.number == number)).one()
    db.session.close()
    return found


def reads(listing: Listing) -> list[list[str]]:
    """Whom the log says was read by taking a list, one entry for each file that left."""
    db.session.close()
    statement = select(IdentityRead.persons).where(IdentityRead.purpose == f"list.{listing}")
    return list(db.session.scalars(statement))


def rows(file: File) -> tuple[dict[str, str], list[list[Any]]]:
    """What the first sheet of a workbook says, and the rows of its list."""
    about, listed = inspector.sheets(file.content)
    told = {row[0]: row[1] for row in about["rows"] if len(row) == 2}
    return told, listed["rows"]


def texts(file: File) -> dict[str, list[list[str]]]:
    """The text files in a download, by their names."""
    with zipfile.ZipFile(io.BytesIO(file.content)) as packed:
        return {
            name: list(csv.reader(io.StringIO(packed.read(name).decode("utf-8-sig"), newline="")))
            for name in packed.namelist()
        }


def teaching_house() -> House:
    """A course with a trainer who accepted."""
    found = house(0)
    trainer_id = teaching.trainer(found.by, name=("Tea", "Docente"))
    asked_id = teaching.course_trainer(found.course_id, trainer_id, found.by)
    trainer = db.session.get_one(Trainer, trainer_id)
    viewer = Viewer(account_id=trainer.account_id, person_id=trainer.person_id)
    db.session.close()
    rosters.answer(asked_id, True, viewer)
    return found


def ask_plainly(course_id: str, by: Viewer) -> str:
    """Ask for the candidates of a course in a plain file; gives the number of the request."""
    plain = {"plain": True, "receiver": "The guard", "plain_reason": "Paper"}
    return operations.ask(course_id, Listing.CANDIDATES, asked(Listing.CANDIDATES, **plain), by)
