"""Records of erasures: by whom, why, how much; the person is only a random id."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Choice, Key, Model, Moment
from trainings.privacy.rules import Reason


class Erasure(Model):
    """One erasure. ``receipt`` is given to the person, who may ask about it."""

    __tablename__ = "erasure"
    id: Mapped[Key]
    receipt: Mapped[str] = mapped_column(String(12), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), unique=True)
    at: Mapped[Moment] = mapped_column(index=True)
    by: Mapped[str] = mapped_column(String(22))  # an account
    reason: Mapped[Reason] = mapped_column(Choice(Reason, 12))
    registrations: Mapped[int]
    certificates: Mapped[int]
    mails: Mapped[int]  # emails that were waiting and were not sent
    entries: Mapped[int] = mapped_column(default=0)  # consents to the directory
    contacts: Mapped[int] = mapped_column(default=0)  # messages that the directory relayed
    account: Mapped[bool]
    trainer: Mapped[bool]
