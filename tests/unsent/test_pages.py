"""A session ends while a form is open: what was typed is there again after signing in."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.forms_in_pages import Fields, forms_in
from tests.unsent.leaving import after, come_in, opened
from trainings.accounts import profile_operations, staff_operations
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer
from trainings.people.reading import opened as identity
from trainings.unsent.models import UnsentForm
from trainings.web import refill

PAGE = "/profile/details"
TYPED = "Newly-Typed"
BACK = "What you typed is back in the fields"


@pytest.fixture
def ada(app: Flask) -> Viewer:
    app.config["WTF_CSRF_ENABLED"] = True
    made = factories.account(Role.ORGANISER, agency="IOM", name=("Ada", "Ejemplo"))
    factories.set_password(made, "a sentence of fifteen")
    return made


@pytest.fixture
def form(client: FlaskClient, ada: Viewer) -> Fields:
    """The open form, with something typed in it."""
    come_in(client, ada)
    return {**opened(client, PAGE, "family_name"), "family_name": [TYPED]}


def rows() -> list[UnsentForm]:
    return list(db.session.scalars(select(UnsentForm)).all())


def text_of(client: FlaskClient, path: str = PAGE) -> str:
    return client.get(path).get_data(as_text=True)


def test_it_is_back_in_the_form_and_was_not_sent(
    client: FlaskClient, ada: Viewer, form: Fields
) -> None:
    with after(minutes=31):
        answer = client.post(PAGE, data=form)
        assert answer.status_code == 303 and answer.location == f"/sign-in?next={PAGE}"
        assert "We keep it for one hour" in text_of(client, answer.location)
        assert come_in(client, ada, PAGE).location == PAGE
        page = text_of(client)
        assert BACK in page and f'value="{TYPED}"' in page
        assert identity([ada.person_id or ""])[ada.person_id or ""].family_name == "Ejemplo"


def test_it_can_then_be_sent(client: FlaskClient, ada: Viewer, form: Fields) -> None:
    with after(minutes=31):
        client.post(PAGE, data=form)
        come_in(client, ada, PAGE)
        again = opened(client, PAGE, "family_name")
        assert client.post(PAGE, data=again).location == "/profile"
        assert identity([ada.person_id or ""])[ada.person_id or ""].family_name == TYPED


def test_it_is_used_once(client: FlaskClient, ada: Viewer, form: Fields) -> None:
    with after(minutes=31):
        client.post(PAGE, data=form)
        come_in(client, ada, PAGE)
        text_of(client)
        assert rows() == []
        page = text_of(client)
        assert BACK not in page and TYPED not in page


def test_signed_out_elsewhere(client: FlaskClient, ada: Viewer, form: Fields) -> None:
    profile_operations.end_other_sessions(ada.account_id or "", but=None)
    client.post(PAGE, data=form)
    come_in(client, ada, PAGE)
    assert TYPED in text_of(client)


def test_in_another_browser_too(client: FlaskClient, ada: Viewer, form: Fields) -> None:
    """The mail with the link may open on the phone."""
    with after(minutes=31):
        client.post(PAGE, data=form)
        phone = client.application.test_client()
        assert come_in(phone, ada).location == PAGE  # no other way was asked for
        assert TYPED in text_of(phone)


def test_nobody_else_sees_it(client: FlaskClient, ada: Viewer, form: Fields) -> None:
    with after(minutes=31):
        client.post(PAGE, data=form)
        come_in(client, factories.account(Role.ORGANISER, agency="IOM"), PAGE)
        page = text_of(client)
        assert TYPED not in page and BACK not in page
        assert len(rows()) == 1


def test_after_an_hour_it_is_gone(client: FlaskClient, ada: Viewer, form: Fields) -> None:
    with after(minutes=31):
        client.post(PAGE, data=form)
    with after(minutes=92):
        come_in(client, ada, PAGE)
        assert TYPED not in text_of(client)


def test_the_hour_counts_where_one_signs_in_before_its_end(
    client: FlaskClient, ada: Viewer, form: Fields
) -> None:
    with after(minutes=31):
        client.post(PAGE, data=form)
    with after(minutes=85):
        come_in(client, ada, PAGE)
    with after(minutes=92):
        assert TYPED not in text_of(client)


@pytest.mark.parametrize("cookie", [None, "planted", "live"])
def test_nothing_is_kept_for_a_stranger(client: FlaskClient, form: Fields, cookie: str) -> None:
    """No cookie, one of no session, one of another's ended session."""
    stranger = client.application.test_client()
    if cookie == "planted":
        stranger.set_cookie("session_id", "n" * 43)
    with after(minutes=31):
        if cookie == "live":
            come_in(stranger, factories.account(Role.ANALYST))
    with after(minutes=70):
        answer = stranger.post(PAGE, data=form)
    assert TYPED not in answer.get_data(as_text=True) and rows() == []


def test_a_form_without_the_token_of_the_session_is_not_kept(
    client: FlaskClient, form: Fields
) -> None:
    """It may come from another site."""
    with after(minutes=31):
        client.post(PAGE, data={**form, "csrf_token": "IjAwMDAi.aaaaaa.bbbbbbbbbbb"})
    assert rows() == []


def test_what_is_too_long_is_not_kept_and_it_is_said(client: FlaskClient, form: Fields) -> None:
    with after(minutes=31):
        sent = {**form, "family_name": "x" * 64 * 1024}
        way = client.post(PAGE, data=sent).location
        assert rows() == [] and "too long for us to keep" in text_of(client, way)


def test_a_button_alone_keeps_nothing(client: FlaskClient, form: Fields) -> None:
    with after(minutes=31):
        sent = {name: form[name] for name in ("csrf_token", "form_token")}
        way = client.post("/profile/sessions/end", data=sent).location
        assert rows() == [] and "nothing was saved" in text_of(client, way)


def test_a_closed_account_keeps_nothing(client: FlaskClient, ada: Viewer, form: Fields) -> None:
    boss = factories.account(Role.ADMINISTRATOR)
    staff_operations.switch_off(ada.account_id or "", by=boss.account_id or "")
    client.post(PAGE, data=form)
    assert rows() == []


def test_passwords_are_never_kept(client: FlaskClient, ada: Viewer) -> None:
    come_in(client, ada)
    form = opened(client, "/profile/password", "present")
    secrets = {name: [f"my secret {name}"] for name in ("present", "password", "repeated")}
    with after(minutes=31):
        client.post("/profile/password", data={**form, **secrets})
        kept = [refill.newest(row.account_id) for row in rows()]
        assert "my secret" not in str(kept)


def test_it_is_sealed_at_rest(app: Flask, client: FlaskClient, form: Fields) -> None:
    with after(minutes=31):
        client.post(PAGE, data=form)
    (row,) = rows()
    assert TYPED.encode() not in row.content and PAGE not in row.page
    db.session.remove()
    for file in app.extensions["settings"].instance.glob("trainings.sqlite*"):
        assert TYPED.encode() not in file.read_bytes()


def test_a_form_open_in_a_second_window_comes_back_too(
    client: FlaskClient, ada: Viewer, form: Fields
) -> None:
    """Signed in again in the meantime, in another window: the form is still of the old session."""
    with after(minutes=31):
        come_in(client, ada)
        answer = client.post(PAGE, data=form)
        assert answer.status_code == 303 and answer.location == PAGE
        assert TYPED in text_of(client)


def test_in_a_second_window_of_somebody_else_it_does_not(client: FlaskClient, form: Fields) -> None:
    with after(minutes=31):
        come_in(client, factories.account(Role.ORGANISER, agency="IOM"))
        assert client.post(PAGE, data=form).status_code == 400
        assert rows() == [] and TYPED not in text_of(client)


def test_what_changed_meanwhile_is_asked_about(
    client: FlaskClient, ada: Viewer, form: Fields
) -> None:
    """The form comes back with the marks of what it showed then."""
    with after(minutes=31):
        client.post(PAGE, data=form)
        profile_operations.change_details(ada.account_id or "", "Ada", "Otherwise", "en")
        come_in(client, ada, PAGE)
        again = opened(client, PAGE, "family_name")
        assert again["version"] == form["version"]
        answer = client.post(PAGE, data=again).get_data(as_text=True)
        assert "Somebody else changed this" in answer and "Otherwise" in answer


def test_it_can_be_lost_twice(client: FlaskClient, ada: Viewer, form: Fields) -> None:
    """Sending it again while signed out keeps the newest; the form still counts once."""
    with after(minutes=31):
        client.post(PAGE, data=form)
        client.post(PAGE, data={**form, "family_name": ["Newest"]})
        assert len(rows()) == 1
        come_in(client, ada, PAGE)
        assert "Newest" in text_of(client)


def test_the_sentences_are_in_the_readers_language(
    client: FlaskClient, ada: Viewer, form: Fields
) -> None:
    said = {
        "es": "lo que escribió está de nuevo en los campos",
        "fr": "ce que vous avez saisi est de nouveau dans les champs",
        "pt_BR": "o que você digitou está de volta nos campos",
    }
    for language, words in said.items():
        with after(minutes=31):
            profile_operations.end_other_sessions(ada.account_id or "", but=None)
            client.post(PAGE, data=form)
            come_in(client, ada, PAGE)
            client.set_cookie("language", language)
            page = text_of(client)
            assert words in page.lower()
            form = {**opened(client, PAGE, "family_name"), "family_name": [TYPED]}


def test_a_person_without_a_password_is_led_to_the_link(client: FlaskClient, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    ana = factories.account(mail="ana@police.example", name=("Ana", "Prueba"))
    come_in(client, ana)
    form = opened(client, PAGE, "language")
    with after(minutes=31):
        way = client.post(PAGE, data=form).location
        assert way == f"/sign-in/link?next={PAGE}"
        page = text_of(client, way)
        assert "What is your email address?" in page and 'type="password"' not in page


def test_the_pages_of_participants_lead_strangers_to_the_link(client: FlaskClient) -> None:
    for path in ("/my/registrations", "/my/certificates"):
        assert client.get(path).location == f"/sign-in/link?next={path}"
    assert client.get("/courses/new").location == "/sign-in?next=/courses/new"


def send_in_parts(client: FlaskClient, form: Fields) -> str:
    """Send a form with a part that has no name; gives where it leads."""
    parts = ["", *(f'; name="{name}"' for name in form)]
    values = ["nameless", *(values[0] for values in form.values())]
    body = "".join(
        f"--b\r\nContent-Disposition: form-data{part}\r\n\r\n{value}\r\n"
        for part, value in zip(parts, values, strict=True)
    )
    answer = client.post(
        PAGE, data=f"{body}--b--\r\n".encode(), content_type="multipart/form-data; boundary=b"
    )
    return answer.location


def test_a_part_without_a_name_does_no_harm(client: FlaskClient, ada: Viewer, form: Fields) -> None:
    with after(minutes=31):
        assert send_in_parts(client, form) == f"/sign-in?next={PAGE}"
        come_in(client, ada, PAGE)
        assert send_in_parts(client, opened(client, PAGE, "family_name")) == "/profile"
    assert identity([ada.person_id or ""])[ada.person_id or ""].family_name == TYPED


def test_a_browser_that_was_closed_in_between_is_known_by_its_session(
    client: FlaskClient, ada: Viewer, form: Fields
) -> None:
    """The visit's cookie ends with the browser, that of the session does not."""
    client.delete_cookie("visit")
    with after(hours=13):  # the next morning, the session's twelve hours over
        answer = client.post(PAGE, data=form)
        assert answer.location == f"/sign-in?next={PAGE}"
        come_in(client, ada, PAGE)
        assert TYPED in text_of(client)


def test_files_are_not_kept_and_it_is_said(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    boss = factories.account(Role.ADMINISTRATOR)
    factories.set_password(boss, "a sentence of fifteen")
    come_in(client, boss)
    path = "/agencies/IOM/mark"
    page = client.get(path).get_data(as_text=True)
    form = next(one for one, _texts in forms_in(page) if "." in one.get("form_token", [""])[0])
    picture = (io.BytesIO(b"a picture of the agency"), "secret-logo.png")
    with after(minutes=31):
        client.post(path, data={**form, "picture": picture, "said": "Some words"})
        assert [row for row in rows() if b"logo" in row.content] == []
        kept = str([refill.newest(row.account_id) for row in rows()])
        assert "a picture" not in kept and "secret-logo" not in kept and "Some words" in kept
        come_in(client, boss, path)
        assert "Choose the files again." in text_of(client, path)


def test_what_cannot_be_put_back_is_shown_to_be_copied(
    client: FlaskClient, ada: Viewer, form: Fields
) -> None:
    with after(minutes=31):
        unknown = {**form, "form_token": "abc.FormOfBefore", "family_name": "two words"}
        client.post(PAGE, data=unknown)
        come_in(client, ada, PAGE)
        page = text_of(client)
        assert "Copy what you wrote from below" in page and ">two words</textarea>" in page
        assert 'value="two words"' not in page
