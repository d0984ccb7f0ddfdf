"""Puts the parts together: the only module that may import everything."""

from __future__ import annotations

import importlib
import logging
import os

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from trainings.accounts import sessions
from trainings.core import access, config, db, faults, frame, keeping
from trainings.core.config import ROOT, Settings
from trainings.core.frame import Way
from trainings.core.i18n import _l
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.people.writes import mark_bounced

DOMAINS = (
    "jobs", "audit", "mail", "printing", "people", "accounts", "courses", "rosters",
    "registrations", "agenda", "seating", "attendance", "evaluations", "certificates", "workspace",
    "privacy", "home", "demo",
)  # fmt: skip
NAVIGATION = (
    Way(_l("Home"), "home.start", Permission.HOME_SEE),
    Way(_l("Courses"), "courses.index", None, covers="/rooms"),
    Way(_l("My registrations"), "registrations_own.index", Permission.REGISTRATION_OWN, True),
    Way(_l("My certificates"), "certificates_own.index", Permission.CERTIFICATE_OWN, True),
    Way(_l("Trainers"), "rosters.index", Permission.ROSTER_READ),
    Way(_l("Programmes"), "courses.programmes", Permission.PROGRAMME_READ, covers="/modules"),
    Way(_l("Staff"), "accounts_staff.index", Permission.ACCOUNT_INVITE),
    Way(_l("Agencies"), "accounts_agency.index", Permission.AGENCY_EDIT, covers="/functions"),
    Way(_l("Trail"), "home_trail.index", Permission.AUDIT_READ),
    Way(_l("Erasure"), "privacy.index", Permission.PERSON_ERASE),
    Way(_l("Health"), "home_health.show", Permission.HEALTH_READ),
)
_PARTS = ("models", "views", "cli", "tasks")


def create_app(settings: Settings | None = None) -> Flask:
    """An application ready to serve.

    Raises ``RuntimeError`` where a view has no guard; ends the process with status 78 where
    the keys are not those of the database.
    """
    settings = settings or config.load()
    app = Flask(
        "trainings",
        root_path=str(ROOT / "trainings"),
        instance_path=str(settings.instance),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.extensions["settings"] = settings
    app.extensions["on_bounce"] = mark_bounced
    app.extensions["navigation"] = NAVIGATION
    app.extensions["course_with_code"] = courses.id_with_code
    app.extensions["course_codes"] = courses.codes_of
    app.extensions["translations"] = ROOT / "trainings" / "translations"
    app.config.update(
        SECRET_KEY=settings.keys.cookie,
        MAX_CONTENT_LENGTH=6 * 1024 * 1024,
        MAX_FORM_PARTS=4000,
        SESSION_COOKIE_NAME="__Host-visit" if settings.https else "visit",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        SEND_FILE_MAX_AGE_DEFAULT=3600 if settings.production else 0,
        TEMPLATES_AUTO_RELOAD=settings.debug,
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    app.logger.setLevel(logging.INFO)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0
        )
    db.init_app(app)
    if from_command_line():  # only there are migrations run; a web worker starts faster
        migrate = importlib.import_module("flask_migrate").Migrate
        migrate(app, db.db, directory=str(ROOT / "trainings" / "migrations"), render_as_batch=True)
    frame.init_app(app)
    faults.init_app(app)
    sessions.init_app(app)
    access.init_app(app)
    app.extensions["tasks"], app.extensions["rounds"] = {}, {}
    _register_domains(app)
    access.check_views(app)
    _check_database(app)
    return app


def from_command_line() -> bool:
    """Whether a ``flask`` command loads the application, not a web server."""
    return os.environ.get("FLASK_RUN_FROM_CLI") == "true"


def _register_domains(app: Flask) -> None:
    """Each domain's models, blueprints, commands, tasks and recurring duties, where it has them."""
    for domain in DOMAINS:
        folder = ROOT / "trainings" / domain
        parts = sorted(path.stem for path in folder.glob("*.py") if path.stem.endswith(_PARTS))
        for part in parts:
            found = importlib.import_module(f"trainings.{domain}.{part}")
            if part.endswith("views"):
                app.register_blueprint(found.bp)
            elif part.endswith("cli"):
                app.cli.add_command(found.commands)
            elif part.endswith("tasks"):
                app.extensions["tasks"].update(found.TASKS)
                app.extensions["rounds"].update(getattr(found, "ROUNDS", {}))


def _check_database(app: Flask) -> None:
    """Refuse to serve with a wrong key or an old schema; commands that mend them may run."""
    if from_command_line():
        return
    with app.app_context():
        fault = keeping.fault()
        if fault:
            db.db.engine.dispose()
            config.refuse(fault)
