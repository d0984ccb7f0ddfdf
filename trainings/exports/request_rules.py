"""When names may leave the house: what for, who approves, how long, and what refuses (S5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct, field

from trainings.core.errors import Refusal, refuse
from trainings.core.i18n import LazyText, _l, _lp
from trainings.core.states import Tone, Worded
from trainings.core.text import clean
from trainings.exports.rules import FileKind, Heading, is_document, tells_more

ALONE = 25  # more people than this are taken out only with a second person's approval
LINK = timedelta(days=1)  # how long a file can be fetched
WAITS = timedelta(days=7)  # how long a request waits for its approval
KEPT = timedelta(days=365)  # how long the request itself is kept for the officer
MOST = 20_000  # rows of one list with names
WORDS = 500  # characters of a reason


class Purpose(StrEnum):
    """What a list with names is taken out for."""

    HOTEL = "hotel"
    TRAVEL = "travel"
    DOOR = "door"
    AUTHORITY = "authority"
    PARTNER = "partner"
    TEAM = "team"
    OTHER = "other"

    @property
    def label(self) -> LazyText:
        """The purpose in words."""
        return PURPOSE_LABELS[self]


PURPOSE_LABELS: Mapping[Purpose, LazyText] = {
    Purpose.HOTEL: _l("Hotel: rooms and meals"),
    Purpose.TRAVEL: _l("Flights and transfers"),
    Purpose.DOOR: _l("Access to the venue"),
    Purpose.AUTHORITY: _l("A national authority that asked for its own people"),
    Purpose.PARTNER: _l("Another agency that organises the course"),
    Purpose.TEAM: _l("Work of the organising team"),
    Purpose.OTHER: _l("Something else"),
}


class RequestState(Worded):
    """How a request for a list with names stands."""

    WAITING = "waiting", _lp("list request", "Waiting for approval"), Tone.AMBER
    REFUSED = "refused", _lp("list request", "Refused"), Tone.RED
    OPEN = "open", _lp("list request", "Can be made"), Tone.BLUE
    MADE = "made", _lp("list request", "File ready"), Tone.GREEN
    ENDED = "ended", _lp("list request", "Ended")


class Asked(Struct, frozen=True):
    """What somebody asks for: the kind of file, what for, which columns, to whom and how.

    ``receiver`` and ``plain_reason``: only where the file is not to be encrypted. ``filters``: as
    the list on screen was narrowed down.
    """

    kind: FileKind
    purpose: Purpose | None
    words: str
    columns: tuple[Heading, ...]
    reason: str = ""
    plain: bool = False
    receiver: str = ""
    plain_reason: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)


class NobodyInIt(Refusal):
    """The list is empty."""

    sentence = _l("This list is empty, so there is nothing to export.")


class NoResultsYet(Refusal):
    """Too few have answered: what one person said could be seen."""

    sentence = _l("The results can be exported once %(number)s people have answered.")


class TooManyRows(Refusal):
    """More people than one file holds."""

    sentence = _l("This list has more than %(most)s people. Narrow it down with the filters.")


class NoColumn(Refusal):
    """No column was chosen."""

    sentence = _l("Choose at least one column.")
    field = "columns"


class PurposeMissing(Refusal):
    """It is not chosen what the list is for."""

    sentence = _l("Choose what the list is for.")
    field = "purpose"


class WordsMissing(Refusal):
    """It is not said what the list is for."""

    sentence = _l("Say in a few words what the list is for and who will use it.")
    field = "words"


class ColumnReasonMissing(Refusal):
    """Columns that tell more about people are asked for without a reason."""

    sentence = _l("Say why you need: %(columns)s. Or take them off the list.")
    field = "reason"


class ReceiverMissing(Refusal):
    """A plain file goes to somebody who is named."""

    sentence = _l("Name the person or office that receives the file.")
    field = "receiver"


class PlainReasonMissing(Refusal):
    """A plain file without a reason."""

    sentence = _l("Say why the receiver cannot open an encrypted file.")
    field = "plain_reason"


class OwnRequest(Refusal):
    """Nobody approves their own request."""

    sentence = _l("You asked for this list yourself, so another person has to decide.")


class NotWaiting(Refusal):
    """The request was decided, or has ended, in the meantime."""

    sentence = _l("This request is no longer waiting for a decision.")


class NotApproved(Refusal):
    """The file needs an approval that is not there."""

    sentence = _l("The file can be made once another person has approved the request.")


class RequestEnded(Refusal):
    """The time of the request is over."""

    sentence = _l("This request has ended. Ask for the list again.")


class MoreThanAsked(Refusal):
    """More people stand in the list now than were asked for."""

    sentence = _l(
        "There are %(now)s people in this list now, and %(asked)s were asked for. Ask for the list "
        "again."
    )


class OthersThanAsked(Refusal):
    """With who is in the list now, more people would leave than one person may decide alone."""

    sentence = _l(
        "Other people are in this list now than when it was asked for. Ask for the list again."
    )


class ListChanged(Refusal):
    """Somebody in the file has left the list, or was erased, since the file was made."""

    sentence = _l(
        "The list has changed since the file was made: somebody in it is no longer on it. Make the "
        "file again."
    )


class NotEncrypted(Refusal):
    """The file could not be encrypted, so there is none."""

    sentence = _l("We could not encrypt the file, so it was not made. Try again in a minute.")


class NotMade(Refusal):
    """There is no file yet."""

    sentence = _l("The file has not been made yet.")


def checked(asked: Asked) -> Asked:
    """What is asked for, its texts cleaned; raises what is missing, all at once."""
    plain = asked.plain
    cleaned = Asked(
        asked.kind,
        asked.purpose,
        clean(asked.words, WORDS, lines=True),
        asked.columns,
        clean(asked.reason, WORDS, lines=True),
        plain,
        clean(asked.receiver, WORDS) if plain else "",
        clean(asked.plain_reason, WORDS, lines=True) if plain else "",
        asked.filters,
    )
    told = [one for one in asked.columns if tells_more(one)]
    faults: list[Refusal] = []
    if not cleaned.columns:
        faults.append(NoColumn())
    if cleaned.purpose is None:
        faults.append(PurposeMissing())
    if not cleaned.words:
        faults.append(WordsMissing())
    if told and not cleaned.reason:
        faults.append(ColumnReasonMissing(columns=", ".join(str(one.label) for one in told)))
    if plain and not cleaned.receiver:
        faults.append(ReceiverMissing())
    if plain and not cleaned.plain_reason:
        faults.append(PlainReasonMissing())
    refuse(faults)
    return cleaned


def needs_second(people: int, columns: Collection[Heading]) -> bool:
    """Whether a second person has to approve: many people, or any document number."""
    return people > ALONE or any(map(is_document, columns))


def check_number(people: int) -> None:
    """Refuse a list of nobody, and one that is too long for a file."""
    if not people:
        raise NobodyInIt
    if people > MOST:
        raise TooManyRows(most=MOST)


def state_of(
    now: datetime, ends_at: datetime, needed: bool, approved: bool | None, made: bool
) -> RequestState:
    """How a request stands at a moment."""
    if approved is False:
        return RequestState.REFUSED
    if now >= ends_at:
        return RequestState.ENDED
    if needed and approved is None:
        return RequestState.WAITING
    return RequestState.MADE if made else RequestState.OPEN


def check_decision(state: RequestState, asked_by: str, by: str | None) -> None:
    """Refuse a decision on what does not wait for one, or by whoever asked."""
    if asked_by == by:
        raise OwnRequest
    if state is not RequestState.WAITING:
        raise NotWaiting


def check_making(state: RequestState, people: int, asked_for: int) -> None:
    """Refuse a file that is not approved, too late, or of more people than were asked for."""
    if state is RequestState.ENDED:
        raise RequestEnded
    if state in (RequestState.WAITING, RequestState.REFUSED):
        raise NotApproved
    check_number(people)
    if people > asked_for:
        raise MoreThanAsked(now=people, asked=asked_for)


def check_people(now: Set[str], lately: Set[str], made: Set[str] | None, *, approved: bool) -> None:
    """Refuse a file by which more people would leave the house than were approved, or may alone.

    ``lately``: who was asked for, or taken out, within a day. ``made``: who is in the file that it
    replaces, if there is one: an approval is for one list, not for one after the other.
    """
    if approved:
        if made is not None and not now <= made:
            raise OthersThanAsked
    elif needs_second(len(now | lately), ()):
        raise OthersThanAsked
