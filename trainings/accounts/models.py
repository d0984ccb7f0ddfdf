"""Accounts, sessions, links, grants, agencies."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, LargeBinary, String, event, inspect, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from trainings.accounts.rules import code_of, same
from trainings.core.db import Codes, Key, Localized, Model, Moment, UTCDateTime


class Agency(Model):
    """An organisation that runs courses: its name per language, a colour, a neutral mark."""

    __tablename__ = "agency"
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(12), unique=True)
    position: Mapped[int]
    short_names: Mapped[Localized]
    names: Mapped[Localized]
    colour: Mapped[str] = mapped_column(String(7))
    mark_file: Mapped[str | None] = mapped_column(String(40))  # none: a neutral sign
    mark_key: Mapped[bytes | None] = mapped_column(LargeBinary)  # agency|mark_key|id


class Door:
    """A row that lets somebody in, and counts only with the code that we gave it.

    Who writes to the database without the keys of the installation makes no code. See
    docs/decisions/2026-11-30-doors.md.
    """

    __tablename__: str
    SAYS: ClassVar[Mapping[str, tuple[str, ...]]]  # by the column of each code, what it stands for

    @classmethod
    def code_for(cls, said: Mapping[str, Any], column: str = "code") -> str:
        """The code of a row that says this, by the names of its columns."""
        return code_of(cls.__tablename__, *(said[name] for name in cls.SAYS[column]))

    def right_code(self, column: str) -> str:
        """The code of what the row says."""
        return self.code_for({name: getattr(self, name) for name in self.SAYS[column]}, column)

    def is_ours(self) -> bool:
        """Whether what the row says is what we wrote."""
        return all(same(getattr(self, column), self.right_code(column)) for column in self.SAYS)


class Account(Door, Model):
    """A person who can sign in: staff with a password, others by emailed link."""

    __tablename__ = "account"
    SAYS: ClassVar = {
        "code": ("id", "person_id", "mail_index", "staff"),
        "password_code": ("id", "password_hash"),
    }
    __table_args__ = (
        # a password opens one account: addresses that several people share have no password
        Index(
            "uq_account_staff_mail",
            "mail_index",
            unique=True,
            sqlite_where=text("staff"),
            postgresql_where=text("staff"),
        ),
    )

    id: Mapped[Key]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), unique=True)
    mail_index: Mapped[str] = mapped_column(String(32), index=True)
    staff: Mapped[bool] = mapped_column(default=False)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5), default="")
    created_at: Mapped[Moment]
    disabled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    code: Mapped[str] = mapped_column(String(64), default="")
    password_code: Mapped[str] = mapped_column(String(64), default="")


class WebSession(Door, Model):
    """One signed-in browser; only the SHA-256 of its cookie is stored."""

    __tablename__ = "web_session"
    SAYS: ClassVar = {"code": ("id", "token_hash", "account_id")}
    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    started_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    ends_at: Mapped[Moment]  # the absolute end, twelve hours after the start
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    stays: Mapped[bool] = mapped_column(default=False)  # on their own device, by choice
    confirmed_at: Mapped[Moment]  # when the password was last entered (step-up)
    device: Mapped[str] = mapped_column(String(80), default="")  # browser and system, in words
    code: Mapped[str] = mapped_column(String(64), default="")


class AccountGrant(Door, Model):
    """A role given to an account, with the scope in which it applies."""

    __tablename__ = "account_grant"
    SAYS: ClassVar = {
        "code": (
            *("id", "account_id", "role", "agency_id", "course_id", "country", "functions"),
            "ended_at",
        )
    }
    __table_args__ = (Index("ix_account_grant_live", "account_id", "ended_at"),)

    id: Mapped[Key]
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str] = mapped_column(String(20))
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agency.id"))
    course_id: Mapped[str | None] = mapped_column(String(22))
    country: Mapped[str | None] = mapped_column(String(2))
    functions: Mapped[Codes] = mapped_column(JSON, default=list)
    given_by: Mapped[str | None] = mapped_column(String(22))  # None: given from the command line
    given_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(22))
    code: Mapped[str] = mapped_column(String(64), default="")


class OneTimeLink(Door, Model):
    """An emailed link: its hash, what it opens and until when; it works once."""

    __tablename__ = "one_time_link"
    SAYS: ClassVar = {"code": ("id", "token_hash", "purpose", "account_id", "leads_to", "data")}
    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(30))  # invitation, sign_in, password, trainer, …
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"), index=True)
    leads_to: Mapped[str] = mapped_column(String(200), default="")  # a path of this site
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # ids and codes, no names
    created_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    code: Mapped[str] = mapped_column(String(64), default="")


def _code_new(_mapper: Any, _connection: Any, row: Door) -> None:
    columns = inspect(type(row)).columns
    for column, names in row.SAYS.items():
        for name in names:
            default = columns[name].default
            if getattr(row, name) is None and default is not None:
                setattr(row, name, default.arg(None) if default.is_callable else default.arg)
        setattr(row, column, row.right_code(column))


def _code_changed(_mapper: Any, _connection: Any, row: Door) -> None:
    """What was ours before is ours after a change of ours; a new password is, whatever was."""
    looked_at = inspect(row).attrs
    for column, names in row.SAYS.items():
        changes = {name: looked_at[name].history for name in names}
        if not any(one.has_changes() for one in changes.values()):
            continue
        before = {
            name: one.deleted[0] if one.deleted else getattr(row, name)
            for name, one in changes.items()
        }
        ours = same(getattr(row, column), row.code_for(before, column))
        if ours or column == "password_code":
            setattr(row, column, row.right_code(column))


event.listen(Door, "before_insert", _code_new, propagate=True)
event.listen(Door, "before_update", _code_changed, propagate=True)


class Throttle(Model):
    """Failed tries under one key (an account, a network), and how long the next must wait."""

    __tablename__ = "throttle"
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[Moment]
    wait_until: Mapped[Moment]
