"""Everybody else's pages after an erasure: they all open, and name nobody who is gone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.asking import page
from tests.drawing import keep_drawn
from tests.privacy import somebody
from tests.privacy.somebody import FAMILY, GIVEN, WORDS, Somebody
from trainings.accounts.models import Account
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.printing.paper_rules import PaperDocument
from trainings.privacy import erasing_operations as privacy
from trainings.privacy.rules import Reason
from trainings.rosters.models import Trainer
from trainings.tables import operations as seating
from trainings.tables.rules import Layout


@pytest.fixture
def who(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Somebody:
    return somebody.build(monkeypatch)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[PaperDocument]:
    return keep_drawn(monkeypatch)


def walk(client: FlaskClient, start: str, within: str) -> dict[str, str]:
    """Every page that links lead to from one, within a part of the site; all must open."""
    seen: dict[str, str] = {}
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith(OUTSIDE) or "/preview.pdf" in path:
            continue
        answer = client.get(path)
        assert answer.status_code in (200, 303), (path, answer.status_code)
        seen[path] = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        found = re.findall(r'href="(/[^"#]*)"', seen[path])
        waiting += [href.replace("&amp;", "&") for href in found if href.startswith(within)]
    return seen


OUTSIDE = ("/static/", "/bootstrap/")
LISTS = (
    "registrations",
    "attendance",
    "certificates",
    "desk",
    "mail",
    "trainers",
    "papers",
    "tables",
)


def test_every_page_of_the_course_goes_on(
    who: Somebody, client: FlaskClient, drawn: list[PaperDocument]
) -> None:
    trainer_id, _other = somebody.trainer(who.lead)
    trainer = _person_of(trainer_id)
    seating.set_tables(who.course_id, Layout(1, 4), who.lead)
    privacy.erase(who.person_id, Reason.ASKED, who.number, who.officer)
    privacy.erase(trainer, Reason.ASKED, FAMILY, who.officer)
    viewers = {
        "organiser": who.lead,
        "trainer": factories.account(Role.TRAINER, course_id=who.course_id),
        "focal point": factories.account(Role.FOCAL_POINT, country="BO"),
        "officer": who.officer,
        "analyst": factories.account(Role.ANALYST),
    }
    starts = {"focal point": "/courses/BUE26/nominations", "officer": "/", "analyst": "/"}
    for role, viewer in viewers.items():
        factories.sign_in(client, viewer)
        start = starts.get(role, "/courses/BUE26/desk")
        shown = walk(client, start, "/courses/BUE26" if role != "officer" else "/")
        text = "\n".join(shown.values())
        assert not [word for word in WORDS if word in text.casefold()], role
        if role in ("organiser", "trainer"):
            for name in ("attendance", "certificates", "tables"):
                assert "Erased person" in shown[f"/courses/BUE26/{name}"], (role, name)
        if role == "organiser":
            assert {f"/courses/BUE26/{name}" for name in LISTS} <= set(shown)
            assert "Erased person" in shown["/courses/BUE26/registrations"]
            assert (
                "All personal details of this person were erased on"
                in shown[f"/courses/BUE26/registrations/{who.number}"]
            )
        if role == "focal point":
            assert "Erased person" in shown[start]
    factories.sign_in(client, who.lead)
    shown = walk(client, "/courses/LIM26/trainers", "/courses/LIM26/trainers")
    assert "Erased person" in shown["/courses/LIM26/trainers"]
    detail = page(client, f"/trainers/{trainer_id}")
    assert "Erased person" in detail and "La Paz" not in detail
    assert f"/trainers/{trainer_id}/edit" not in detail
    for path in (f"/trainers/{trainer_id}/edit", f"/trainers/{trainer_id}/retire"):
        page(client, path, 404)
    for roster in ("/trainers", "/trainers?retired=yes"):
        assert trainer_id not in page(client, roster)


def _person_of(trainer_id: str) -> str:
    found = db.session.get_one(Trainer, trainer_id).person_id
    db.session.close()
    return found


@pytest.mark.parametrize(
    "query", ["sort=name", "sort=-name", "sort=country", "state=attended", "country=BO"]
)
def test_the_list_of_candidates_is_ordered_and_filtered(
    who: Somebody, client: FlaskClient, query: str
) -> None:
    privacy.erase(who.person_id, Reason.ASKED, who.number, who.officer)
    factories.sign_in(client, who.lead)
    shown = page(client, f"/courses/BUE26/registrations?{query}")
    assert "Erased person" in shown and who.number in shown and "Álvarez" in shown


def test_an_organiser_still_revokes_the_certificate_of_somebody_erased(
    who: Somebody, client: FlaskClient
) -> None:
    privacy.erase(who.person_id, Reason.ASKED, who.number, who.officer)
    factories.sign_in(client, who.lead)
    path = f"/courses/BUE26/certificates/{who.certificate.id}"
    page(client, f"{path}/correct", 404)
    page(client, f"{path}.pdf", 404)
    assert "Erased person" in page(client, f"{path}/revoke")
    assert client.post(f"{path}/revoke", data={"reason": "misuse"}).status_code == 303
    assert "no longer valid" in page(client, f"/verify/{who.certificate.token}")


def test_printing_and_exporting_leave_the_erased_one_out(
    who: Somebody, app: Flask, client: FlaskClient, drawn: list[PaperDocument], tmp_path: Path
) -> None:
    privacy.erase(who.person_id, Reason.ASKED, who.number, who.officer)
    factories.sign_in(client, who.lead)
    answer = client.post("/courses/BUE26/certificates.pdf")
    assert b"Ana" in answer.data and GIVEN.encode() not in answer.data
    for paper in ("attendance", "badges", "tents"):
        assert client.post(f"/courses/BUE26/papers/{paper}.pdf").status_code == 200
        assert "Erased" not in repr(drawn) and GIVEN not in repr(drawn)
    done = app.test_cli_runner().invoke(
        args=["certificates", "export", "--course", "BUE26", "--to", str(tmp_path / "out")]
    )
    assert done.exit_code == 0, done.output
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_their_own_pages_are_gone(who: Somebody, app: Flask, client: FlaskClient) -> None:
    factories.sign_in(client, who.person)
    page(client, "/my/certificates")
    privacy.erase(who.person_id, Reason.ASKED, who.number, who.officer)
    for path in ("/my/certificates", "/my/registrations", f"/my/registrations/{who.number}"):
        answer = client.get(path)
        assert answer.status_code == 303 and "/sign-in" in (answer.location or "")
    account = db.session.get_one(Account, who.person.account_id)
    assert account.disabled_at is not None


def test_the_check_page_says_that_the_name_can_no_longer_be_compared(
    who: Somebody, client: FlaskClient
) -> None:
    privacy.erase(who.person_id, Reason.ASKED, who.number, who.officer)
    path = f"/verify/{who.certificate.token}"
    shown = page(client, path)
    assert "This number is ours, but the name can no longer be compared" in shown
    assert "This certificate is genuine" not in shown
    answer = client.post(path, data={"name": f"{GIVEN} {FAMILY}"}).get_data(as_text=True)
    assert "the name can no longer be compared" in answer
