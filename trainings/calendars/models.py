"""Secret links to people's calendars."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Model, Moment


class CalendarLink(Model):
    """The link by which an account's calendar is fetched; only a keyed hash of it is kept."""

    __tablename__ = "calendar_link"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    token_index: Mapped[str] = mapped_column(String(32), unique=True)
    created_at: Mapped[Moment]
