"""The start page of each role: what waits, today's sessions; nothing that leads nowhere."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from tests import factories, teaching
from tests.registrations import acting
from trainings.agenda import operations as agenda
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses.rules import CourseState, Visibility
from trainings.home.rules import told
from trainings.jobs.writes import enqueue
from trainings.registrations.rules import State
from trainings.rosters.models import Trainer

ROLES: dict[Role, dict[str, str]] = {
    Role.ORGANISER: {"agency": "IOM"}, Role.FOCAL_POINT: {"country": "BO"}, Role.ANALYST: {},
    Role.DATA_PROTECTION: {}, Role.ADMINISTRATOR: {},
}  # fmt: skip


def page(client: FlaskClient, path: str = "/", status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


def sign_in(client: FlaskClient, role: Role | None = None, **scope: str) -> Viewer:
    made = factories.account(role, **scope)
    factories.sign_in(client, made)
    return made


def inside(shown: str) -> str:
    """What stands in the page itself, without bar and footer."""
    return shown.split("<main", 1)[1].split("</main>")[0]


def test_visitors_find_what_is_open_to_everyone(client: FlaskClient) -> None:
    factories.course("PUB27", visibility=Visibility.PUBLIC, titles={"en": "Open to all"})
    factories.course("HID27", titles={"en": "By nomination"})
    factories.course("LNK27", visibility=Visibility.BY_LINK, titles={"en": "By link"})
    shown = page(client)
    assert "Open to all" in shown
    assert 'href="/courses/PUB27"' in shown
    assert "By nomination" not in shown
    assert "By link" not in shown
    assert "Registration: closes in 40 days" in shown
    for way in ("/verify", "/sign-in", "/privacy"):
        assert f'href="{way}"' in shown
    assert "Centro de Formación" not in shown, "the venue is for those who confirmed"


def test_visitors_are_told_where_nothing_is_open(client: FlaskClient) -> None:
    factories.course("HID27")
    assert "No course is open to everyone at the moment." in page(client)


@pytest.mark.parametrize("role", [None, *ROLES], ids=str)
def test_every_way_from_the_start_page_leads_somewhere(
    client: FlaskClient, role: Role | None
) -> None:
    course = factories.course("BUE27", visibility=Visibility.PUBLIC)
    acting.share_out(course, {("BO", "judge"): 2})
    factories.course("DON26", state=CourseState.COMPLETED, starts_in=-20)
    acting.standing(course, State.NOMINATED)
    acting.standing(course, State.ENDORSED)
    sign_in(client, role, **(ROLES[role] if role else {}))
    found = set(re.findall(r'href="(/[^"#]*)"', page(client)))
    ways = {way for way in found if not way.startswith(("/static/", "/bootstrap/"))}
    assert len(ways) > 3
    for way in ways:
        assert client.get(way.replace("&amp;", "&")).status_code in (200, 303), way


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        (None, "Nothing waits for you"),
        (Role.ORGANISER, "No course is going on"),
        (Role.FOCAL_POINT, "No course invites your country at the moment."),
        (Role.ANALYST, "No course has been completed yet."),
        (Role.DATA_PROTECTION, "The trail is whole"),
        (Role.ADMINISTRATOR, "Schema and keys"),
    ],
    ids=str,
)
def test_each_role_starts_with_its_own_also_when_there_is_nothing(
    client: FlaskClient, role: Role | None, sentence: str
) -> None:
    sign_in(client, role, **(ROLES[role] if role else {}))
    shown = inside(page(client))
    assert sentence in shown
    assert ("Nothing waits for you" in shown) is (role is None)
    assert ("No session today." in shown) is (role is Role.ORGANISER)
    assert ("Plan a course" in shown) is (role is Role.ORGANISER)


# organiser


def test_an_organiser_sees_seats_and_what_is_missing(client: FlaskClient) -> None:
    course = factories.course("BUE27", titles={"en": "Buenos Aires"})
    acting.share_out(course, {("BO", "judge"): 2, ("PE", "judge"): 2})
    acting.standing(course, State.CONFIRMED)
    acting.standing(course, State.OFFERED)
    for _each in range(3):
        acting.standing(course, State.NOMINATED, country="PE")
    acting.standing(course, State.ENDORSED)
    factories.course("ELS27", lead="UNODC", agencies=("UNODC",), titles={"en": "Elsewhere"})
    factories.course("DON26", state=CourseState.COMPLETED, titles={"en": "Over"})
    sign_in(client, Role.ORGANISER, agency="IOM")
    shown = inside(page(client))
    assert "Buenos Aires" in shown
    assert "Elsewhere" not in shown
    assert "Over" not in shown
    assert "Endorsements to come from Peru" in shown
    assert "/courses/BUE27/registrations?country=PE&amp;state=nominated" in shown
    assert "Candidates to decide on" in shown
    counted = [int(number) for number in re.findall(r"</a> <b>(\d+)</b>", shown)]
    assert len(counted) >= 2
    assert f"{sum(counted)} things wait for you" in shown
    assert "2/2" in shown, "Bolivia's seats"


def test_nobody_is_named_on_a_start_page(client: FlaskClient) -> None:
    course = factories.course("BUE27")
    acting.share_out(course, {("BO", "judge"): 2})
    acting.standing(course, State.CONFIRMED)
    for role, scope in ROLES.items():
        sign_in(client, role, **scope)
        assert "Ejemplo" not in page(client)


# focal point


def test_a_focal_point_sees_their_country_only(client: FlaskClient) -> None:
    course = factories.course("BUE27", titles={"en": "Buenos Aires"})
    acting.share_out(course, {("BO", "judge"): 3, ("PE", "judge"): 5})
    acting.standing(course, State.CONFIRMED)
    acting.standing(course, State.NOMINATED)
    for _each in range(4):
        acting.standing(course, State.NOMINATED, country="PE")
    factories.course("FAR27", countries=["PE"], titles={"en": "Not invited"})
    factories.course("DRA27", state=CourseState.DRAFT, titles={"en": "Draft"})
    sign_in(client, Role.FOCAL_POINT, country="BO")
    shown = inside(page(client))
    assert 'href="/courses/BUE27/nominations"' in shown
    assert "1/3" in shown
    assert "/5" not in shown
    assert "Not invited" not in shown
    assert "Draft" not in shown
    assert re.search(r'data-label="Candidates"[^>]*>\s*2\s*<', shown)


# trainer


def _teaching_today(client: FlaskClient) -> tuple[str, Viewer]:
    """A course that runs today, in UTC, with one session; its trainer is signed in."""
    course = factories.course(
        "NOW27", state=CourseState.RUNNING, starts_in=0, zone="UTC", titles={"en": "Running"}
    )
    lead = factories.account(Role.ORGANISER, agency="IOM")
    module = teaching.module()
    teaching.teach(course, module)
    agenda.add_session(course, teaching.slot(course, module_id=module), lead)
    trainer = sign_in(client, Role.TRAINER, course_id=course)
    return course, trainer


def test_a_trainer_is_led_to_todays_session(client: FlaskClient) -> None:
    _course, _trainer = _teaching_today(client)
    shown = inside(page(client))
    assert "Today" in shown
    assert "Session at 09:00" in shown
    way = re.search(r'href="(/courses/NOW27/attendance/[^"]+)"', shown)
    assert way, "the session leads to its attendance"
    assert client.get(way[1]).status_code == 200
    assert "Take attendance" in shown


@pytest.mark.parametrize(
    ("state", "act", "path"),
    [
        (CourseState.PUBLISHED, "My sessions", "/desk"),
        (CourseState.RUNNING, "Take attendance", "/attendance"),
        (CourseState.COMPLETED, "Print certificates", "/certificates"),
    ],
)
def test_a_trainers_first_act_fits_the_state(
    client: FlaskClient, state: CourseState, act: str, path: str
) -> None:
    course = factories.course("BUE27", state=state)
    sign_in(client, Role.TRAINER, course_id=course)
    shown = inside(page(client))
    assert re.search(rf'btn-primary" href="/courses/BUE27{path}">{act}<', shown)
    assert client.get(f"/courses/BUE27{path}").status_code == 200


def test_an_invitation_to_teach_waits_for_an_answer(client: FlaskClient) -> None:
    course = factories.course("BUE27", titles={"en": "Buenos Aires"})
    lead = factories.account(Role.ORGANISER, agency="IOM")
    trainer_id = teaching.trainer(lead)
    teaching.course_trainer(course, trainer_id, lead)
    trainer = db.session.get_one(Trainer, trainer_id)
    viewer = Viewer(account_id=trainer.account_id, person_id=trainer.person_id)
    db.session.close()
    factories.sign_in(client, viewer)
    shown = inside(page(client))
    assert "Invitations to teach" in shown
    way = re.search(r'href="(/my/invitations/[^"]+)"', shown)
    assert way
    assert client.get(way[1]).status_code == 200


# participant


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (State.NOMINATED, "Complete my details"),
        (State.OFFERED, "Answer the offer"),
        (State.ATTENDED, "My certificates"),
        (State.WITHDRAWN, "See where it stands"),
    ],
)
def test_a_participant_is_told_the_next_step(client: FlaskClient, state: State, act: str) -> None:
    course = factories.course("BUE27")
    acting.share_out(course, {("BO", "judge"): 2})
    _number, person = acting.standing(course, state)
    factories.sign_in(client, person)
    shown = inside(page(client))
    assert act in shown
    assert "Nothing waits for you" not in shown


def test_an_offer_stands_first_with_its_deadline_and_zone(client: FlaskClient) -> None:
    first = factories.course("ONE27", titles={"en": "Older"})
    acting.share_out(first, {("BO", "judge"): 2})
    until = datetime(2099, 3, 5, 2, 59, tzinfo=UTC)
    _number, person = acting.standing(first, State.OFFERED, offered_until=until)
    later = factories.course("TWO27", titles={"en": "Newer"})
    acting.add_registration(later, person.person_id or "", State.ENDORSED, "BO", "judge")
    factories.sign_in(client, person)
    shown = inside(page(client))
    assert shown.index("Older") < shown.index("Newer")
    assert "Mar 4, 2099, 23:59, time of Buenos Aires" in shown


def test_a_participant_sees_todays_sessions_once_confirmed(client: FlaskClient) -> None:
    course, _trainer = _teaching_today(client)
    acting.share_out(course, {("BO", "judge"): 2})
    _number, person = acting.standing(course, State.CONFIRMED)
    factories.sign_in(client, person)
    shown = inside(page(client))
    assert "Session at 09:00" in shown
    assert 'href="/courses/NOW27/agenda"' in shown
    assert "/attendance/" not in shown
    _other, outside = acting.standing(course, State.ENDORSED)
    factories.sign_in(client, outside)
    assert "Session at 09:00" not in page(client)


# analyst, data protection, administrator


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0"), (1, "< 5"), (4, "< 5"), (5, "5"), (60, "60")]
)
def test_small_numbers_are_not_told(number: int, said: str) -> None:
    assert told(number) == said


def test_an_analyst_gets_numbers_and_nobody(client: FlaskClient) -> None:
    course = factories.course("DON26", state=CourseState.RUNNING, starts_in=-20)
    acting.share_out(course, {("BO", "judge"): 8})
    for _each in range(6):
        acting.standing(course, State.ATTENDED)
    for _each in range(3):
        acting.standing(course, State.NO_SHOW)
    acting.end(course, CourseState.COMPLETED)
    sign_in(client, Role.ANALYST)
    shown = inside(page(client))
    cells = dict(re.findall(r'data-label="(Attended|Did not come)"[^>]*>\s*([^<]*?)\s*<', shown))
    assert cells == {"Attended": "6", "Did not come": "&lt; 5"}
    assert "Ejemplo" not in shown
    assert "R-" not in shown


def test_a_changed_trail_is_said_at_once(client: FlaskClient) -> None:
    course = factories.course("BUE27")
    acting.share_out(course, {("BO", "judge"): 2})
    number, person = acting.standing(course, State.OFFERED)
    factories.sign_in(client, person)
    client.post(f"/my/registrations/{number}/accept")
    sign_in(client, Role.DATA_PROTECTION)
    assert "The trail is whole" in page(client)
    with transaction() as session:
        session.execute(text("UPDATE audit_entry SET act = 'nothing.happened' WHERE number = 1"))
    shown = page(client)
    assert "The trail was changed" in shown
    assert "The trail is whole" not in shown


def test_health_says_what_needs_a_hand(client: FlaskClient) -> None:
    sign_in(client, Role.ADMINISTRATOR)
    assert "Needs attention" not in page(client)
    with transaction() as session:
        enqueue(session, "nothing", at=clock.now() - timedelta(hours=1))
    shown = page(client)
    assert shown.count("Needs attention") == 1
    assert 'href="/health"' in shown
    assert "Start the worker" in page(client, "/health")


# what it costs


def test_the_organisers_page_costs_the_same_for_each_course(
    app: Flask, client: FlaskClient, statements: list[str]
) -> None:
    first = factories.course("AAA27")
    acting.share_out(first, {("BO", "judge"): 3})
    sign_in(client, Role.ORGANISER, agency="IOM")

    def cost() -> int:
        db.session.close()
        statements.clear()
        page(client)
        return len(statements)

    one = cost()
    for _each in range(3):
        acting.standing(first, State.CONFIRMED)
        acting.standing(first, State.ENDORSED)
    assert cost() == one, "more people cost nothing"
    steps = []
    for code in ("BBB27", "CCC27", "DDD27"):
        acting.share_out(factories.course(code), {("BO", "judge"): 3})
        steps.append(cost())
    assert steps[1] - steps[0] == steps[2] - steps[1] == steps[0] - one
    assert steps[0] - one <= 5, "statements for each course that is shown"
    for number in range(6):
        factories.course(f"MOR{number}")
    more = cost()
    factories.course("LAST27", starts_in=300)
    assert cost() == more, "no more courses are shown than six"


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.ANALYST, Role.ADMINISTRATOR], ids=str)
def test_other_start_pages_do_not_cost_more_with_more_people(
    app: Flask, client: FlaskClient, statements: list[str], role: Role
) -> None:
    course = factories.course("BUE27")
    acting.share_out(course, {("BO", "judge"): 9})
    sign_in(client, role, **ROLES[role])
    costs = []
    for _each in range(2):
        acting.standing(course, State.CONFIRMED)
        db.session.close()
        statements.clear()
        page(client)
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert costs[0] <= 14, statements


def test_the_first_page_of_visitors_is_cheap(
    app: Flask, client: FlaskClient, statements: list[str]
) -> None:
    for number in range(4):
        factories.course(f"PUB{number}", visibility=Visibility.PUBLIC)
    db.session.close()
    statements.clear()
    assert inside(page(client)).count("See the course") == 4
    assert len(statements) <= 2, statements


def test_how_data_are_protected_is_open_to_everyone(client: FlaskClient) -> None:
    shown = page(client, "/privacy")
    assert "How your data are protected" in shown
    assert "Each look is written down" in shown
