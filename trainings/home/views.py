"""The start page: what needs my attention, today's sessions, my courses."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from trainings.agenda_versions import today_queries
from trainings.agreements import queries as agreements
from trainings.audit import operations as audit
from trainings.core.access import public, viewer
from trainings.core.permissions import Permission, Role
from trainings.core.visitor_pages import kept_for_visitors
from trainings.courses import public_queries
from trainings.directory import contact_queries as directory_contacts
from trainings.directory import queries as directory
from trainings.home import health_queries, queries
from trainings.home.rules import told
from trainings.legislation import queries as laws
from trainings.legislation.rules import own_countries
from trainings.questions import queries as questions
from trainings.registrations.rules import State

bp = Blueprint("home", __name__)

P = Permission


@bp.get("/")
@public
@kept_for_visitors
def start() -> ResponseReturnValue:
    """The start page of each role; for visitors, what this is and where to begin."""
    who = viewer()
    if not who.is_authenticated:
        return render_template("home/welcome.html", courses=public_queries.public_courses())
    registrations, drafts = queries.own(who)
    took_part = any(one.state is State.ATTENDED for one in registrations)
    return render_template(
        "home/start.html",
        told=told,
        managed=queries.managed(who) if who.has(Role.ORGANISER) else [],
        organiser=who.has(Role.ORGANISER),
        unanswered=agreements.unanswered(who),
        invitations=queries.invitations(who),
        given=queries.given(who) if who.has(Role.TRAINER) else [],
        today=today_queries.today(who),
        nominating=queries.nominating(who) if who.can(P.REGISTRATION_NOMINATE) else None,
        laws=laws.tasks(own_countries(who, P.LEGISLATION_EDIT), who.account_id),
        registrations=registrations,
        answers_missing=questions.unanswered([one.id for one in registrations]),
        drafts=drafts,
        directory=directory.admission(who.person_id) if took_part else None,
        directory_waiting=directory_contacts.waiting_for(who.person_id) if took_part else 0,
        numbers=queries.numbers() if who.can(P.REPORT_READ) else None,
        trail_fault=audit.verify() if who.can(P.AUDIT_READ) else None,
        checks=health_queries.readiness() if who.can(P.HEALTH_READ) else None,
    )


@bp.get("/privacy")
@public
@kept_for_visitors
def privacy() -> ResponseReturnValue:
    """How personal data are protected here, in plain words."""
    return render_template("home/privacy.html")
