"""The files of sessions and modules."""

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Choice, Key, Model, Moment
from trainings.materials.rules import Audience
from trainings.uploads.rules import FileKind


class Material(Model):
    """A file of a session of a course, or of a module; its content lies sealed beside the database.

    The session has no foreign key: one that is taken off the agenda and put back by *undo* finds
    its files again.
    """

    __tablename__ = "material"
    __table_args__ = (
        CheckConstraint("(course_id IS NULL) <> (module_id IS NULL)", name="place"),
        CheckConstraint("size > 0", name="size"),
    )
    id: Mapped[Key]
    course_id: Mapped[str | None] = mapped_column(ForeignKey("course.id"), index=True)
    session_id: Mapped[str | None] = mapped_column(String(22))
    module_id: Mapped[str | None] = mapped_column(ForeignKey("module.id"), index=True)
    name: Mapped[bytes] = mapped_column(LargeBinary)  # sealed: material|name|<id>
    kind: Mapped[FileKind] = mapped_column(Choice(FileKind, 8))
    audience: Mapped[Audience] = mapped_column(Choice(Audience, 16))
    size: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)  # goes up when another file replaces it
    file: Mapped[str] = mapped_column(String(40), unique=True)
    file_key: Mapped[bytes] = mapped_column(LargeBinary)  # sealed: material|file_key|<id>
    scanned: Mapped[bool]
    changed_at: Mapped[Moment]
