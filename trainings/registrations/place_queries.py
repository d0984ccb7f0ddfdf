"""The order of a reserve list in SQL, and the place that each on it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import LargeBinary, cast, func, select, tuple_

from trainings.core.db import db
from trainings.registrations.listing_rules import RESERVE_ORDER
from trainings.registrations.models import Registration
from trainings.registrations.rules import State


def reserve_key_of(one: Any) -> tuple[Any, ...]:
    """The order of the reserve list in SQL; an id is compared byte by byte, as Python does."""
    return tuple(
        cast(one.id, LargeBinary)
        if key.names == ("id",)
        else func.coalesce(
            *(getattr(one, name) for name in key.names),
            *(() if key.otherwise is None else (key.otherwise,)),
        )
        for key in RESERVE_ORDER
    )


def places(groups: Mapping[tuple[str, str], str]) -> dict[str, int]:
    """The places that all on the reserve list are shown, of these countries and functions.

    ``groups`` says of which course. The same as ``reserve_rules.places``, counted in one go.
    """
    if not groups:
        return {}
    place = func.row_number().over(
        partition_by=(Registration.country, Registration.function),
        order_by=reserve_key_of(Registration),
    )
    rows = db.session.execute(
        select(Registration.id, place)
        .where(
            Registration.course_id.in_(set(groups.values())),
            Registration.state == State.RESERVE,
            tuple_(Registration.country, Registration.function).in_(list(groups)),
        )
        .execution_options(scope="count")
    )
    return {key: int(number) for key, number in rows}
