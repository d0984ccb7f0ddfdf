"""Who can be found, by what, who looked them up, and the contacts that we relayed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Choice, Key, Localized, Model, Moment, UTCDateTime
from trainings.directory.contact_rules import OPEN, ContactState, ContactSubject
from trainings.directory.rules import Exclusion, FieldState

_LIVE = text("ended_at IS NULL")
_OPEN = text("state IN (" + ", ".join(f"'{one.value}'" for one in sorted(OPEN)) + ")")


class DirectoryEntry(Model):
    """One consent to be found, for a year; a renewal is another one under another alias."""

    __tablename__ = "directory_entry"
    __table_args__ = (
        Index(
            "uq_directory_entry_live",
            "person_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_directory_entry_found", "country", "function", "id"),
        Index("ix_directory_entry_until", "until"),
    )
    id: Mapped[Key]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    alias: Mapped[str] = mapped_column(String(30), index=True)
    country: Mapped[str] = mapped_column(String(2))
    function: Mapped[str] = mapped_column(ForeignKey("function.code"))
    version: Mapped[str] = mapped_column(String(20))  # of the text that was agreed to
    to_others: Mapped[bool]  # alumni of other programmes may find them, where those are open
    by_fields: Mapped[bool]  # fields and languages are shown, and find them
    unit: Mapped[bytes | None] = mapped_column(LargeBinary)  # directory_entry|unit|id
    given_at: Mapped[Moment]
    until: Mapped[Moment]
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class DirectoryCircle(Model):
    """A programme (or a course that belongs to none) whose alumni may find an entry."""

    __tablename__ = "directory_circle"
    circle: Mapped[str] = mapped_column(String(22), primary_key=True)
    entry_id: Mapped[str] = mapped_column(
        ForeignKey("directory_entry.id"), primary_key=True, index=True
    )


class DirectoryWord(Model):
    """By what an entry is found besides: a module, a field of the list, or a language."""

    __tablename__ = "directory_word"
    word: Mapped[str] = mapped_column(String(22), primary_key=True)
    entry_id: Mapped[str] = mapped_column(
        ForeignKey("directory_entry.id"), primary_key=True, index=True
    )


class DirectoryField(Model):
    """A field of work that somebody proposed; once accepted, everybody may choose it."""

    __tablename__ = "directory_field"
    id: Mapped[Key]
    state: Mapped[FieldState] = mapped_column(Choice(FieldState, 10), index=True)
    titles: Mapped[Localized]
    proposed: Mapped[bytes | None] = mapped_column(LargeBinary)  # directory_field|proposed|id
    proposed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))  # until decided
    at: Mapped[Moment]


class DirectoryOpening(Model):
    """A programme whose people alumni of other programmes may find, as its owner allows."""

    __tablename__ = "directory_opening"
    programme_id: Mapped[str] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[Moment]


class DirectoryExclusion(Model):
    """Somebody who never appears: protected, or kept out after a report."""

    __tablename__ = "directory_exclusion"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[Exclusion] = mapped_column(Choice(Exclusion, 10))
    by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[Moment]


class DirectoryLook(Model):
    """That somebody was shown somebody else: when it last counted, and how often it did."""

    __tablename__ = "directory_look"
    by_person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    country: Mapped[str] = mapped_column(String(2))  # of who looked, as the person is told
    function: Mapped[str] = mapped_column(ForeignKey("function.code"))
    counted_at: Mapped[Moment]
    times: Mapped[int]


class DirectoryContact(Model):
    """A first message that we relayed, and what came of it."""

    __tablename__ = "directory_contact"
    __table_args__ = (
        Index(
            "uq_directory_contact_open",
            "pair",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_directory_contact_state", "state", "at"),
    )
    id: Mapped[Key]
    pair: Mapped[str] = mapped_column(String(45))  # both people, whoever wrote first
    sender_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    recipient_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    # as each is called to the other, and as what
    sender_alias: Mapped[str] = mapped_column(String(30))
    sender_country: Mapped[str] = mapped_column(String(2))
    sender_function: Mapped[str] = mapped_column(ForeignKey("function.code"))
    recipient_alias: Mapped[str] = mapped_column(String(30))
    recipient_country: Mapped[str] = mapped_column(String(2))
    recipient_function: Mapped[str] = mapped_column(ForeignKey("function.code"))
    state: Mapped[ContactState] = mapped_column(Choice(ContactState, 10))
    subject: Mapped[ContactSubject] = mapped_column(Choice(ContactSubject, 12))
    at: Mapped[Moment]
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # sealed under directory_contact|<column>|<id>; the texts go after 90 days
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    reply: Mapped[bytes | None] = mapped_column(LargeBinary)
    sender_card: Mapped[bytes | None] = mapped_column(LargeBinary)  # JSON: what the other sees
    recipient_card: Mapped[bytes | None] = mapped_column(LargeBinary)
    reported_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reported_by: Mapped[str | None] = mapped_column(String(22))  # a person of the two
    report: Mapped[bytes | None] = mapped_column(LargeBinary)
    report_closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CarriedRequest(Model):
    """That a first message crossed a border in a month; it belongs to nobody and says nothing."""

    __tablename__ = "directory_carried"
    __table_args__ = (Index("ix_directory_carried_month", "month", "origin", "destination"),)
    id: Mapped[Key]
    month: Mapped[str] = mapped_column(String(7))  # 2026-11
    origin: Mapped[str] = mapped_column(String(2))
    destination: Mapped[str] = mapped_column(String(2))
