"""Accounts, sessions, links, grants, agencies."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

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


class Account(Model):
    """A person who can sign in: staff with a password, others by emailed link."""

    __tablename__ = "account"
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


class WebSession(Model):
    """One signed-in browser; only the SHA-256 of its cookie is stored."""

    __tablename__ = "web_session"
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


class AccountGrant(Model):
    """A role given to an account, with the scope in which it applies."""

    __tablename__ = "account_grant"
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


class OneTimeLink(Model):
    """An emailed link: its hash, what it opens and until when; it works once."""

    __tablename__ = "one_time_link"
    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(30))  # invitation, sign_in, password, trainer, …
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"), index=True)
    leads_to: Mapped[str] = mapped_column(String(200), default="")  # a path of this site
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # ids and codes, no names
    created_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Throttle(Model):
    """Failed tries under one key (an account, a network), and how long the next must wait."""

    __tablename__ = "throttle"
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[Moment]
    wait_until: Mapped[Moment]
