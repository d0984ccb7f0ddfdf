"""The start page, for its tests: who opens it, what stands in it."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests import factories
from trainings.core.permissions import Role, Viewer

ROLES: dict[Role, dict[str, str]] = {
    Role.ORGANISER: {"agency": "IOM"},
    Role.FOCAL_POINT: {"country": "BO"},
    Role.ANALYST: {},
    Role.DATA_PROTECTION: {},
    Role.ADMINISTRATOR: {},
}


def sign_in(client: FlaskClient, role: Role | None = None, **scope: str) -> Viewer:
    made = factories.account(role, **scope)
    factories.sign_in(client, made)
    return made


def inside(shown: str) -> str:
    """What stands in the page itself, without bar and footer."""
    return shown.split("<main", 1)[1].split("</main>")[0]
