"""The hours of a course: kinds of session, local times, what clashes."""

from enum import StrEnum


class SessionKind(StrEnum):
    """What happens in a slot of the agenda."""

    MODULE = "module"
    TEST = "test"
    BREAK = "break"
    OTHER = "other"
