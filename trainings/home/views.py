"""The start page: what needs my attention, today's sessions, my courses."""

from __future__ import annotations

from functools import cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.agenda_versions import today_queries
from trainings.agreements import queries as agreements
from trainings.audit import operations as audit
from trainings.core import clock
from trainings.core.permissions import Permission, Role
from trainings.courses import public_queries
from trainings.directory import contact_queries as directory_contacts
from trainings.directory import queries as directory
from trainings.home import health_queries, queries
from trainings.home.rules import told
from trainings.legislation import queries as laws
from trainings.legislation.rules import own_countries
from trainings.questions import queries as questions
from trainings.registrations import filter_queries
from trainings.registrations.rules import State
from trainings.web.access import public, requires, viewer
from trainings.web.fields import whole
from trainings.web.responses import safe_next
from trainings.web.visitor_pages import kept_for_visitors

bp = Blueprint("home", __name__)

P = Permission
NEXT = 12  # courses that visitors see at once; there is a list of all


@bp.get("/")
@public
@kept_for_visitors
def start() -> ResponseReturnValue:
    """The start page of each role; for visitors, what this is and where to begin."""
    who = viewer()
    if not who.is_authenticated:
        found = public_queries.public_courses(NEXT)
        return render_template("home/welcome.html", courses=found, most=NEXT)
    registrations, drafts = queries.own(who)
    page = min(max(request.args.get("page", 1, whole), 1), 10_000)
    due = cache(lambda: queries.without_certificates(who))  # asked once, where both need it
    took_part = any(one.state is State.ATTENDED for one in registrations)
    return render_template(
        "home/start.html",
        told=told,
        managed=queries.managed(who, due) if who.has(Role.ORGANISER) else [],
        organiser=who.has(Role.ORGANISER),
        unanswered=agreements.unanswered(who),
        invitations=queries.invitations(who),
        given=queries.given(who, due) if who.has(Role.TRAINER) else [],
        today=today_queries.today(who),
        nominating=queries.nominating(who) if who.can(P.REGISTRATION_NOMINATE) else None,
        laws=laws.tasks(own_countries(who, P.LEGISLATION_EDIT), who.account_id),
        registrations=registrations,
        answers_missing=questions.unanswered([one.id for one in registrations]),
        drafts=drafts,
        directory=directory.admission(who.person_id) if took_part else None,
        directory_waiting=directory_contacts.waiting_for(who.person_id) if took_part else 0,
        numbers=queries.numbers(page) if who.can(P.REPORT_READ) else None,
        in_numbers=queries.IN_NUMBERS,
        page=page,
        trail_standing=audit.standing() if who.can(P.AUDIT_READ) else None,
        now=clock.now(),
        checks=health_queries.readiness() if who.can(P.HEALTH_READ) else None,
    )


@bp.post("/find")
@requires(P.HOME_SEE)
def find() -> ResponseReturnValue:
    """Go back to a long list of people, narrowed down; what was typed goes on sealed."""
    back = urlsplit(safe_next(request.form.get("back"), url_for(".start")))
    query = [(name, value) for name, value in parse_qsl(back.query) if name not in ("q", "page")]
    words = filter_queries.sealed_words(viewer(), request.form.get("text", ""))
    query += [("q", words)] if words else []
    return redirect(urlunsplit(("", "", back.path, urlencode(query), "")), code=303)


@bp.get("/privacy")
@public
@kept_for_visitors
def privacy() -> ResponseReturnValue:
    """How personal data are protected here, in plain words."""
    return render_template("home/privacy.html")
