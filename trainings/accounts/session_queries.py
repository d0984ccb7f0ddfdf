"""Looks up the sessions of signed-in people: live ones, and those that ended a while ago."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Update,
    and_,
    bindparam,
    not_,
    or_,
    select,
    update,
)

from trainings.accounts.models import Account, AccountGrant, WebSession
from trainings.accounts.queries import HELD, WHO, as_viewer, live_grants, ours, token_hash
from trainings.accounts.rules import IDLE, IDLE_STAYING, LEFT_FOR, may_stay, same
from trainings.core import clock
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer

_When = datetime | BindParameter[Any]


def session_with(token: str, at: datetime) -> tuple[Viewer, datetime] | None:
    """Who the active session of a cookie belongs to, and when it was last noted as in use."""
    since = {"in_use_since": at - IDLE, "staying_since": at - IDLE_STAYING}
    asked = token_hash(token)
    rows = db.session.execute(_PRESENT, {"token": asked, "now": at, **since}).all()
    if not rows:
        return None
    one = rows[0]
    said = {"id": one.session_id, "token_hash": asked, "account_id": one.account_id}
    if not ours(WebSession, one.session_id, same(one.session_code, WebSession.code_for(said))):
        return None
    viewer = as_viewer(rows, session_id=one.session_id, confirmed_at=one.confirmed_at)
    return None if viewer is None else (viewer, one.seen_at)


def _live(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """That a session has not ended: not signed out, not too old, not idle for too long."""
    return _live_since(at, at - IDLE, at - IDLE_STAYING)


def _live_since(now: _When, in_use: _When, staying: _When) -> tuple[ColumnElement[bool], ...]:
    used = or_(WebSession.seen_at >= in_use, and_(WebSession.stays, WebSession.seen_at >= staying))
    return (WebSession.ended_at.is_(None), WebSession.ends_at > now, used)


_PRESENT = (  # built once, as every request asks it
    select(
        *(WebSession.id.label("session_id"), WebSession.code.label("session_code")),
        *(WebSession.seen_at, WebSession.confirmed_at, *WHO),
    )
    .join(Account, Account.id == WebSession.account_id)
    .outerjoin(AccountGrant, HELD)
    .where(
        WebSession.token_hash == bindparam("token"),
        *_live_since(bindparam("now"), bindparam("in_use_since"), bindparam("staying_since")),
        Account.disabled_at.is_(None),
    )
)


def ended_session(token: str, at: datetime) -> tuple[WebSession, Account] | None:
    """The session of a cookie if it has ended, with its account if that can still sign in."""
    row = db.session.execute(
        select(WebSession, Account)
        .join(Account, Account.id == WebSession.account_id)
        .where(
            WebSession.token_hash == token_hash(token),
            not_(and_(*_live(at))),
            Account.disabled_at.is_(None),
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def session_left(session_id: str, at: datetime) -> tuple[WebSession, Account] | None:
    """A session that was signed out of within the hour, with its account if that can sign in."""
    row = db.session.execute(
        select(WebSession, Account)
        .join(Account, Account.id == WebSession.account_id)
        .where(
            WebSession.id == session_id,
            WebSession.ended_at > at - LEFT_FOR,
            Account.disabled_at.is_(None),
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def ended_sessions(account_id: str, at: datetime) -> Sequence[str]:
    """The ids of an account's sessions that have ended, the last first; at most twenty."""
    return db.session.scalars(
        select(WebSession.id)
        .where(WebSession.account_id == account_id, not_(and_(*_live(at))))
        .order_by(WebSession.started_at.desc(), WebSession.id)
        .limit(20)
    ).all()


def may_stay_signed_in(account_id: str) -> bool:
    """Whether the roles of an account let it stay signed in on its own device."""
    return may_stay(Role(grant.role) for grant in live_grants(account_id))


def live_sessions(account_id: str) -> Sequence[WebSession]:
    """The browsers in which an account is signed in, the most recently seen first."""
    return db.session.scalars(
        select(WebSession)
        .where(WebSession.account_id == account_id, *_live(clock.now()))
        .order_by(WebSession.seen_at.desc(), WebSession.id)
    ).all()


def seen_now(session_id: str, at: datetime) -> Update:
    """The statement that records that a session is in use, if it is still active."""
    return update(WebSession).where(WebSession.id == session_id, *_live(at)).values(seen_at=at)
