"""What a timetable should be looked at for; nothing here forbids anything."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from msgspec import Struct, field

from trainings.agenda.act_rules import Entry
from trainings.agenda.rules import COUNTED, SessionKind, Span, union_minutes
from trainings.assessments.rules import beyond
from trainings.availability.rules import meets
from trainings.core.i18n import LazyText, _l, language_name, listed
from trainings.rosters.rules import TrainerRole
from trainings.scheduling.rules import end_of, start_of
from trainings.session_replies.rules import Reply

LONGEST_DAY = 8 * 60  # minutes of modules and tests
LUNCH_FROM, LUNCH_UNTIL, LUNCH = time(11, 30), time(14, 30), 30  # a break of so many minutes


class Person(Struct, frozen=True):
    """A trainer of the course, as far as the timetable asks."""

    accepted: bool
    languages: Collection[str]
    assessed: Mapping[str, TrainerRole] = field(default_factory=dict)  # as what, by module


class Facts(Struct, frozen=True):
    """What the sessions are held against. Titles and names are those to show."""

    people: int  # who take part
    languages: Collection[str]  # of the course
    readers: Mapping[str, int] = field(default_factory=dict)  # who take part, by their language
    seats: Mapping[str, int] = field(default_factory=dict)  # by room; 0: not known
    rooms: Mapping[str, str] = field(default_factory=dict)  # names
    trainers: Mapping[str, Person] = field(default_factory=dict)
    away: Mapping[str, Collection[tuple[datetime, datetime]]] = field(default_factory=dict)
    declined: Mapping[tuple[str, str], Reply] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)  # of the trainers
    modules: Mapping[str, str] = field(default_factory=dict)  # titles, in the order of the course
    planned: Mapping[str, int] = field(default_factory=dict)  # minutes, where they are said

    def understood(self, entry: Entry) -> frozenset[str]:
        """The languages in which a session can be followed."""
        return frozenset(entry.languages or self.languages) | frozenset(entry.interpreted)


class Warned(Struct, frozen=True):
    """Something to look at: a sentence, and the day or session it leads to."""

    sentence: LazyText
    values: Mapping[str, object]
    day: date | None = None
    session: str | None = None

    def __str__(self) -> str:
        return str(self.sentence) % self.values


NO_TRAINER = _l("No trainer yet.")
NO_ROOM = _l("No room yet.")
NOT_ACCEPTED = _l("%(trainer)s has not accepted yet.")
NOT_AVAILABLE = _l("%(trainer)s is not available at this time.")
DECLINED = _l("%(trainer)s has declined this session.")
OTHER_TIME = _l("%(trainer)s would rather give this session at another time.")
NO_LANGUAGE = _l("%(trainer)s speaks none of the languages of the course.")
NOT_HELD_IN = _l("%(trainer)s does not speak %(languages)s, and there is no interpretation.")
NOT_ASSESSED = _l("%(trainer)s was assessed for this module as: %(role)s.")
NOT_FOLLOWED = _l(
    "Participants who get our emails in %(language)s: %(people)s. This session is neither held in "
    "it nor interpreted into it."
)
NOT_OF_COURSE = _l(
    "Participants who get our emails in %(language)s: %(people)s. It is not a language of the "
    "course."
)
SMALL_ROOM = _l("%(room)s has %(seats)s seats for %(people)s people.")
LONG_DAY = _l("%(hours)s hours of modules and tests on one day.")
NO_LUNCH = _l("No break for lunch.")
ORDER = _l("“%(module)s” begins after “%(other)s”, which follows it in the course.")
TOO_LITTLE = _l("“%(module)s” has %(standing)s of its %(planned)s planned minutes.")
TOO_MUCH = _l("“%(module)s” has %(standing)s minutes; %(planned)s are planned.")


def warnings(entries: Mapping[str, Entry], facts: Facts) -> list[Warned]:
    """All there is to look at, day by day in order of time, then what is about whole modules."""
    scheduled = sorted(
        ((key, entry) for key, entry in entries.items() if entry.start is not None),
        key=lambda pair: start_of(pair[1]),
    )
    found: list[Warned] = []
    for key, entry in scheduled:
        found.extend(_of_session(key, entry, facts))
    for day in sorted({entry.day for _key, entry in scheduled if entry.day is not None}):
        found.extend(_of_day(day, [entry for _key, entry in scheduled if entry.day == day]))
    found.sort(key=lambda one: one.day or date.max)
    found.extend(_of_modules([entry for _key, entry in scheduled], facts))
    if any(entry.kind in COUNTED and not entry.languages for _key, entry in scheduled):
        found.extend(
            Warned(NOT_OF_COURSE, {"people": people, "language": language_name(code)})
            for code, people in _lost(facts, facts.languages)
        )
    return found


def _of_session(key: str, entry: Entry, facts: Facts) -> Iterator[Warned]:
    def warned(sentence: LazyText, **values: object) -> Warned:
        return Warned(sentence, values, entry.day, key)

    if entry.kind in COUNTED:
        if not entry.giving:
            yield warned(NO_TRAINER)
        if entry.room_id is None:
            yield warned(NO_ROOM)
    seats = facts.seats.get(entry.room_id or "", 0)
    if entry.kind in COUNTED and 0 < seats < facts.people:
        room = facts.rooms.get(entry.room_id or "", "")
        yield warned(SMALL_ROOM, room=room, seats=seats, people=facts.people)
    for one in entry.trainers:
        person = facts.trainers.get(one)
        name = facts.names.get(one, f"{{{one}}}")
        if person is not None and not person.accepted:
            yield warned(NOT_ACCEPTED, trainer=name)
        if meets(facts.away.get(one, ()), start_of(entry), end_of(entry)):
            yield warned(NOT_AVAILABLE, trainer=name)
        answer = facts.declined.get((key, one))
        if answer is not None:
            yield warned(DECLINED if answer is Reply.DECLINED else OTHER_TIME, trainer=name)
        if (
            person is not None
            and one in entry.giving
            and not facts.understood(entry).intersection(person.languages)
        ):
            if entry.languages:
                held = listed([language_name(code) for code in entry.languages])
                yield warned(NOT_HELD_IN, trainer=name, languages=held)
            else:
                yield warned(NO_LANGUAGE, trainer=name)
        assessed = person and person.assessed.get(entry.module_id or "")
        if assessed and beyond(entry.role_of(one), assessed):
            yield warned(NOT_ASSESSED, trainer=name, role=assessed.label)
    if entry.kind in COUNTED and entry.languages:
        for code, people in _lost(facts, facts.understood(entry)):
            yield warned(NOT_FOLLOWED, people=people, language=language_name(code))


def _lost(facts: Facts, languages: Collection[str]) -> list[tuple[str, int]]:
    """How many of those who take part read none of these languages, by the one they do read."""
    return sorted((code, people) for code, people in facts.readers.items() if code not in languages)


def _of_day(day: date, entries: Sequence[Entry]) -> Iterator[Warned]:
    counted = [entry for entry in entries if entry.kind in COUNTED]
    total = union_minutes(Span(start_of(entry), end_of(entry)) for entry in counted)
    if total > LONGEST_DAY:
        hours, minutes = divmod(total, 60)
        yield Warned(LONG_DAY, {"hours": f"{hours}:{minutes:02d}"}, day)
    noon, later = datetime.combine(day, LUNCH_FROM), datetime.combine(day, LUNCH_UNTIL)
    before = any(start_of(entry) < noon for entry in counted)
    after = any(end_of(entry) > later for entry in counted)
    if before and after and _longest_gap(counted, noon, later) < timedelta(minutes=LUNCH):
        yield Warned(NO_LUNCH, {}, day)


def _longest_gap(entries: Sequence[Entry], since: datetime, until: datetime) -> timedelta:
    """The longest stretch between two moments in which no session takes place."""
    longest, free = timedelta(), since
    for entry in sorted(entries, key=start_of):
        if end_of(entry) <= since or start_of(entry) >= until:
            continue
        longest, free = max(longest, start_of(entry) - free), max(free, end_of(entry))
    return max(longest, until - free)


def _of_modules(entries: Sequence[Entry], facts: Facts) -> Iterator[Warned]:
    first: dict[str, datetime] = {}
    standing: dict[str, int] = {}
    for entry in entries:
        module = entry.module_id or ""
        if entry.kind is SessionKind.MODULE and module in facts.modules:
            first.setdefault(module, start_of(entry))
            standing[module] = standing.get(module, 0) + entry.minutes
    following: str | None = None  # of the later ones, the first to begin
    for module in reversed(list(facts.modules)):
        if module not in first:
            continue
        if following is not None and first[module] > first[following]:
            titles = {"module": facts.modules[module], "other": facts.modules[following]}
            yield Warned(ORDER, titles, first[module].date())
        if following is None or first[module] < first[following]:
            following = module
    for module, planned in facts.planned.items():
        has = standing.get(module, 0)
        values = {"module": facts.modules[module], "standing": has, "planned": planned}
        if has < planned:
            yield Warned(TOO_LITTLE, values)
        elif has > planned:
            yield Warned(TOO_MUCH, values)
