"""Plans who gets which seat within one act, and who changes seats for it; writes it as moves."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct

from trainings.core import clock
from trainings.registrations.models import Registration
from trainings.registrations.rules import Act, State
from trainings.registrations.writes import Moving, Reseating
from trainings.seats import placing_rules, queries
from trainings.seats.placing_rules import Group, Holders, Placement, free_seat_number
from trainings.seats.queries import Seating

_EARLIEST = datetime.min.replace(tzinfo=UTC)


class Sitter(Struct):
    """Somebody with a seat, and when they were selected; who is new has no registration yet."""

    group: Group
    seat: tuple[str, int]
    since: datetime
    registration: Registration | None = None

    @property
    def order(self) -> tuple[datetime, str]:
        """By this the last who came is found."""
        return self.since, self.registration.id if self.registration else ""


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
        self._lowest: dict[str, int] = {}  # no seat of a block below this is free
        self._newcomers: list[Sitter] = []
        self._seated: list[Sitter] | None = None  # read when somebody has to move

    def place(self, group: Group) -> Placement | None:
        """Where one more person of a group can sit, after which moves; ``None`` if full."""
        return placing_rules.place(self._blocks, self._held, *group)

    def seat(self, group: Group, *, by: str | None) -> Sitter | None:
        """Give a seat to somebody who is not registered yet; ``None`` if full.

        Where others come later in the same act, the seat may become another.
        """
        placement = self.place(group)
        if placement is None:
            return None
        sitter = Sitter(group, self._make_room(placement, group, by), clock.exact())
        self._newcomers.append(sitter)
        return sitter

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
            self._newcomers.append(Sitter(group, seat, since or clock.now(), registration))
        self.moves.append(Moving(registration, act, to, seat, offered_until))

    def _make_room(
        self, placement: Placement, group: Group, by: str | None = None
    ) -> tuple[str, int]:
        for step in placement.moves:
            sitter = self._last_seated(step.source, step.group)
            block, number = sitter.seat
            sitter.seat = self._sit(step.target)
            self._taken[block].discard(number)
            self._lowest[block] = min(number, self._lowest.get(block, 1))
            if sitter.registration is not None:
                self.moves.append(Reseating(sitter.registration, sitter.seat, by))
        self._held = placing_rules.after_placing(self._held, placement, group)
        return self._sit(placement.block)

    def _sit(self, block: str) -> tuple[str, int]:
        taken = self._taken.setdefault(block, set())
        number = free_seat_number(taken, self._lowest.get(block, 1))
        taken.add(number)
        self._lowest[block] = number + 1
        return block, number

    def _last_seated(self, block: str, group: Group) -> Sitter:
        """The member of a group who came last into a block: the one who changes seats."""
        if self._seated is None:
            self._seated = [
                Sitter(
                    Group(one.country, one.function),
                    (one.block_id, one.seat_no),
                    one.selected_at or _EARLIEST,
                    one,
                )
                for one in queries.holders_in(self._course_id)
                if one.block_id is not None and one.seat_no is not None
            ]
        there = [
            one
            for one in (*self._seated, *self._newcomers)
            if one.seat[0] == block and one.group == group
        ]
        return max(there, key=lambda one: one.order)
