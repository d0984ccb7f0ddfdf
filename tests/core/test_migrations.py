"""Migrations go up and down with data on both databases, and their head equals the models (S27)."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import Migrate, downgrade, upgrade
from sqlalchemy import inspect

from tests import factories
from trainings.core.config import ROOT
from trainings.core.db import db


def test_head_equals_the_models(each_app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_down_and_up_again_with_data(each_app: Flask) -> None:
    Migrate(each_app, db, directory=str(ROOT / "trainings" / "migrations"), render_as_batch=True)
    factories.course()
    db.session.remove()
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    assert "course" in inspect(db.engine).get_table_names()
