"""The register of which the check page speaks."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.certificates import graduates
from tests.certificates.conftest import engine, issued, told
from tests.certificates.paper import Paper
from trainings.certificates import operations, rendering_operations
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.register.models import Certificate

__all__ = ["engine", "issued", "told"]


@pytest.fixture
def row(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    """María José's certificate, ready."""
    monkeypatch.setattr(rendering_operations, "workers", lambda: Paper())
    course_id = graduates.course_of(graduates.NAMES[:1])
    operations.issue_for_course(course_id, factories.account(Role.ORGANISER, agency="IOM"))
    rendering_operations.render(course_id)
    db.session.remove()
    return db.session.scalars(select(Certificate).execution_options(scope="operation")).one()
