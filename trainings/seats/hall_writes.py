"""Plans who gets which seat within one act, and who changes seats for it; writes it as moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from trainings.core import clock
from trainings.registrations.models import Registration
from trainings.registrations.rules import Act, State
from trainings.registrations.writes import Moving, Reseating
from trainings.seats import placing_rules, queries
from trainings.seats.placing_rules import Group, Holders, Placement, free_seat_number
from trainings.seats.queries import Seating

_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass
class _Sitter:
    """Somebody with a seat, and when they were selected."""

    registration: Registration
    seat: tuple[str, int]
    since: datetime

    @property
    def group(self) -> Group:
        return Group(self.registration.country, self.registration.function)


class Hall:
    """The seats of a course while one act assigns some of them; nothing is written.

    The resulting changes are in ``moves``, in order: pass them to ``move_many``.
    """

    def __init__(self, course_id: str, now: Seating) -> None:
        self.moves: list[Moving | Reseating] = []
        self._course_id = course_id
        self._blocks = now.blocks
        self._held = {Holders(*key): count for key, count in now.held.items()}
        self._taken = {block: set(numbers) for block, numbers in now.numbers.items()}
        self._newcomers: list[_Sitter] = []
        self._seated: list[_Sitter] | None = None  # read when somebody has to move

    def place(self, group: Group) -> Placement | None:
        """Where one more person of a group can sit, after which moves; ``None`` if full."""
        return placing_rules.place(self._blocks, self._held, *group)

    def seat(self, group: Group) -> tuple[str, int] | None:
        """Give a seat to somebody who is not registered yet; ``None`` if full."""
        placement = self.place(group)
        return None if placement is None else self._make_room(placement, group)

    def move(
        self,
        registration: Registration,
        act: Act,
        to: State,
        placement: Placement | None,
        offered_until: datetime | None = None,
    ) -> None:
        """Move somebody by an act, to the seat of a placement if there is one."""
        seat = None
        if placement is not None:
            group = Group(registration.country, registration.function)
            seat = self._make_room(placement, group)
            since = clock.now() if act is Act.SELECT else registration.selected_at
            self._newcomers.append(_Sitter(registration, seat, since or clock.now()))
        self.moves.append(Moving(registration, act, to, seat, offered_until))

    def _make_room(self, placement: Placement, group: Group) -> tuple[str, int]:
        for step in placement.moves:
            sitter = self._last_seated(step.source, step.group)
            block, number = sitter.seat
            sitter.seat = self._sit(step.target)
            self._taken[block].discard(number)
            self.moves.append(Reseating(sitter.registration, sitter.seat))
        self._held = placing_rules.after_placing(self._held, placement, group)
        return self._sit(placement.block)

    def _sit(self, block: str) -> tuple[str, int]:
        taken = self._taken.setdefault(block, set())
        number = free_seat_number(taken)
        taken.add(number)
        return block, number

    def _last_seated(self, block: str, group: Group) -> _Sitter:
        """The member of a group who came last into a block: the one who changes seats."""
        if self._seated is None:
            self._seated = [
                _Sitter(one, (one.block_id, one.seat_no), one.selected_at or _EARLIEST)
                for one in queries.holders_in(self._course_id)
                if one.block_id is not None and one.seat_no is not None
            ]
        there = [
            one
            for one in (*self._seated, *self._newcomers)
            if one.seat[0] == block and one.group == group
        ]
        return max(there, key=lambda one: (one.since, one.registration.id))
