"""Changes that wait for an organiser's approval."""

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Key, Model, Moment


class ChangeRequest(Model):
    """What somebody with a seat wants to change about themselves; one per registration.

    It goes once it is decided: the trail keeps which details were changed, never their values.
    """

    __tablename__ = "change_request"
    __table_args__ = (
        Index("ix_change_request_waiting", "course_id", "at", "id", "registration_id"),
    )
    id: Mapped[Key]
    registration_id: Mapped[str] = mapped_column(ForeignKey("registration.id"), unique=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    at: Mapped[Moment]
    wanted: Mapped[bytes] = mapped_column(LargeBinary)  # JSON, sealed: change_request|wanted|<id>
