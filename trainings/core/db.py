"""The database: the only place that opens and commits a transaction."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, MetaData, Select, String, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import JSON, TypeDecorator

from trainings.core import clock
from trainings.core.errors import AlreadyDone


class Base(DeclarativeBase):
    """What all tables share: how their constraints are named."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={"expire_on_commit": False, "autoflush": True},
)

if TYPE_CHECKING:

    class Model(Base):
        __abstract__ = True
else:
    Model = db.Model


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: given and returned aware, in UTC; stored without a zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Choice(TypeDecorator[Any]):
    """One of an enum's values: given and returned as its member, stored as its word."""

    impl = String
    cache_ok = True

    def __init__(self, choices: type[StrEnum], length: int) -> None:
        super().__init__(length)
        self.choices = choices
        self.length = length

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.choices(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.choices(value)


def new_key() -> str:
    """A random 128-bit identifier (22 characters): knowing one is never permission."""
    return secrets.token_urlsafe(16)


Key = Annotated[str, mapped_column(String(22), primary_key=True, default=new_key)]
Moment = Annotated[datetime, mapped_column(UTCDateTime)]
Localized = Annotated[dict[str, str], mapped_column(JSON)]
Codes = Annotated[list[str], mapped_column(JSON)]


Statement = TypeVar("Statement", bound=Select[Any])


class UsedForm(Model):
    """A form that was sent: its second sending changes nothing."""

    __tablename__ = "used_form"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[Moment]


class Installation(Model):
    """Facts of the installation that the database must agree with (the keys' fingerprint)."""

    __tablename__ = "installation"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))


form_token: ContextVar[str | None] = ContextVar("form_token", default=None)
_open: ContextVar[bool] = ContextVar("open", default=False)
_writers = threading.Lock()
_AFTERWARDS = "afterwards"
_TURN = 20.0  # seconds after which one tries without a turn, and may be told that it is busy


@contextmanager
def in_turn() -> Iterator[None]:
    """Write when it is one's turn: SQLite has one writer, so the threads of a process queue here.

    Its own waiting knows no order: of many at once some would wait in vain.
    """
    waits = db.engine.dialect.name == "sqlite"
    mine = waits and _writers.acquire(timeout=_TURN)
    try:
        yield
    finally:
        if mine:
            _writers.release()


@contextmanager
def transaction() -> Iterator[Session]:
    """The one transaction of an operation: all of it happens, or nothing.

    What was loaded before is stale and is dropped; on SQLite the write lock is taken at once
    (``BEGIN IMMEDIATE``), on PostgreSQL rows are locked by the queries that end in
    ``_for_update``. A form token of the request is used up in it. Raises ``AlreadyDone`` where
    the same form was sent before, ``RuntimeError`` where transactions would nest.
    """
    if _open.get():
        raise RuntimeError("transaction() does not nest")
    session = db.session()
    session.close()
    acts: list[Callable[[], None]] = []
    session.info[_AFTERWARDS] = acts
    mark = _open.set(True)
    try:
        with in_turn():
            try:
                session.connection(execution_options={"write": True})
                token = form_token.get()
                if token is not None:
                    _use(session, token)
                yield session
                session.commit()
                form_token.set(None)
            except BaseException:
                session.rollback()
                raise
    finally:
        _open.reset(mark)
    for act in acts:
        _do_afterwards(act)


def afterwards(session: Session, act: Callable[[], None]) -> None:
    """Do what cannot be taken back (a file removed) once the open transaction has committed.

    Where it is rolled back nothing is done; a fault of it is logged and undoes nothing.
    """
    session.info[_AFTERWARDS].append(act)


def _do_afterwards(act: Callable[[], None]) -> None:
    try:
        act()
    except (OSError, SQLAlchemyError) as fault:
        current_app.logger.error("not done after a commit: %s", type(fault).__name__)


def wipe_log() -> None:
    """Let no earlier state of a changed row linger in the database's log of changes (SQLite).

    What stood in the rows themselves is overwritten with them (``secure_delete``).
    """
    if db.engine.dialect.name == "sqlite":
        connection = db.engine.raw_connection()  # not within a transaction
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


def _use(session: Session, token: str) -> None:
    session.add(UsedForm(token=token[:64], at=clock.now()))
    try:
        session.flush()
    except IntegrityError:
        raise AlreadyDone from None


def sent_before() -> bool:
    """Whether the form of this request counted already, in an earlier request."""
    token = form_token.get()
    return token is not None and db.session.get(UsedForm, token[:64]) is not None


def for_update(statement: Statement) -> Statement:
    """Lock the rows a statement finds until the transaction ends (PostgreSQL)."""
    return statement.with_for_update()


def init_app(app: Flask) -> None:
    """Bind the database of the settings, with what SQLite needs to be safe."""
    settings = app.extensions["settings"]
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    if settings.database_url.startswith("sqlite"):
        settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": {"timeout": 10}}
    else:
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_pre_ping": True, "pool_size": 10}
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _configure_sqlite)
            event.listen(db.engine, "begin", _begin_sqlite)


def _configure_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",
        "secure_delete=ON",
        "busy_timeout=10000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def engine() -> Engine:
    """The engine of the running installation."""
    return db.engine
