"""Who was there: the marks of a session, and what they come to."""

from enum import StrEnum


class Mark(StrEnum):
    """How one person was seen at one session."""

    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"
    EXCUSED = "excused"
