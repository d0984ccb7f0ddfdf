"""Secret links to people's calendars."""

from typing import ClassVar

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from trainings.accounts.models import Door
from trainings.core.db import Model, Moment


class CalendarLink(Door, Model):
    """The link by which an account's calendar is fetched; only a keyed hash of it is kept."""

    __tablename__ = "calendar_link"
    SAYS: ClassVar = {"code": ("account_id", "token_index")}
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    token_index: Mapped[str] = mapped_column(String(32), unique=True)
    created_at: Mapped[Moment]
    code: Mapped[str] = mapped_column(String(64), default="")
