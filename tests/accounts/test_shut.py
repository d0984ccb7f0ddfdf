"""What changes who may come in shuts every way in that was open: sessions and emailed links."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from tests import factories, racing
from trainings.accounts import (
    operations,
    profile_operations,
    queries,
    session_queries,
    staff_operations,
    writes,
)
from trainings.accounts.rules import INVITATION, PASSWORD, SIGN_IN, LinkExpired, Scope
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer
from trainings.planning import setting_operations

OLD, NEW = "an old sentence to know", "a new sentence to learn"
PURPOSES = (SIGN_IN, PASSWORD, "trainer", "certificate")


def _set_by_link(bea: Viewer, _by: str) -> None:
    operations.set_password(factories.link(bea, PASSWORD), NEW, NEW, operations.Browser())


def _change(bea: Viewer, _by: str) -> None:
    profile_operations.change_password(bea.account_id or "", OLD, NEW, NEW, keep_session=None)


def _give(bea: Viewer, by: str) -> None:
    staff_operations.give(bea.account_id or "", Role.DATA_PROTECTION, Scope(), by=by)


def _take(bea: Viewer, by: str) -> None:
    (grant,) = queries.live_grants(bea.account_id or "")
    staff_operations.take(bea.account_id or "", grant.id, by=by)


def _give_course(bea: Viewer, _by: str) -> None:
    factories.course()
    lead = factories.account(Role.ORGANISER, agency="IOM")
    setting_operations.give_role(lead, "BUE27", "bea@staff.example")


def _switch_off_and_on(bea: Viewer, by: str) -> None:
    staff_operations.switch_off(bea.account_id or "", by=by)
    staff_operations.switch_on(bea.account_id or "", by=by)


ACTS = (_set_by_link, _change, _give, _take, _give_course, _switch_off_and_on)


def made_staff() -> Viewer:
    bea = factories.account(Role.ANALYST, mail="bea@staff.example", name=("Bea", "Muster"))
    factories.set_password(bea, OLD)
    return bea


def administrator() -> str:
    return factories.account(Role.ADMINISTRATOR).account_id or ""


@pytest.mark.parametrize("act", ACTS)
def test_links_made_before_open_nothing(
    each_app: Flask, act: Callable[[Viewer, str], None]
) -> None:
    bea, by = made_staff(), administrator()
    made = {purpose: factories.link(bea, purpose) for purpose in PURPOSES}
    act(bea, by)
    open_still = []
    for purpose, token in made.items():
        client = each_app.test_client()
        assert client.get(f"/sign-in/link/{token}").status_code == 410, purpose
        client.post(f"/sign-in/link/{token}", data={"password": NEW, "repeated": NEW})
        if client.get("/profile").status_code == 200:
            open_still.append(purpose)
    assert open_still == []
    with pytest.raises(LinkExpired):
        operations.sign_in_by_link(made[SIGN_IN], operations.Browser())


@pytest.mark.parametrize("act", ACTS)
def test_browsers_signed_in_before_are_signed_out(
    client: FlaskClient, app: Flask, act: Callable[[Viewer, str], None]
) -> None:
    bea, by = made_staff(), administrator()
    factories.sign_in(client, bea)
    assert client.get("/profile").status_code == 200
    act(bea, by)
    assert client.get("/profile").status_code == 303


def test_links_of_others_and_later_ones_work(client: FlaskClient, app: Flask) -> None:
    bea, other = made_staff(), factories.account()
    theirs = factories.link(other)
    _change(bea, "")
    later = factories.link(bea)
    for token in (theirs, later):
        assert app.test_client().post(f"/sign-in/link/{token}").status_code == 303


def test_the_page_of_a_void_link_offers_a_new_one(client: FlaskClient, app: Flask) -> None:
    bea = made_staff()
    token = factories.link(bea)
    _change(bea, "")
    page = client.get(f"/sign-in/link/{token}")
    assert b"This link has expired" in page.data and b"Email me a new link" in page.data
    assert client.post(f"/sign-in/link/{token}/renew").status_code == 303
    assert [mail.recipient for mail in factories.mails()] == ["bea@staff.example"]


@pytest.mark.parametrize("act", [_give, _take, _switch_off_and_on])
def test_who_has_not_come_in_yet_is_invited_anew(
    app: Flask, act: Callable[[Viewer, str], None]
) -> None:
    """Their invitation is void with the other links, and they have no password to sign in with."""
    bea, by = factories.account(Role.ANALYST, mail="bea@staff.example"), administrator()
    first = factories.link(bea, INVITATION)
    act(bea, by)
    mails = factories.mails("staff_invitation")
    assert [mail.recipient for mail in mails] == ["bea@staff.example"]
    with pytest.raises(LinkExpired):
        operations.set_password(first, NEW, NEW, operations.Browser())


def test_who_has_a_password_is_not_invited_anew(app: Flask) -> None:
    _give(made_staff(), administrator())
    assert factories.mails("staff_invitation") == []


def race(app: Flask, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], int]:
    """A password is changed while an old link is signing in; how many are signed in then."""
    bea = made_staff()
    token = factories.link(bea)
    start, answers = writes.start_session, []

    def change() -> None:
        answers.append(racing.outcome(app, lambda: _change(bea, "")))

    def slow_start(*args: Any, **values: Any) -> str:
        other = threading.Thread(target=change)
        other.start()
        racing.wait_until(lambda: not other.is_alive())
        threads.append(other)
        return start(*args, **values)

    threads: list[threading.Thread] = []
    with monkeypatch.context() as patch:
        patch.setattr(writes, "start_session", slow_start)
        come_in = lambda: operations.sign_in_by_link(token, operations.Browser())  # noqa: E731
        answers.append(racing.outcome(app, come_in))
        for thread in threads:
            thread.join()
    db.session.close()
    return answers, len(session_queries.live_sessions(bea.account_id or ""))


def test_a_link_in_use_while_the_password_changes_leaves_nobody_in(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, signed_in = race(each_app, monkeypatch)
    assert signed_in == 0, answers
    assert len(answers) == 2 and None in answers, answers


def test_without_the_lock_somebody_stays_in(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    racing.take_locks_off(monkeypatch, queries)
    answers, signed_in = race(each_app, monkeypatch)
    if db.engine.dialect.name == "postgresql":
        assert signed_in == 1, answers
    else:  # SQLite notices that the second wrote on an old view, and can only give up
        assert any(isinstance(answer, OperationalError) for answer in answers), answers
