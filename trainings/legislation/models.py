"""The topics of the register of laws, and every version of what a country's law says on one."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Choice, Key, Localized, Model, Moment, UTCDateTime
from trainings.legislation.rules import Keeper, LawState, LawText, Picture


class LawTopic(Model):
    """A topic on which laws are compared, with the question that it asks."""

    __tablename__ = "law_topic"
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    titles: Mapped[Localized]
    questions: Mapped[Localized]
    picture: Mapped[Picture] = mapped_column(Choice(Picture, 10), default=Picture.NONE)


class LawVersion(Model):
    """What the law of a country says on a topic, as somebody entered it; its words never change."""

    __tablename__ = "law_version"
    __table_args__ = (
        UniqueConstraint("country", "topic", "number"),
        # one that counts and one that waits, at most
        Index(
            "uq_law_version_current",
            "country",
            "topic",
            unique=True,
            sqlite_where=text("standing = 'current'"),
            postgresql_where=text("standing = 'current'"),
        ),
        Index(
            "uq_law_version_proposed",
            "country",
            "topic",
            unique=True,
            sqlite_where=text("standing = 'proposed'"),
            postgresql_where=text("standing = 'proposed'"),
        ),
    )
    id: Mapped[Key]
    country: Mapped[str] = mapped_column(String(2))
    topic: Mapped[str] = mapped_column(ForeignKey("law_topic.code"))
    number: Mapped[int]
    standing: Mapped[LawState] = mapped_column(Choice(LawState, 10))
    said: Mapped[Localized]
    law: Mapped[str] = mapped_column(String(300), default="")
    article: Mapped[str] = mapped_column(String(200), default="")
    year: Mapped[int | None]
    in_force: Mapped[str] = mapped_column(String(10), default="")  # a year, a month or a day
    source_title: Mapped[str] = mapped_column(String(300), default="")
    source_url: Mapped[str] = mapped_column(String(500), default="")
    source_date: Mapped[str] = mapped_column(String(10), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    keeper: Mapped[Keeper] = mapped_column(Choice(Keeper, 20))  # as what it was entered
    by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))  # none: command line
    at: Mapped[Moment]
    confirmed_as: Mapped[Keeper | None] = mapped_column(Choice(Keeper, 20))
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checked_on: Mapped[date | None]  # when it was last found to be still right
    checked_as: Mapped[Keeper | None] = mapped_column(Choice(Keeper, 20))

    @property
    def found(self) -> bool:
        """Whether it has an answer."""
        return any(self.said.values())

    @property
    def text(self) -> LawText:
        """What it says, as a plain value."""
        return LawText(
            said=dict(self.said),
            law=self.law,
            article=self.article,
            year=self.year,
            in_force=self.in_force,
            source_title=self.source_title,
            source_url=self.source_url,
            source_date=self.source_date,
            note=self.note,
        )
