"""Reads the whole register, to compare it with the records kept alongside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import defer

from trainings.core.db import db
from trainings.register.models import Certificate


def in_paces(*, ended: bool = False, pace: int = 500) -> Iterator[Sequence[Certificate]]:
    """Every row, or those with more acts than their issuing, some hundreds at a time."""
    last = ""
    while True:
        statement = select(Certificate).where(Certificate.id > last)
        if ended:
            statement = statement.where(Certificate.acts > 1)
        rows = db.session.scalars(
            statement.options(defer(Certificate.content))
            .order_by(Certificate.id)
            .limit(pace)
            .execution_options(scope="job")
        ).all()
        if not rows:
            return
        last = rows[-1].id
        yield rows
        db.session.expunge_all()


def acts_of_ended() -> dict[str, int]:
    """The number of acts on each certificate that has more than its issuing."""
    rows = db.session.execute(
        select(Certificate.id, Certificate.acts)
        .where(Certificate.acts > 1)
        .execution_options(scope="job")
    )
    return {row.id: row.acts for row in rows}
