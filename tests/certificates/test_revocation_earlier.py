"""Certificates that were superseded stay within reach: they can be revoked too."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests import asking, factories
from tests.certificates import pages
from trainings.certificates import reissue_operations
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.register import writes
from trainings.register.models import Certificate
from trainings.register.rules import EndReason, Status
from trainings.verification import operations as check_operations
from trainings.verification.rules import Verdict


@pytest.fixture
def lead(app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM")


def _now(certificate_id: str) -> Certificate:
    return next(row for row in pages.everything() if row.id == certificate_id)


def _correct(app: Flask, old: Certificate, name: str, lead: Viewer) -> Certificate:
    new = reissue_operations.reissue(old.course_id, old.id, name, EndReason.NAME, "", lead)
    db.session.remove()
    factories.run_jobs(app)
    return _now(new)


@pytest.fixture
def chain(app: Flask, listed: str, lead: Viewer) -> list[Certificate]:
    """One holder's certificates: corrected twice, so that the last one stands."""
    first = pages.everything()[0]
    second = _correct(app, first, "Luz Alvares", lead)
    third = _correct(app, second, "Luz Álvarez", lead)
    return [_now(first.id), _now(second.id), third]


def _path(certificate: Certificate, act: str = "revoke") -> str:
    return f"{pages.HERE}/{certificate.id}/{act}"


@pytest.mark.parametrize("act", ["revoke", "correct"])
def test_the_current_ones_pages_list_the_earlier(
    client: FlaskClient, chain: list[Certificate], act: str
) -> None:
    first, second, third = chain
    shown = asking.page(client, _path(third, act))
    assert "Earlier certificates" in shown
    for one in (first, second):
        assert one.serial in shown
        assert f'href="{_path(one)}"' in shown
    assert f'href="{_path(third)}"' not in shown
    assert "Earlier certificates" not in asking.page(
        client,
        _path(
            next(
                row
                for row in pages.everything()
                if row.status is Status.READY and row.registration_id != third.registration_id
            ),
            act,
        ),
    )


def test_a_superseded_one_is_revoked_and_the_current_one_stays(
    client: FlaskClient, chain: list[Certificate]
) -> None:
    first, second, third = chain
    asked = asking.page(client, _path(first))
    assert first.serial in asked
    assert second.serial in asked, "says what took its place, and that it stays"
    asking.send(client, _path(first), reason="not_earned")
    assert [_now(one.id).status for one in chain] == [
        Status.REVOKED,
        Status.SUPERSEDED,
        Status.READY,
    ]
    shown = check_operations.by_token(first.token)
    assert shown is not None
    assert shown.verdict is Verdict.REVOKED
    listed = asking.page(client, _path(third))
    assert first.serial in listed
    assert f'href="{_path(first)}"' not in listed, "revoked is for good"
    asking.page(client, _path(first), 404)


def test_a_superseded_one_is_not_corrected(client: FlaskClient, chain: list[Certificate]) -> None:
    asking.page(client, _path(chain[0], "correct"), 404)


def test_where_the_last_one_was_revoked_the_list_leads_to_the_earlier(
    client: FlaskClient, chain: list[Certificate]
) -> None:
    first, second, third = chain
    assert f'href="{_path(first)}"' not in asking.page(client, pages.HERE)
    asking.send(client, _path(third), reason="not_earned")
    shown = asking.page(client, pages.HERE)
    for one in (first, second):
        assert f'href="{_path(one)}"' in shown
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="UNODC"))
    assert f'href="{_path(first)}"' not in asking.page(client, pages.HERE)


def test_of_an_erased_person_too(client: FlaskClient, chain: list[Certificate]) -> None:
    first, _second, third = chain
    with transaction() as session:
        writes.forget_person(session, third.person_id or "")
    assert f'href="{_path(first)}"' in asking.page(client, _path(third))
    asking.send(client, _path(first), reason="mistake")
    assert _now(first.id).status is Status.REVOKED


def test_only_after_signing_in_again_and_for_the_lead_agency(
    client: FlaskClient, chain: list[Certificate], lead: Viewer
) -> None:
    first = chain[0]
    with clock.shifted(-clock.timedelta(minutes=6)):
        factories.sign_in(client, lead)
    answer = client.post(_path(first), data={"reason": "misuse"})
    assert "again=yes" in answer.location
    assert quote(_path(first), safe="/") in answer.location
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="UNODC"))
    asking.page(client, _path(first), 404)
    assert _now(first.id).status is Status.SUPERSEDED


def test_a_revoked_one_put_back_as_superseded_is_told(
    client: FlaskClient, chain: list[Certificate]
) -> None:
    first = chain[0]
    before = {name: getattr(first, name) for name in ("mac", "ended_at", "ended_reason")}
    asking.send(client, _path(first), reason="not_earned")
    with transaction() as session:  # by somebody who kept the row and reached the database
        session.execute(
            update(Certificate)
            .where(Certificate.id == first.id)
            .values(status=Status.SUPERSEDED, ended_note=None, **before)
        )
    db.session.remove()
    assert _now(first.id).mac == before["mac"], "byte for byte as it was"
    shown = check_operations.by_token(first.token)
    assert shown is not None
    assert shown.verdict is Verdict.UNCONFIRMED
