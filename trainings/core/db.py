"""The database: the only place that opens and commits a transaction.

See docs/decisions/2026-11-24-foundation.md.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Dialect,
    Insert,
    MetaData,
    ScalarSelect,
    Select,
    String,
    and_,
    func,
    insert,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, Session, mapped_column
from sqlalchemy.types import JSON, TypeDecorator

from trainings.core import clock, connections
from trainings.core.errors import AlreadyDone


class Base(DeclarativeBase):
    """The base of all tables: how their constraints are named."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


_open: ContextVar[bool] = ContextVar("open", default=False)
_FOR_PAGE = "for_page"  # of a session: what was read once for all parts of a page
_READS = "reads"  # of an app's extensions: the engine for what is only read


class ReadingSession(Session):
    """A session that begins no transaction on PostgreSQL for what is only read.

    There each statement sees what is committed, in a transaction or not, so that beginning and
    ending one would only cost two journeys to the server. ``transaction`` begins one.
    """

    def __init__(self, db: SQLAlchemy, **options: Any) -> None:
        """As the extension makes them."""
        super().__init__(**options)
        self._db = db

    def get_bind(self, *_args: Any, **_options: Any) -> Engine:
        """The one engine of the app, or its twin that begins nothing."""
        engine: Engine = self._db.engine if _open.get() else current_app.extensions[_READS]
        return engine

    def close(self) -> None:
        """End what was begun; what was read for the page is forgotten."""
        super().close()
        self.info.pop(_FOR_PAGE, None)


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={"class_": ReadingSession, "expire_on_commit": False, "autoflush": True},
)

if TYPE_CHECKING:

    class Model(Base):
        __abstract__ = True
else:
    Model = db.Model


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: read and written as an aware datetime in UTC, stored without a zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Choice(TypeDecorator[Any]):
    """One of an enum's values: read and written as a member, stored as its word."""

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
    """A random 128-bit identifier (22 characters); knowing it never gives access."""
    return secrets.token_urlsafe(16)


Key = Annotated[str, mapped_column(String(22), primary_key=True, default=new_key)]
Moment = Annotated[datetime, mapped_column(UTCDateTime)]
Localized = Annotated[dict[str, str], mapped_column(JSON)]
Codes = Annotated[list[str], mapped_column(JSON)]


Statement = TypeVar("Statement", bound=Select[Any])
ForOneOrEach = str | InstrumentedAttribute[str]  # a key, or its column: for each row around it


class UsedForm(Model):
    """A form that was sent: sending it again changes nothing."""

    __tablename__ = "used_form"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[Moment]


class Installation(Model):
    """Facts of the installation that must match the database (the keys' fingerprint)."""

    __tablename__ = "installation"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))


form_token: ContextVar[str | None] = ContextVar("form_token", default=None)
_writers = threading.Lock()
_AFTERWARDS, _BEFOREHAND = "afterwards", "beforehand"
_TURN = 20.0  # seconds after which a thread stops queueing, and may be told: busy


@contextmanager
def in_turn() -> Iterator[None]:
    """Wait for a turn to write: SQLite has one writer, so the threads of a process queue here.

    SQLite's own waiting has no order: of many at once, some might never get their turn.
    """
    waits = db.engine.dialect.name == "sqlite"
    mine = waits and _writers.acquire(timeout=_TURN)
    try:
        yield
    finally:
        if mine:
            _writers.release()


@contextmanager
def transaction(others: Collection[str] = ()) -> Iterator[Session]:
    """The one transaction of an operation: all of it happens, or nothing.

    Objects loaded before are stale and are dropped; on SQLite the write lock is taken at once
    (``BEGIN IMMEDIATE``), on PostgreSQL the queries that end in ``_for_update`` lock rows. The form
    token of the request is used up in it, and those of the ``others`` that it serves. Raises
    ``AlreadyDone`` if the same form was sent before, ``RuntimeError`` if transactions would nest.
    """
    if _open.get():
        raise RuntimeError("transaction() does not nest")
    session = db.session()
    session.close()
    acts: list[Callable[[], None]] = []
    session.info[_AFTERWARDS] = acts
    first: list[Callable[[], None]] = []
    session.info[_BEFOREHAND] = first
    mark = _open.set(True)
    try:
        with in_turn():
            try:
                session.connection(execution_options={"write": True})
                token = form_token.get()
                _use(session, [*([token] if token else []), *others])
                yield session
                if first:
                    session.flush()  # let the database refuse before the acts are done
                for act in first:
                    act()
                session.commit()
                form_token.set(None)
            except BaseException:
                session.rollback()
                raise
    finally:
        _open.reset(mark)
    for act in acts:
        _do_afterwards(act)


def give_back() -> None:
    """Give the connection back by which a page has read, so that its next write goes by it.

    Where another has written, SQLite forgets all it holds of the file. Not within a transaction.
    """
    if not _open.get() and db.engine.dialect.name == "sqlite":
        db.session.commit()


def in_transaction() -> bool:
    """Whether this is inside the transaction of an operation, where all is read anew."""
    return _open.get()


def read_for_page(what: str) -> dict[str, Any] | None:
    """What this page has read so far, to be looked up and added to by what it is about.

    None in a transaction, where all is read anew; empty again after one.
    """
    if _open.get():
        return None
    kept: dict[str, dict[str, Any]] = db.session.info.setdefault(_FOR_PAGE, {})
    return kept.setdefault(what, {})


def beforehand(session: Session, act: Callable[[], None]) -> None:
    """Do what must be stored before the open transaction commits, as the last step before it.

    If the transaction is rolled back earlier, it is not done; if it fails, nothing is committed.
    After it only the commit itself can fail, or the process end.
    """
    session.info[_BEFOREHAND].append(act)


def afterwards(session: Session, act: Callable[[], None]) -> None:
    """Do what cannot be undone (remove a file) after the open transaction has committed.

    If it is rolled back, nothing is done; an error here is logged and undoes nothing.
    """
    session.info[_AFTERWARDS].append(act)


def _do_afterwards(act: Callable[[], None]) -> None:
    try:
        act()
    except (OSError, SQLAlchemyError) as fault:
        current_app.logger.error("not done after a commit: %s", type(fault).__name__)


def wipe_log() -> None:
    """Remove earlier states of changed rows from the database's write-ahead log (SQLite).

    The old contents of the rows themselves are overwritten (``secure_delete``).
    """
    if db.engine.dialect.name == "sqlite":
        connection = db.engine.raw_connection()  # outside a transaction
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


def _use(session: Session, tokens: Sequence[str]) -> None:
    if not tokens:
        return
    at = clock.now()
    try:
        insert_rows(session, UsedForm, [{"token": one[:64], "at": at} for one in tokens])
    except IntegrityError:
        raise AlreadyDone from None


def sent_before() -> bool:
    """Whether the form of this request was already accepted in an earlier request."""
    token = form_token.get()
    return token is not None and db.session.get(UsedForm, token[:64]) is not None


def insert_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows by their plain values, all of the same columns: one statement, no objects.

    Flush first what they point to, if the session has yet to write it.
    """
    session.execute(_inserting(model), rows)


def upsert(session: Session, model: type[Base]) -> Any:
    """An insert for which ``on_conflict_do_nothing`` or ``on_conflict_do_update`` can be said."""
    return _upserting(session.get_bind().dialect.name, model)


@cache
def _upserting(dialect: str, model: type[Base]) -> Any:
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(model.__table__)


@cache
def _inserting(model: type[Base]) -> Insert:
    return insert(model.__table__).inline()  # type: ignore[arg-type]


def those_of(
    owner: InstrumentedAttribute[str],
    value: str,
    key: InstrumentedAttribute[str],
    keys: Collection[str] | None,
) -> ColumnElement[bool]:
    """All rows of an owner (of a course), or those of them that have these keys.

    Each of these is looked up by its key: without statistics SQLite would read all of the owner's.
    """
    if keys is None:
        return owner == value
    return and_(key.in_(list(keys)), func.coalesce(owner, "") == value)


def count_of(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many rows meet these conditions, as a part of a statement."""
    return select(func.count()).where(*conditions).scalar_subquery()


def has_any(
    owner: InstrumentedAttribute[str],
    key: InstrumentedAttribute[str],
    *conditions: ColumnElement[bool],
) -> ColumnElement[bool]:
    """Whether what stands around it (a course) owns any rows that meet these conditions.

    ``owner``: their column that says whose they are; ``key``: the column around it. An index leads
    to the rows of each, which are looked at until one meets them. It is said as a range and in
    order: for an equal owner PostgreSQL may go through the rows of all.
    """
    found = select(owner).where(owner.between(key, key), *conditions).order_by(owner)
    return found.limit(1).scalar_subquery().is_not(None)


def for_update(statement: Statement, *of: type[Base]) -> Statement:
    """Lock the rows a statement finds until the transaction ends (PostgreSQL).

    Of a join, those ``of`` these tables, in the order given.
    """
    return statement.with_for_update(of=of or None)


def init_app(app: Flask) -> None:
    """Connect the database from the settings, with what SQLite needs to be safe."""
    settings = app.extensions["settings"]
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    sqlite = {"connect_args": {"timeout": 10}, "pool_use_lifo": True}
    options = sqlite if settings.database_url.startswith("sqlite") else {"pool_size": 10}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    app.extensions[_READS] = engine
    if engine.dialect.name != "sqlite":
        app.extensions[_READS] = engine.execution_options(isolation_level="AUTOCOMMIT")
    connections.look_after(engine)
