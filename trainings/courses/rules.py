"""What a course may be and become: its states, who may see it, how it gives its seats."""

from enum import StrEnum


class CourseState(StrEnum):
    """Where a course stands between the first draft and its certificates."""

    DRAFT = "draft"
    PUBLISHED = "published"
    REGISTRATION_CLOSED = "registration_closed"
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Visibility(StrEnum):
    """Who finds a course: those who are nominated, those who hold the link, or anyone."""

    NOMINATION_ONLY = "nomination_only"
    BY_LINK = "by_link"
    PUBLIC = "public"


class Placing(StrEnum):
    """How a course gives its seats: an organiser selects, or who applies is placed at once."""

    BY_SELECTION = "by_selection"
    AT_ONCE = "at_once"
