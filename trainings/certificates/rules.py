"""What a certificate is, who earns it, and how its serial is written and read."""

from enum import StrEnum


class Kind(StrEnum):
    """What a certificate says of its holder."""

    ATTENDANCE = "attendance"
    COMPLETION = "completion"
    TRAINER = "trainer"


class Status(StrEnum):
    """Where a certificate stands in the register."""

    ISSUED = "issued"
    READY = "ready"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
