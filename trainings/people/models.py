"""Identities (encrypted), functions, consents, and the read log."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from trainings.core.db import Codes, Key, Localized, Model, Moment, UTCDateTime


class Function(Model):
    """A person's work in the justice system: police, prosecutor, judge; more can be added."""

    __tablename__ = "function"
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int]
    names: Mapped[Localized]
    hints: Mapped[Localized]


class Person(Model):
    """A person; identifying data are encrypted; country, function, sex and language are not."""

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_mail", "mail_index"),
        Index("ix_person_name", "name_index"),
        Index("ix_person_language", "id", "language"),  # so that nobody's row is read for it
        Index(
            "ix_person_bounced",
            "mail_bounced_at",
            sqlite_where=text("mail_bounced_at IS NOT NULL"),
            postgresql_where=text("mail_bounced_at IS NOT NULL"),
        ),
        Index(
            "ix_person_erased",
            "erased_at",
            sqlite_where=text("erased_at IS NOT NULL"),
            postgresql_where=text("erased_at IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    created_at: Mapped[Moment]
    country: Mapped[str | None] = mapped_column(String(2))
    function: Mapped[str | None] = mapped_column(ForeignKey("function.code"))
    sex: Mapped[str | None] = mapped_column(String(1))  # F, M, X; null if not stated
    language: Mapped[str] = mapped_column(String(5), default="en")
    mail_index: Mapped[str | None] = mapped_column(String(32))
    name_index: Mapped[str | None] = mapped_column(String(32))
    # encrypted, each under person|<column>|<id>
    given_name: Mapped[bytes] = mapped_column(LargeBinary)
    family_name: Mapped[bytes] = mapped_column(LargeBinary)
    mail: Mapped[bytes | None] = mapped_column(LargeBinary)
    # as last given by the person; others only see what was given for a registration
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    document: Mapped[bytes | None] = mapped_column(LargeBinary)
    born: Mapped[bytes | None] = mapped_column(LargeBinary)
    unit: Mapped[bytes | None] = mapped_column(LargeBinary)
    mail_bounced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # no identifying data are left


class Consent(Model):
    """A person's agreement to a version of a text."""

    __tablename__ = "consent"
    id: Mapped[Key]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))  # notice
    version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[Moment]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class IdentityRead(Model):
    """A read of identities: by whom, of whom, for what; written before any data are shown."""

    __tablename__ = "identity_read"
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[Moment] = mapped_column(index=True)
    by: Mapped[str | None] = mapped_column(String(22), index=True)  # null: a job
    purpose: Mapped[str] = mapped_column(String(60))
    persons: Mapped[Codes] = mapped_column(JSON)
