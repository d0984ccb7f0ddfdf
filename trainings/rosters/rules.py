"""Trainers on a course: whether they were asked, and what they answered."""

from enum import StrEnum


class Invitation(StrEnum):
    """How a trainer stands with a course."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
