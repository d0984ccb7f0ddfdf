"""The door: closed unless a view says otherwise, and what is hidden looks like what is missing."""

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient

from tests import factories
from trainings.core.permissions import Permission, Role
from trainings.web import access

# Written by hand: who adds a view for people who are not signed in adds it here, and says why.
PUBLIC = {
    "static",  # stylesheets, scripts, fonts
    "bootstrap.static",  # Bootstrap's own
    "web.language",  # choosing the language of the pages
    "home.start",  # the front page, and everyone's own start page
    "home.privacy",  # how data are protected
    "home_health.alive",  # says ok
    "home_health.ready",  # from this machine or with a token
    "accounts.sign_in",
    "accounts.ask_for_link",
    "accounts.link_sent",
    "accounts.link",  # whoever holds the link
    "accounts.renew_link",  # mails it anew, to its owner only
    "courses.index",  # courses that are public
    "courses.show",  # the public face of a course
    # the register of laws: each asks to sign in, unless the installation shows it to everyone
    "legislation.index",
    "legislation.country",
    "legislation.entry",
    "legislation.compare",
    "legislation.topic",
    "legislation.taken",
    "verification.start",  # checking a certificate: by serial, by token, by its file
    "verification.by_serial",
    "verification.by_file",
    "verification.show",
    "participants_apply.start",  # asks for an email address, where the course is open to the asker
    "participants_apply.mailed",  # says that a link is on its way, the same for everyone
    "screens.show",  # whoever holds the secret link: what takes place in one course
    "screens.agenda",  # what that page asks for by itself
    "calendars.feed",  # whoever holds the secret link: one person's own calendar
    "networks_answer.answer",  # whoever holds the secret link: what one person answers in one wave
    "mail.outbox",  # in development only
    "mail.read",
}


def _endpoints(app: Flask, mark: object) -> set[str]:
    return {name for name in app.view_functions if access.access_of(app, name) == mark}


def test_only_these_views_are_public(app: Flask) -> None:
    assert _endpoints(app, "public") - PUBLIC == set()


def test_every_other_view_demands_a_permission(app: Flask) -> None:
    marks = {name: access.access_of(app, name) for name in app.view_functions}
    odd = {n: m for n, m in marks.items() if n not in PUBLIC and not isinstance(m, Permission)}
    assert odd == {}


def test_an_unmarked_view_stops_the_start() -> None:
    app = Flask("unmarked")
    bp = Blueprint("loose", __name__)
    bp.add_url_rule("/loose", view_func=lambda: "hello", endpoint="view")
    app.register_blueprint(bp)
    with pytest.raises(RuntimeError, match=r"loose\.view"):
        access.check_views(app)


def test_who_is_not_signed_in_is_asked_to(app: Flask, client: FlaskClient) -> None:
    asked = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC or rule.arguments:
            continue
        for method in (rule.methods or set()) & {"GET", "POST"}:
            answer = client.open(rule.rule, method=method)
            assert answer.status_code == 303, (method, rule.rule)
            assert (answer.location or "").startswith(("/sign-in?next=", "/sign-in/link?next=")), (
                method,
                rule.rule,
            )
            asked += 1
    assert asked > 10


def test_without_a_role_the_rooms_of_others_are_not_there(app: Flask, client: FlaskClient) -> None:
    factories.sign_in(client, factories.account())
    for rule in app.url_map.iter_rules():
        mark = access.access_of(app, rule.endpoint)
        if mark == "public" or mark in _SELF or rule.arguments or "GET" not in (rule.methods or ()):
            continue
        assert client.get(rule.rule).status_code == 404, rule.rule


_SELF = {
    Permission.PROFILE_OWN,
    Permission.REGISTRATION_OWN,
    Permission.REGISTRATION_APPLY,
    Permission.CERTIFICATE_OWN,
    Permission.HOME_SEE,
    Permission.LEGISLATION_READ,
    Permission.DIRECTORY_OWN,
}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_hidden_and_missing_are_the_same_bytes(
    app: Flask, client: FlaskClient, method: str
) -> None:
    factories.course("SECRET1", lead="UNODC", agencies=("UNODC",))
    staff = factories.account(Role.ANALYST)
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    pairs = [
        ("/courses/SECRET1/desk", "/courses/MISSING/desk"),
        (f"/staff/{staff.account_id}", "/staff/missing"),  # the right is missing
        ("/nowhere", "/nowhere/at/all"),  # no such page
    ]
    bodies = set()
    for hidden, missing in pairs:
        for path in (hidden, missing):
            answer = client.open(path, method=method)
            if method == "POST" and answer.status_code == 405:
                continue
            assert answer.status_code == 404, path
            bodies.add(answer.data)
    assert len(bodies) == 1


def test_a_grant_elsewhere_opens_nothing_here(app: Flask, client: FlaskClient) -> None:
    here = factories.course("HERE27", lead="IOM", agencies=("IOM",))
    factories.course("THERE27", lead="UNODC", agencies=("UNODC",))
    factories.sign_in(client, factories.account(Role.TRAINER, course_id=here))
    assert client.get("/courses/HERE27/desk").status_code == 200
    assert client.get("/courses/THERE27/desk").status_code == 404
    assert client.get("/courses/HERE27/trainers/invite").status_code == 404


@pytest.mark.parametrize(
    ("sent_to", "leads_to", "way_in"),
    [  # the first takes forms only
        ("/my/registrations/R-AAAAAA/accept", "/my/registrations/R-AAAAAA", "/sign-in/link"),
        ("/my/registrations/R-A/decline", "/my/registrations/R-A/decline", "/sign-in/link"),
        ("/rooms/some-room/remove", "/rooms/some-room", "/sign-in"),
    ],
)
def test_who_sends_a_form_too_late_is_told_and_led_back(
    client: FlaskClient, sent_to: str, leads_to: str, way_in: str
) -> None:
    answer = client.post(sent_to, data={"reason": "typed for an hour"}, follow_redirects=True)
    assert answer.request.path == way_in
    assert answer.request.args["next"] == leads_to
    assert "nothing was saved" in answer.text
    client.get(leads_to)
    assert "nothing was saved" not in client.get("/sign-in").text  # said once; looking says nothing
