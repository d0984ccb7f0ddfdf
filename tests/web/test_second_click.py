"""A second click does nothing twice, and says so, even on what the first one took away."""

import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from trainings.core.db import db, form_token, transaction
from trainings.core.permissions import Role
from trainings.courses.models import Room
from trainings.web.forms import Form

ROOT = Path(__file__).parent.parent.parent
SAYS = "This was already done. Nothing was done twice."
# Forms that may be sent any number of times: they say how something is, or end this visit.
STATES = {"base.html"}
TOKEN = r"hidden_tag\(\)|form_token|\{\{ tokens\("  # the last: scheduling/_sent.html


def test_every_form_that_acts_carries_a_token() -> None:
    bare = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL):
            name = str(path.relative_to(ROOT / "templates"))
            download = "data-download" in form  # the same file as often as one likes
            if name not in STATES and not download and not re.search(TOKEN, form):
                bare.append(name)
    assert bare == []


def room(name: str) -> str:
    with transaction() as session:
        made = Room(venue="Centro", name=name)
        session.add(made)
        session.flush()
        return made.id


def test_a_button_pressed_twice_on_what_is_gone(app: Flask, client: FlaskClient) -> None:
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    first, other = room("Aula 1"), room("Aula 2")
    listed = client.get("/rooms").text
    form = re.search(rf'action="/rooms/{first}/remove".*?</form>', listed, re.DOTALL)
    assert form is not None
    token = re.search(r'name="form_token" value="([^"]+)"', form[0])
    assert token is not None
    sent = {"form_token": token[1]}
    removed = client.post(f"/rooms/{first}/remove", data=sent, follow_redirects=True)
    assert "Removed." in removed.text
    again = client.post(f"/rooms/{first}/remove", data=sent, follow_redirects=True)
    assert (again.status_code, again.request.path) == (200, "/rooms")
    assert SAYS in again.text
    # the same token elsewhere is another click; a new one on what is gone finds nothing
    assert client.post(f"/rooms/{other}/remove", data=sent).status_code == 303
    assert client.post(f"/rooms/{first}/remove", data={"form_token": "new"}).status_code == 404


def test_a_form_sent_twice_leads_to_what_was_added(app: Flask, client: FlaskClient) -> None:
    """An empty form again would leave open whether it is there."""
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    sent = {"venue": "Centro", "name": "Aula 1", "seats": "30", "form_token": "one click"}
    assert client.post("/rooms/new", data=sent).location == "/rooms"
    again = client.post("/rooms/new", data=sent, follow_redirects=True)
    assert (again.status_code, again.request.path) == (200, "/rooms")
    assert SAYS in again.text
    assert [one.name for one in db.session.scalars(select(Room))] == ["Aula 1"]


def test_an_invitation_is_sent_again_once_a_click(app: Flask, client: FlaskClient) -> None:
    administrator = factories.account(Role.ADMINISTRATOR)
    factories.sign_in(client, administrator)
    invited = factories.account(Role.ORGANISER, agency="IOM")
    path = f"/staff/{invited.account_id}"
    form = re.search(
        r'action="([^"]+/invit[^"]*)".*?form_token" value="([^"]+)"',
        client.get(path).text,
        re.DOTALL,
    )
    assert form is not None
    client.post(form[1], data={"form_token": form[2]})
    again = client.post(form[1], data={"form_token": form[2]}, follow_redirects=True)
    assert SAYS in again.text
    assert len(factories.mails("staff_invitation")) == 1


def test_a_form_shown_again_after_it_counted_can_be_sent_again(app: Flask) -> None:
    """What a try is counted for, but not granted, comes with a fresh token."""
    with app.test_request_context("/", method="POST", data={"form_token": "first"}):
        form = Form()
        form_token.set("first")
        assert 'value="first.Form"' in str(form.form_token())  # it did not count: the same again
        with transaction():
            pass
        assert 'value="first' not in str(form.form_token())
        assert re.search(r'value="[\w-]{22}\.Form"', str(form.form_token()))


def test_nobody_learns_of_anothers_click(app: Flask, client: FlaskClient) -> None:
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    gone = room("Aula 3")
    client.post(f"/rooms/{gone}/remove", data={"form_token": "seen"})
    stranger = app.test_client()
    factories.sign_in(stranger, factories.account(Role.ORGANISER, agency="UNODC"))
    assert stranger.post(f"/rooms/{gone}/remove", data={"form_token": "seen"}).status_code == 404
