"""Looks up the forms kept for an account, for an hour at most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from trainings.core import clock, sealed
from trainings.core.db import db
from trainings.unsent.models import UnsentForm
from trainings.unsent.rules import LIFETIME, place
from trainings.web.refill import Waiting


def page_index(page: str) -> str:
    """What finds the form of a page again; does not reveal the page."""
    return sealed.blind_index("page", page)


def newest(account_id: str) -> Waiting | None:
    """The form that was kept last for an account."""
    return _opened(_kept(account_id).limit(1))


def of_page(account_id: str, page: str) -> Waiting | None:
    """The form kept for an account and a page."""
    return _opened(_kept(account_id).where(UnsentForm.page == page_index(page)))


def of_account(account_id: str) -> Sequence[UnsentForm]:
    """All forms kept for an account, the newest first, however old."""
    return db.session.scalars(
        select(UnsentForm)
        .where(UnsentForm.account_id == account_id)
        .order_by(UnsentForm.kept_at.desc(), UnsentForm.id)
    ).all()


def _kept(account_id: str) -> Select[Any]:
    since = clock.now() - LIFETIME
    return (
        select(UnsentForm)
        .where(UnsentForm.account_id == account_id, UnsentForm.kept_at > since)
        .order_by(UnsentForm.kept_at.desc(), UnsentForm.id)
    )


def _opened(statement: Select[Any]) -> Waiting | None:
    found: UnsentForm | None = db.session.scalar(statement)
    if found is None:
        return None
    content = sealed.unseal(found.content, place(found.id, found.account_id, found.session_id))
    return Waiting(found.id, content, found.kept_at + LIFETIME)
