"""Forms that came when their session had ended."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Key, Model, Moment


class UnsentForm(Model):
    """What was typed into one page's form by an account whose session had ended."""

    __tablename__ = "unsent_form"
    __table_args__ = (UniqueConstraint("account_id", "page"),)

    id: Mapped[Key]
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    session_id: Mapped[str] = mapped_column(String(22))  # the session that had ended
    page: Mapped[str] = mapped_column(String(32))  # blind index of the page's address
    content: Mapped[bytes]  # unsent_form|content|id|account|session
    kept_at: Mapped[Moment] = mapped_column(index=True)
