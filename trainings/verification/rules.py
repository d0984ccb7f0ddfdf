"""What the check page may show: enough to trust a paper, never enough to find a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from trainings.accounts.rules import Patience
from trainings.core.errors import Refusal
from trainings.core.i18n import Texts, _l
from trainings.register.rules import Kind, Status

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_FIRST = timedelta(minutes=10)  # the wait after the free tries; it doubles
# S17 (docs/security.md): at most five wrong names per certificate and client network in any hour,
# fifty per certificate in any day. Whoever has the link has a share of their own, which strangers
# who only know the serial cannot use up.
NAMES_HERE = Patience(3, _HOUR, _FIRST)
NAMES_BY_SERIAL = Patience(15, 2 * _HOUR, _FIRST, _DAY)
NAMES_BY_LINK = Patience(8, 3 * _HOUR, _FIRST, _DAY)
# Numbers that nobody has are as many as anybody likes to type: so many wrong pairs of a network.
NUMBERS = Patience(100, timedelta(minutes=15))
# Files that are not in the register are costly: limited per client network, and at the same time:
# one of a network, and so many in all, of each web process.
FILES = Patience(60, timedelta(minutes=15))
AT_ONCE = 2
LARGEST_FILE = 5 * 1024 * 1024


class TooManyFiles(Refusal):
    """More unknown files than can be inspected; the site stays available for everybody else."""

    sentence = _l("Too many tries in a short time. Nothing was changed. Try again later.")
    field = "file"


class FileNotRead(Refusal):
    """A file that was not read in time: nothing is said about it."""

    sentence = _l(
        "We could not read this file in time, so we cannot say anything about it. Try again, or "
        "type the serial number and the name on the certificate."
    )
    field = "file"


class SerialMistyped(Refusal):
    """What was typed cannot be a serial; this says nothing about any certificate."""

    sentence = _l(
        "There is a typing mistake in this serial number. Compare each letter and digit with the "
        "certificate."
    )
    field = "serial"


class NoSuchPair(Refusal):
    """The serial is unknown or the name is another; which of the two is not told."""

    sentence = _l("No certificate has both this serial number and this name. Check both.")
    field = "name"


class Verdict(StrEnum):
    """The verdict on a paper or a file."""

    GENUINE = "genuine"
    ALTERED = "altered"  # our signature or code is in it, but it is not the file that was issued
    NUMBER = "only_a_number"  # a scan, a print or a copy, perhaps of a forgery
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    UNCONFIRMED = "cannot_be_confirmed"  # the records about it do not agree; see Standing
    NOT_OURS = "not_ours"
    UNREADABLE = "unreadable"
    PRINT_RUN = "print_run"  # a file for the printer: its pages are to be checked one by one


_BY_STATUS: Mapping[Status, Verdict] = {
    Status.ISSUED: Verdict.GENUINE,
    Status.READY: Verdict.GENUINE,
    Status.SUPERSEDED: Verdict.SUPERSEDED,
    Status.REVOKED: Verdict.REVOKED,
}


def verdict_of(status: Status) -> Verdict:
    """The verdict on the paper of a register entry with this status."""
    return _BY_STATUS[status]


class Number(Struct, frozen=True):
    """The number that a file carries: it earns no more than if it had been typed."""

    token: str = ""  # of a link that the register knows
    serial: str = ""  # else one without a typing mistake; whether it is known is not told


class Shown(Struct, frozen=True):
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
    comparable: bool  # whether the name is still kept; not once the holder was erased


class TooManyNames(Refusal):
    """Too many names were tried on one certificate."""

    sentence = _l(
        "Too many names were tried on this certificate. Try again in %(wait)s, or check its PDF "
        "file instead."
    )


class TooManyNumbers(Refusal):
    """Too many serial numbers were typed with wrong names in one network."""

    sentence = _l(
        "Too many serial numbers with other names were tried from your network. Try again in "
        "%(wait)s, or check the PDF file instead."
    )
