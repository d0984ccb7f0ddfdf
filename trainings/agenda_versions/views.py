"""The agenda of a course: as published, for its readers; as it is worked on, for its editors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.agenda import pdf
from trainings.agenda import queries as agenda
from trainings.agenda.grid_rules import Shown, by_day, days_from, grid
from trainings.agenda.rules import COUNTED, Span, union_minutes
from trainings.agenda_versions import operations, queries
from trainings.agenda_versions.forms import PublishForm
from trainings.agenda_versions.queries import Standing
from trainings.agenda_versions.rules import Change, Planned, shown
from trainings.agenda_versions.telling_rules import Told, Words, told
from trainings.core.dates import days, with_weekday, zone_name
from trainings.core.i18n import _, country_name, html_language, localized, ngettext
from trainings.core.permissions import Permission
from trainings.courses import paper_document
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import ENDED
from trainings.people import reading
from trainings.web import responses
from trainings.web.access import requires, viewer
from trainings.web.forms import showing_refusal

bp = Blueprint("agenda", __name__)

P = Permission


def _shown(planned: Sequence[Planned]) -> list[Shown]:
    """Sessions in the reader's language, with the names of their trainers opened."""
    return shown(planned, _names({person for one in planned for person in one.persons}))


def _names(persons: Iterable[str]) -> dict[str, str]:
    opened = reading.open(persons, by=viewer().account_id, purpose="agenda")
    return {key: who.name for key, who in opened.items()}


@bp.get("/courses/<code>/agenda")
@requires(P.HOME_SEE)
def show(code: str) -> ResponseReturnValue:
    """The days of a course: as published; to who may edit them, as they are worked on, too."""
    course, staff = agenda.readable_course(viewer(), code)
    if not (staff and courses.may(viewer(), P.AGENDA_EDIT, course)):
        version = queries.latest(course.id)
        return render_template(
            "agenda_versions/show.html" if staff else "agenda_versions/read.html",
            **_page(course, queries.planned(queries.entries_of(version))),
            version=version,
            reads=True,
        )
    now = queries.standing(course.id)
    published = request.args.get("view") == "published" and now.version is not None
    edits = course.state not in ENDED and not published
    entries = queries.entries_of(now.version) if published else now.draft
    return render_template(
        "agenda_versions/show.html",
        **_page(course, queries.planned(entries), now.changes, edits=edits),
        version=now.version,
        changes=len(now.changes),
        published=published,
        may_publish=course.state not in ENDED and not course.template,
    )


def _page(
    course: Course, planned: Sequence[Planned], found: Sequence[Change] = (), *, edits: bool = False
) -> dict[str, Any]:
    """What a page of the days says; ``found``: what differs from the other version is marked."""
    sessions = _shown(planned)
    urls: dict[str, str] = {}
    missing: dict[str, str] = {}
    if edits:
        page = url_for("agenda_sessions.change", code=course.code, session_id="-")
        urls = {one.id: page.removesuffix("-") + one.id for one in sessions}
        missing = {
            one.id: _("No trainer yet")
            for one in sessions
            if one.kind in COUNTED and not one.trainers
        }
    marks = {one.session: ", ".join(str(what.label) for what in one.what) for one in found}
    all_days = days_from(course.starts_on, course.ends_on)
    return {
        "course": course,
        "edits": edits,
        "days_planned": [
            grid(day, some, urls, missing, marks)
            for day, some in by_day(sessions, all_days).items()
        ],
        "there_are_sessions": bool(sessions),
        "planned": _minutes(planned),
        "lacking": len(missing),
        "all_days": all_days,
    }


def _minutes(planned: Sequence[Planned]) -> int:
    """The minutes of modules and tests; sessions at the same time count once."""
    entries = [one.entry for one in planned if one.entry.kind in COUNTED]
    return union_minutes(Span(one.start, one.end) for one in entries if one.start and one.end)


@bp.get("/courses/<code>/agenda.pdf", endpoint="pdf")
@requires(P.HOME_SEE)
def as_pdf(code: str) -> ResponseReturnValue:
    """The agenda as a PDF to print: what its reader sees on the page."""
    course, staff = agenda.readable_course(viewer(), code)
    edits = staff and courses.may(viewer(), P.AGENDA_EDIT, course)
    if edits and request.args.get("view") != "published":
        entries = queries.draft_of(course.id)
    else:
        entries = queries.entries_of(queries.latest(course.id))
    plan = by_day(_shown(queries.planned(entries)), days_from(course.starts_on, course.ends_on))
    try:
        drawn, note = pdf.draw(_document(course, plan))
    except pdf.AgendaNotDrawn as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for(".show", code=code), code=303)
    if note:
        flash(note, "warning")
    return responses.pdf(drawn, f"agenda-{course.code}")


def _document(course: Course, plan: Mapping[date, Sequence[Shown]]) -> Any:
    """The agenda in the reader's language, stating who printed it and when."""
    place = f"{course.city}, {country_name(course.country)}"
    times = _("times in %(zone)s", zone=zone_name(course.zone))
    return pdf.document(
        language=html_language(),
        course=(
            localized(course.titles),
            f"{place} · {days(course.starts_on, course.ends_on)} · {times}",
        ),
        days=plan,
        day_titles={day: with_weekday(day) for day in plan},
        marks=paper_document.marks(course),
        printed=paper_document.printed(course, reading.own_name(viewer())),
    )


@bp.route("/courses/<code>/agenda/publish", methods=["GET", "POST"])
@requires(P.AGENDA_EDIT)
def publish(code: str) -> ResponseReturnValue:
    """What publishing would tell whom; then publish."""
    course = courses.course_for(viewer(), P.AGENDA_EDIT, code)
    form = PublishForm()
    if form.validate_on_submit():
        with showing_refusal(form):
            done = operations.publish(course.id, form.looked_at.data or "", by=viewer())
            flash(_published(done), "success")
            return redirect(url_for(".show", code=code), code=303)
    now = queries.standing(course.id)
    form.looked_at.data = now.seen
    return render_template(
        "agenda_versions/publish.html",
        course=course,
        form=form,
        version=now.version,
        may_publish=course.state not in ENDED and not course.template,
        versions=queries.versions(course.id),
        **_preview(course, now),
    )


def _published(done: operations.Published) -> str:
    told_to = ngettext("%(num)s person is emailed.", "%(num)s people are emailed.", done.told)
    return _("Version %(number)s of the agenda is published.", number=done.number) + " " + told_to


def _preview(course: Course, now: Standing) -> dict[str, Any]:
    """What would be told to whom, with the names that the viewer may read."""
    to = queries.audience(course, now.changes)
    entries = [one for change in now.changes for one in (change.before, change.after) if one]
    referred = queries.referred(entries)
    names = _names({*referred.persons.values(), *(one.person_id for one in to.trainers)})
    trainers = {key: names[who] for key, who in referred.persons.items() if who in names}
    words = Words(referred.modules, referred.rooms, trainers)

    def said(part: Sequence[Change]) -> list[Told]:
        return [told(one, words) for one in part]

    parts = [(names[one.person_id], said(part)) for one, part in to.trainers.items()]
    return {
        "lines": said(now.changes),
        "past": len(now.changes) - len(to.concerned) if to.size else 0,
        "participants": len(to.taking_part),
        "trainers": sorted(parts, key=lambda part: part[0]),
    }
