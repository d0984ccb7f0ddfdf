"""A focal point names a prosecutor or judge, who keeps the country's laws and sees nobody."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.legislation import keeping
from tests.legislation.keeping import PLACE, answer
from trainings.accounts import queries as accounts
from trainings.accounts.rules import GrantHeld, MailTaken
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.legislation import operations, queries
from trainings.legislation.operations import Who
from trainings.people.models import IdentityRead

PAGE = "/legislation/correspondents"
LUZ = Who("Luz", "Prueba", "luz@fiscalia.example", "es")


def viewer(account_id: str) -> Viewer:
    found = accounts.viewer_of(account_id)
    assert found is not None
    return found


def test_named_invited_and_removed(each_app: Flask) -> None:
    keeping.bolivia()
    client = each_app.test_client()
    factories.sign_in(client, keeping.focal_point())
    assert "Nobody yet" in client.get(PAGE).text
    assert "Enter their name." in client.post(PAGE, data={"country": "BO"}).text
    typed = {
        "given_name": "Luz",
        "family_name": "Prueba",
        "mail": "luz@fiscalia.example",
        "country": "BO",
        "language": "es",
    }
    assert client.post(PAGE, data={**typed, "country": "PE"}).status_code == 200
    assert client.post(PAGE, data=typed).status_code == 303
    assert len(factories.mails("staff_invitation")) == 1
    page = client.get(PAGE).text
    assert "Luz Prueba" in page
    db.session.close()
    purposes = db.session.scalars(select(IdentityRead.purpose)).all()
    assert "legal correspondents" in purposes, "each look at a name is logged"
    (named,) = queries.correspondents(["BO"])
    operations.propose(PLACE, answer("Better said."), viewer(named.account_id))
    assert client.post(f"{PAGE}/{named.grant_id}/end").status_code == 303
    assert queries.correspondents(["BO"]) == []
    with pytest.raises(NotFound):
        operations.propose(PLACE, answer("Once more."), viewer(named.account_id))


def test_only_for_ones_own_country(each_app: Flask) -> None:
    bolivia, peru = keeping.focal_point(), keeping.focal_point("PE")
    operations.name_correspondent("BO", LUZ, bolivia)
    (named,) = queries.correspondents(["BO"])
    for act in (
        lambda: operations.name_correspondent("BO", LUZ, peru),
        lambda: operations.name_correspondent("BO", LUZ, keeping.organiser()),
        lambda: operations.remove_correspondent(named.grant_id, peru),
        lambda: operations.remove_correspondent("of-nothing", bolivia),
    ):
        with pytest.raises(NotFound):
            act()
    client = each_app.test_client()
    for reader, shown in ((bolivia, True), (peru, False)):
        factories.sign_in(client, reader)
        assert ("Luz Prueba" in client.get(PAGE).text) is shown


def test_the_same_person_once_and_the_address_of_another_never(each_app: Flask) -> None:
    by = keeping.focal_point()
    operations.name_correspondent("BO", LUZ, by)
    with pytest.raises(GrantHeld):
        operations.name_correspondent("BO", LUZ, by)
    with pytest.raises(MailTaken):
        operations.name_correspondent("BO", LUZ._replace(given_name="Ana"), by)
    staff = factories.account(Role.ANALYST, name=("Ana", "Otra"), mail="ana@unit.example")
    named = operations.name_correspondent("BO", Who("Ana", "Otra", "ana@unit.example", "es"), by)
    assert named == staff.account_id, "who works here already keeps their account"


def test_a_correspondent_sees_the_laws_and_no_people(each_app: Flask) -> None:
    factories.course()
    client = each_app.test_client()
    factories.sign_in(client, keeping.correspondent())
    assert client.get("/legislation").status_code == 200
    for path in ("/courses/BUE27/desk", "/courses/BUE27/registrations", "/trainers", PAGE):
        assert client.get(path).status_code == 404, path
