"""What the check page may say: enough to trust a paper, never enough to find a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from trainings.accounts.rules import Patience
from trainings.certificates.rules import Kind, Status
from trainings.core.errors import Refusal
from trainings.core.i18n import Texts, _l

# S17: five wrong names per certificate and client network an hour, fifty per certificate a day.
NAMES_HERE = Patience(5, timedelta(hours=1))
NAMES_ANYWHERE = Patience(50, timedelta(days=1))
# Files that are not in the register cost work: so many from a client network, so many at once.
FILES = Patience(60, timedelta(minutes=15))
AT_ONCE = 2
LARGEST_FILE = 5 * 1024 * 1024


class TooManyFiles(Refusal):
    """More unknown files than can be looked into: the site stays open for everybody else."""

    sentence = _l(
        "There were too many tries in a short time. Nothing was changed; try again later."
    )
    field = "file"


class Verdict(StrEnum):
    """The one answer about a paper or a file."""

    GENUINE = "genuine"
    ALTERED = "altered"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    NOT_OURS = "not_ours"
    PRINT_RUN = "print_run"  # a file for the printer: its pages are to be checked one by one


_BY_STATUS: Mapping[Status, Verdict] = {
    Status.ISSUED: Verdict.GENUINE,
    Status.READY: Verdict.GENUINE,
    Status.SUPERSEDED: Verdict.SUPERSEDED,
    Status.REVOKED: Verdict.REVOKED,
}


def verdict_of(status: Status) -> Verdict:
    """What a register entry in this status says of its paper."""
    return _BY_STATUS[status]


@dataclass(frozen=True)
class Shown:
    """What the check page shows of a register entry: it names nobody."""

    id: str
    token: str
    serial: str
    verdict: Verdict
    kind: Kind
    course_titles: Texts
    agencies: tuple[Texts, ...]
    ended_on: date  # shown as month and year
    minutes: int
