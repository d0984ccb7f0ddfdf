"""What somebody who knows found a trainer able to do."""

from datetime import date

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Choice, Key, Model, Moment
from trainings.rosters.rules import TrainerRole


class Assessment(Model):
    """A trainer was assessed for a module: as what, by whom, when. The last one counts."""

    __tablename__ = "assessment"
    id: Mapped[Key]
    trainer_id: Mapped[str] = mapped_column(ForeignKey("trainer.id"), index=True)
    module_id: Mapped[str] = mapped_column(ForeignKey("module.id", ondelete="CASCADE"), index=True)
    role: Mapped[TrainerRole] = mapped_column(Choice(TrainerRole, 10))
    assessed_on: Mapped[date]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))  # who assessed
    remark: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: assessment|remark|<id>
    at: Mapped[Moment]
