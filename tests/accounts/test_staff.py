"""Staff: invited by mail, given roles by others, switched off at once; each act in the trail."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests import counting, factories, teaching
from trainings.accounts import queries, staff_operations
from trainings.accounts.models import Account, AccountGrant
from trainings.accounts.rules import GrantHeld, MailTaken, OwnAccount, OwnGrant, Scope
from trainings.accounts.staff_operations import Invited
from trainings.audit.models import AuditEntry
from trainings.audit.writes import record
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.people import order_queries
from trainings.people.models import IdentityRead


@pytest.fixture
def root(client: FlaskClient) -> Viewer:
    made = factories.account(Role.ADMINISTRATOR, name=("Ada", "Ejemplo"))
    factories.sign_in(client, made)
    return made


@pytest.fixture
def bea(app: Flask) -> Viewer:
    return factories.account(Role.ANALYST, name=("Bea", "Muster"), mail="bea@staff.example")


def acts() -> list[tuple[str, str | None]]:
    rows = db.session.query(AuditEntry).order_by(AuditEntry.number)
    return [(row.act, row.details.get("role")) for row in rows]


def grants(viewer: Viewer) -> list[str]:
    rows = db.session.query(AccountGrant).filter_by(account_id=viewer.account_id, ended_at=None)
    return sorted(row.role for row in rows)


def test_inviting_by_the_form(client: FlaskClient, root: Viewer) -> None:
    answer = client.post(
        "/staff/invite",
        data={
            "given_name": "Luz",
            "family_name": "Ensayo",
            "mail": "Luz@Staff.example",
            "language": "en",
            "role": "focal_point",
            "country": "BO",
            "functions": ["judge", "police"],
        },
    )
    assert answer.status_code == 303
    page = client.get(answer.location).data
    assert b"National focal point \xc2\xb7 Bolivia \xc2\xb7 Judge \xc2\xb7 Police" in page
    assert b"Invited" in page
    (mail,) = factories.mails("staff_invitation")
    assert mail.recipient == "luz@staff.example" and "Luz" not in mail.subject
    assert acts() == [("account.invite", None), ("grant.give", "focal_point")]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"role": "organiser"}, b"Choose the agency, or enter the code of one course."),
        ({"role": "organiser", "course": "NOPE"}, b"There is no course with the code NOPE."),
        ({"role": "focal_point"}, b"Choose the country."),
        (
            {"role": "focal_point", "country": "BO", "mail": "x"},
            b"Enter the full email address, such as name@example.org.",
        ),
        ({"role": "analyst", "family_name": "Mu\u202ester"}, b"a hidden character"),
        (
            {"role": "analyst", "mail": "bea@staff.example"},
            b"There is already a staff account with this email address.",
        ),
        ({}, b"Choose a role."),
        ({"role": "trainer"}, b"Choose one from the list."),
    ],
)
def test_a_bad_invitation_says_why_and_keeps_what_was_typed(
    client: FlaskClient, root: Viewer, bea: Viewer, sent: dict[str, str], words: bytes
) -> None:
    data = {
        "given_name": "Luz",
        "family_name": "Ensayo",
        "mail": "luz@staff.example",
        "language": "en",
    }
    page = client.post("/staff/invite", data={**data, **sent})
    assert page.status_code == 200 and words in page.data
    assert b'value="Luz"' in page.data
    assert db.session.query(Account).count() == 2
    assert factories.mails() == [] and acts() == []


def test_an_organiser_of_one_course(client: FlaskClient, root: Viewer, bea: Viewer) -> None:
    course_id = factories.course("BUE27")
    sent = {"role": "organiser", "course": "BUE27"}
    answer = client.post(f"/staff/{bea.account_id}/roles/new", data=sent)
    assert b"Organiser \xc2\xb7 BUE27" in client.get(answer.location).data
    grant = db.session.query(AccountGrant).filter_by(role="organiser").one()
    assert (grant.course_id, grant.agency_id, grant.given_by) == (course_id, None, root.account_id)


def test_nobody_grants_themselves(client: FlaskClient, root: Viewer) -> None:
    own = root.account_id or ""
    with pytest.raises(OwnGrant):
        staff_operations.give(own, Role.DATA_PROTECTION, Scope(), by=own)
    grant = db.session.query(AccountGrant).one()
    with pytest.raises(OwnGrant):
        staff_operations.take(own, grant.id, by=own)
    page = client.post(f"/staff/{own}/roles/new", data={"role": "data_protection"})
    assert b"You cannot give yourself a role" in page.data
    assert grants(root) == ["administrator"] and acts() == []


def test_nobody_switches_themselves_off(root: Viewer) -> None:
    with pytest.raises(OwnAccount):
        staff_operations.switch_off(root.account_id or "", by=root.account_id or "")
    assert acts() == []


def test_the_same_role_is_not_given_twice(root: Viewer, bea: Viewer) -> None:
    with pytest.raises(GrantHeld):
        staff_operations.give(bea.account_id or "", Role.ANALYST, Scope(), by=root.account_id or "")
    assert grants(bea) == ["analyst"]


def test_one_address_opens_one_staff_account(each_app: Flask) -> None:
    by = factories.account(Role.ADMINISTRATOR).account_id or ""
    for mail in ("luz@staff.example", " LUZ@staff.example"):
        who = Invited("Luz", "Ensayo", mail, "en")
        if mail.startswith(" "):
            with pytest.raises(MailTaken):
                staff_operations.invite(who, Role.ANALYST, Scope(), by=by)
        else:
            staff_operations.invite(who, Role.ANALYST, Scope(), by=by)


def test_taking_a_role_asks_once(client: FlaskClient, root: Viewer, bea: Viewer) -> None:
    grant = db.session.query(AccountGrant).filter_by(account_id=bea.account_id).one()
    address = f"/staff/{bea.account_id}/roles/{grant.id}/end"
    assert b"Bea Muster loses this role: Analyst." in client.get(address).data
    assert grants(bea) == ["analyst"]
    assert client.post(address).status_code == 303
    assert grants(bea) == [] and acts() == [("grant.end", "analyst")]
    assert client.get(address).status_code == 404


def test_a_role_is_taken_from_its_own_account_only(root: Viewer, bea: Viewer) -> None:
    other = factories.account(Role.ANALYST)
    grant = db.session.query(AccountGrant).filter_by(account_id=other.account_id).one()
    with pytest.raises(NotFound):
        staff_operations.take(bea.account_id or "", grant.id, by=root.account_id or "")
    assert grants(other) == ["analyst"]


def test_off_and_on(client: FlaskClient, root: Viewer, bea: Viewer) -> None:
    other = client.application.test_client()
    factories.sign_in(other, bea)
    address = f"/staff/{bea.account_id}"
    assert client.get(f"{address}/disable").status_code == 200
    assert other.get("/profile").status_code == 200
    client.post(f"{address}/disable")
    assert other.get("/profile").status_code == 303
    assert b"Switched off on" in client.get(address).data
    client.post(f"{address}/enable")
    assert other.get("/profile").status_code == 303  # the old session stays ended
    assert [act for act, _ in acts()] == ["account.disable", "account.enable"]


def test_the_invitation_is_mailed_again_until_it_is_used(
    client: FlaskClient, root: Viewer, bea: Viewer
) -> None:
    client.post(f"/staff/{bea.account_id}/invite")
    assert len(factories.mails("staff_invitation")) == 1
    factories.set_password(bea, "long enough for everybody")
    client.post(f"/staff/{bea.account_id}/invite")
    assert len(factories.mails("staff_invitation")) == 1


def test_participants_are_not_the_administrators(client: FlaskClient, root: Viewer) -> None:
    participant = factories.account(name=("Ana", "Prueba"))
    page = client.get("/staff").data
    assert b"Ejemplo, Ada" in page and b"Prueba" not in page
    for path in ("", "/roles/new", "/disable"):
        assert client.get(f"/staff/{participant.account_id}{path}").status_code == 404
    for path in ("/roles/new", "/disable", "/enable", "/invite"):
        answer = client.post(f"/staff/{participant.account_id}{path}", data={"role": "analyst"})
        assert answer.status_code == 404, path
    assert acts() == []


def test_each_look_at_the_staff_is_logged(client: FlaskClient, root: Viewer, bea: Viewer) -> None:
    client.get("/staff")
    db.session.rollback()  # what this test read before is a moment older
    (read,) = db.session.query(IdentityRead)
    assert (read.by, read.purpose) == (root.account_id, "staff")
    assert set(read.persons) == {root.person_id, bea.person_id}


def test_the_list_does_not_ask_more_for_more_people(
    client: FlaskClient, root: Viewer, statements: list[str]
) -> None:
    counts = []
    for _ in range(2):
        statements.clear()
        client.get("/staff")
        counts.append(len(statements))
        for _ in range(5):
            factories.account(Role.ANALYST)
    assert counts[0] == counts[1] <= 10


def test_the_order_of_staff_opens_no_name_again(app: Flask) -> None:
    order_queries.forget()
    made = {
        name: factories.account(Role.ORGANISER, agency="IOM", name=("Eva", name))
        for name in ("Zoe", "Ana")
    }
    teaching.trainer(made["Ana"])  # from now on there is a trail

    def listed() -> list[str]:
        db.session.close()
        ids = {one.account_id: name for name, one in made.items()}
        return [ids[key] for key in queries.staff_by_name() if key in ids]

    assert listed() == ["Ana", "Zoe"]
    with counting.statements() as sent:
        assert listed() == ["Ana", "Zoe"]
    assert not any("family_name" in one for one in sent), "not even sealed"
    made["Luz"] = factories.account(Role.ORGANISER, agency="IOM", name=("Eva", "Luz"))
    assert listed() == ["Ana", "Luz", "Zoe"]
    gone = made.pop("Zoe")
    with transaction() as session:  # as erasing does
        session.execute(update(Account).where(Account.id == gone.account_id).values(staff=False))
        record(session, "person.erase", "person", gone.person_id or "", by=None)
    assert listed() == ["Ana", "Luz"]
    with counting.statements() as sent:
        assert listed() == ["Ana", "Luz"]
    assert not any("family_name" in one for one in sent), "one fewer is no other order"
