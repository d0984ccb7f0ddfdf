"""Puts the parts together: the only module that may import everything."""

from __future__ import annotations

import logging
import os

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from trainings import wiring
from trainings.accounts import sessions
from trainings.core import clock, config, db, startup_checks
from trainings.core.config import ROOT, Settings
from trainings.web import access, bodies, compiled, error_pages, page_frame, visitor_pages
from trainings.web.bodies import FormRequest, ShortNumber
from trainings.web.hosts import KnownHosts


def create_app(settings: Settings | None = None) -> Flask:
    """An application ready to serve.

    Raises ``RuntimeError`` where a view has no guard or a hook no function; ends the process with
    status 78 where the keys are not those of the database.
    """
    clock.use_newest_zones()
    settings = settings or config.load()
    app = Flask(
        "trainings",
        root_path=str(ROOT / "trainings"),
        instance_path=str(settings.instance),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.request_class = FormRequest
    app.url_map.converters["int"] = ShortNumber
    app.extensions["settings"] = settings
    app.extensions["navigation"] = wiring.NAVIGATION
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
    compiled.init_app(app)
    db.init_app(app)
    visitor_pages.init_app(app)  # innermost: who asks another host is refused before
    app.wsgi_app = KnownHosts(app.wsgi_app, settings.base_url)  # type: ignore[method-assign]
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0
        )
    bodies.init_app(app)
    page_frame.init_app(app)
    error_pages.init_app(app)
    sessions.init_app(app)
    access.init_app(app)
    wiring.wire(app)
    access.check_views(app)
    _check_database(app)
    return app


def _check_database(app: Flask) -> None:
    """Refuse to serve with a wrong key or an old schema; commands that mend them may run."""
    if os.environ.get("FLASK_RUN_FROM_CLI") == "true":
        return
    with app.app_context():
        fault = startup_checks.fault()
        if fault:
            db.db.engine.dispose()
            fault.refuse()
