"""What somebody is waiting for, or still has to do: the sentence on lists and pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from trainings.core.dates import in_full, local_day
from trainings.core.i18n import _, ngettext
from trainings.registrations.rules import State


class Awaiting(Protocol):
    """The facts that decide it: the person's state on a course, and the details they have given."""

    @property
    def state(self) -> State: ...
    @property
    def complete(self) -> bool: ...
    @property
    def offered_until(self) -> datetime | None: ...
    @property
    def name_confirmed(self) -> bool: ...


class Fitting(Struct, frozen=True):
    """The seats possible for people of one country and function."""

    kept: int
    offered: int
    could_sit: bool  # one is free, or becomes free when people change seats


def next_step(
    one: Awaiting, seats: Fitting, now: datetime, zone: str, *, endorses: bool = False
) -> str:
    """What comes next for somebody, in half a sentence; empty if nothing does.

    With ``endorses`` it is worded for the person whose endorsement they wait for.
    """
    if endorses and one.state in {State.NOMINATED, State.APPLIED}:
        return _("waiting for your endorsement")
    if one.state in {State.APPLIED, State.CONFIRMED} and not one.complete:
        return _("has not sent all details yet")
    if one.state in {State.NOMINATED, State.APPLIED}:
        return _("waiting for the focal point to endorse")
    if one.state is State.ENDORSED:
        return _("waiting for the organisers to decide")
    if one.state is State.RESERVE:
        return why_waiting(seats)
    if one.state is State.OFFERED and one.offered_until:
        if one.offered_until < now:
            return _("the deadline has passed")
        return _("has until %(day)s to reply", day=local_day(one.offered_until, zone))
    if one.state is State.CONFIRMED and not one.name_confirmed:
        return _("has not confirmed the name for the certificate")
    return ""


def what_must_happen(seats: Fitting, place: int, opens: date | None) -> list[str]:
    """What would have to happen for somebody on the reserve list to get a seat, told to them.

    ``place``: theirs among those who wait for the same seats, from 1. ``opens``: the day after
    which seats kept for countries are open to all; none once that has happened.
    """
    told = []
    if seats.could_sit:
        told.append(_("A suitable seat is free. It is offered in the order of the list."))
    elif not seats.kept:
        told.append(_("At the moment no seat is meant for your country and function."))
    else:
        told.append(
            ngettext(
                "You get a seat when one suitable seat becomes free: you are the first who waits.",
                "You get a seat when %(num)s suitable seats become free: those before you come "
                "first.",
                place,
            )
        )
        told.append(_seats_not_confirmed(seats))
    if opens is not None:
        told.append(
            _(
                "After %(day)s, seats that other countries have not used are open to everyone.",
                day=in_full(opens),
            )
        )
    return told


def _seats_not_confirmed(seats: Fitting) -> str:
    if not seats.offered:
        return _("All suitable seats are confirmed, so somebody would have to withdraw.")
    return ngettext(
        "One suitable seat is offered and not confirmed yet.",
        "%(num)s suitable seats are offered and not confirmed yet.",
        seats.offered,
    )


def why_waiting(seats: Fitting) -> str:
    """Why somebody on the reserve list has no seat, or that they can be offered one."""
    if not seats.kept:
        return _("there is no seat for this country and function")
    if seats.could_sit:
        return _("can be offered a free seat")
    if not seats.offered:
        return ngettext(
            "the only suitable seat is confirmed",
            "all %(num)s suitable seats are confirmed",
            seats.kept,
        )
    taken = ngettext(
        "the only suitable seat is taken", "all %(num)s suitable seats are taken", seats.kept
    )
    offered = ngettext(
        "one of them is offered, not confirmed",
        "%(num)s of them are offered, not confirmed",
        seats.offered,
    )
    return _("%(first)s; %(second)s", first=taken, second=offered)
