"""What was issued never changes, byte for byte, whatever changes around it."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update

from tests.certificates import graduates
from tests.certificates.registry import Registry
from trainings.accounts.models import Agency
from trainings.certificates import reissue_operations, rendering_operations
from trainings.core import sealed
from trainings.core.db import db, transaction
from trainings.courses.models import Course, Module, Signatory
from trainings.looks import operations as look_operations
from trainings.people.models import Function, Person
from trainings.people.writes import change_identity
from trainings.print_room import operations as print_operations
from trainings.printing import pdf as engine
from trainings.printing import typesetting
from trainings.register import document, queries, writes
from trainings.register.look_rules import Style
from trainings.register.models import Certificate
from trainings.register.rules import EndReason, Kind
from trainings.registrations.models import Registration

OTHER = {"en": "Changed", "es": "Cambiado"}


def _change_everything(registry: Registry) -> None:
    """Names, course, modules, functions, agencies, signatories, the look."""
    course_id = registry.row.course_id
    for kind in Kind:
        look_operations.choose(course_id, kind, Style.LETTER, "", registry.lead)
    with transaction() as session:
        for model, column in (
            (Agency, "names"),
            (Agency, "short_names"),
            (Signatory, "titles"),
            (Module, "titles"),
            (Function, "names"),
            (Course, "titles"),
        ):
            session.execute(update(model).values({column: OTHER}))
        session.execute(update(Agency).values(colour="#ff0000"))
        session.execute(update(Course).values(city="Changed", country="FR"))
        scoped = {"scope": "operation"}
        for person in session.scalars(select(Person).execution_options(**scoped)):
            change_identity(person, given_name="Changed", family_name="Changed")
            person.language, person.country = "fr", "FR"
        for row in session.scalars(select(Registration).execution_options(**scoped)):
            place = f"registration|printed_name|{row.id}"
            row.printed_name, row.country = sealed.seal("Changed", place), "FR"


def _everything(registry: Registry) -> dict[str, tuple[bytes, str | None, bytes | None]]:
    rows = db.session.scalars(select(Certificate).execution_options(scope="operation"))
    return {
        row.serial: (print_operations.content(row), row.digest, writes.content(row)) for row in rows
    }


def _page(row: Certificate, fonts: Path) -> bytes:
    paper = document.thaw(writes.content(row) or b"", queries.kept)
    return engine.Engine(fonts).draw(replace(paper, to_be_signed=True))


def test_nothing_that_was_issued_changes(
    issued: Registry, fonts_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course_id = issued.row.course_id
    with issued.app.app_context():
        before = _everything(issued)
        row = queries.by_token(issued.row.token)
        assert row is not None
        drawn = _page(row, fonts_folder)
        _change_everything(issued)
        templates = tmp_path / "templates"
        shutil.copytree(typesetting.TEMPLATES, templates)
        style = templates / "certificate.css"
        style.write_text(style.read_text(encoding="utf-8").replace("mm", "pt"), encoding="utf-8")
        for module in (typesetting, engine):
            monkeypatch.setattr(module, "TEMPLATES", templates)
        db.session.remove()
        row = queries.by_token(issued.row.token)
        assert row is not None
        assert _page(row, fonts_folder) != drawn, "the template truly changed"

        rendering_operations.render(course_id)
        assert _everything(issued) == before
        for content, digest, _frozen in before.values():
            assert hashlib.sha256(content).hexdigest() == digest
        assert issued.file in {content for content, _, _ in before.values()}
        holder = graduates.holder(course_id, "Changed")
        own = {
            one.id: print_operations.own_file(one.id, holder)[0]
            for one in queries.own_certificates(holder)
        }
        assert own
        assert set(own.values()) <= {content for content, _, _ in before.values()}

        # a correction of the name takes all else from what was frozen, too
        new = reissue_operations.reissue(
            course_id, issued.row.id, "Ana Paz", EndReason.NAME, "", issued.lead
        )
        corrected = db.session.get_one(Certificate, new, execution_options={"scope": "operation"})
        assert "Changed" not in (writes.content(corrected) or b"").decode()
        db.session.remove()
    issued.put_back()
