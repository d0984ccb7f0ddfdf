"""Pages on which trainers say when they can teach, and organisers look it up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.availability import operations, queries
from trainings.availability.forms import ButtonForm, CalendarForm, PeriodForm
from trainings.availability.models import AvailabilityPeriod
from trainings.availability.rules import DayState, state_of
from trainings.core import clock
from trainings.core.dates import weekday_in_brief, weekday_name
from trainings.core.i18n import _, localized, ngettext
from trainings.core.permissions import Permission
from trainings.core.zones import likely_zone
from trainings.courses.models import Course
from trainings.people import reading
from trainings.rosters import queries as rosters
from trainings.rosters.models import Trainer
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("availability", __name__)

P = Permission
WEEKS = 8


class Cell(NamedTuple):
    """A day among the next weeks, and how free it is."""

    day: date
    label: str
    state: DayState


def _zone(trainer: Trainer, periods: Sequence[AvailabilityPeriod]) -> str:
    """The clock a trainer goes by: as they chose last, else that of their duty station."""
    if periods:
        return periods[-1].zone
    return likely_zone(trainer.station_country, trainer.station_city, clock.now())


def _weeks(trainer_id: str, zone: str) -> list[list[Cell]]:
    """The next weeks, from the Monday of this one."""
    today = clock.today(zone)
    first = today - timedelta(days=today.weekday())
    since = datetime.combine(first, time(), ZoneInfo(zone)).astimezone(UTC)
    until = since + timedelta(weeks=WEEKS, days=1)
    away = queries.away_of([trainer_id], since, until, None).get(trainer_id, [])
    days = [first + timedelta(days=number) for number in range(7 * WEEKS)]
    cells = [Cell(day, weekday_in_brief(day), state_of(away, day, zone)) for day in days]
    return [cells[number : number + 7] for number in range(0, len(cells), 7)]


def _shown(trainer: Trainer, courses: Sequence[Course]) -> dict[str, Any]:
    """What a trainer said, for a page."""
    periods = queries.periods_of(trainer.id)
    titles = {course.id: localized(course.titles) for course in courses}
    zone = _zone(trainer, periods)
    return {
        "periods": periods,
        "titles": titles,
        "weekday_name": weekday_name,
        "calendar": queries.calendar_of(trainer.id),
        "weeks": _weeks(trainer.id, zone),
        "states": list(DayState),
        "zone": zone,
    }


def _period_form(trainer: Trainer, zone: str, courses: Sequence[Course]) -> PeriodForm:
    form = PeriodForm(data={"zone": zone, "weekdays": []})
    form.offer([(one.id, localized(one.titles)) for one in courses], trainer.station_country)
    return form


def _calendar_form(trainer: Trainer, zone: str) -> CalendarForm:
    form = CalendarForm(data={"zone": zone})
    form.offer_zones(trainer.station_country)
    return form


def _page(period: PeriodForm | None = None, calendar: CalendarForm | None = None) -> str:
    """The page of one's own availability; a form that was refused keeps what was typed."""
    trainer = rosters.own_trainer(viewer())
    courses = queries.courses_of(trainer.id)
    shown = _shown(trainer, courses)
    return render_template(
        "availability/own.html",
        form=period or _period_form(trainer, shown["zone"], courses),
        calendar_form=calendar or _calendar_form(trainer, shown["zone"]),
        button=ButtonForm(),
        own=True,
        **shown,
    )


@bp.route("/my/availability", methods=["GET", "POST"])
@requires(P.HOME_SEE)
def own() -> ResponseReturnValue:
    """When the viewer, a trainer, can teach; enter a period."""
    trainer = rosters.own_trainer(viewer())
    courses = queries.courses_of(trainer.id)
    form = _period_form(trainer, _zone(trainer, queries.periods_of(trainer.id)), courses)
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.add_period(form.period(), by=viewer())
            flash(_("Your availability has been saved. The organisers see it at once."), "success")
            return redirect(url_for(".own"), code=303)
    return _page(period=form)


@bp.post("/my/availability/<period_id>/remove")
@requires(P.HOME_SEE)
def remove(period_id: str) -> ResponseReturnValue:
    """Take a period back."""
    operations.remove_period(period_id, by=viewer())
    flash(_("The period has been removed."), "success")
    return redirect(url_for(".own"), code=303)


@bp.post("/my/availability/calendar")
@requires(P.HOME_SEE)
def calendar() -> ResponseReturnValue:
    """Take the busy times of one's calendar, and nothing else of it."""
    trainer = rosters.own_trainer(viewer())
    form = _calendar_form(trainer, _zone(trainer, queries.periods_of(trainer.id)))
    if form.validate_on_submit():
        with showing_refusal(form):
            number = operations.take_calendar(form.file.data.read(), form.zone.data, by=viewer())
            flash(
                ngettext(
                    "We keep one busy time of your calendar, and nothing else of it.",
                    "We keep %(num)s busy times of your calendar, and nothing else of it.",
                    number,
                ),
                "success",
            )
            return redirect(url_for(".own"), code=303)
    return _page(calendar=form)


@bp.post("/my/availability/calendar/forget")
@requires(P.HOME_SEE)
def forget() -> ResponseReturnValue:
    """Forget the busy times of one's calendar."""
    operations.drop_calendar(by=viewer())
    flash(_("The busy times of your calendar have been deleted."), "success")
    return redirect(url_for(".own"), code=303)


@bp.get("/trainers/<trainer_id>/availability")
@requires(P.ROSTER_READ)
def of_trainer(trainer_id: str) -> ResponseReturnValue:
    """When a trainer of the roster can teach."""
    trainer = rosters.trainer_for(viewer(), P.ROSTER_READ, trainer_id)
    name = reading.open([trainer.person_id], by=viewer().account_id, purpose="trainer")
    return render_template(
        "availability/show.html",
        trainer=trainer,
        name=name[trainer.person_id].name,
        own=False,
        **_shown(trainer, ()),
    )
