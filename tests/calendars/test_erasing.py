"""Who is erased has no calendar any more."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from tests import factories
from trainings.calendars import operations
from trainings.calendars.models import CalendarLink
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.privacy import erasing_operations
from trainings.privacy.rules import Reason


def test_the_link_of_an_erased_person_is_gone(each_app: Flask) -> None:
    who, officer = factories.account(staff=False), factories.account(Role.DATA_PROTECTION)
    token = operations.make_link(who)
    assert each_app.test_client().get(f"/calendar/{token}.ics").status_code == 200
    erasing_operations.erase(who.person_id or "", Reason.ASKED, "Ejemplo", officer)
    assert db.session.scalars(select(CalendarLink)).all() == []
    assert each_app.test_client().get(f"/calendar/{token}.ics").status_code == 404
