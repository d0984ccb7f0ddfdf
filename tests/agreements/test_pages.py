"""The page of an asked agency, what its people see before and after, and what strangers see."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.agencies.test_marks import picture
from tests.agreements import asking
from tests.agreements.asking import CODE, PARTNER
from trainings.agreements import operations
from trainings.core.permissions import Viewer
from trainings.planning import signature_operations

PAGE = f"/courses/{CODE}/agreement/{PARTNER}"


@pytest.fixture
def lead(client: FlaskClient) -> Viewer:
    who = asking.organiser("IOM")
    asking.planned(who)
    return who


@pytest.fixture
def partner(lead: Viewer) -> Viewer:
    return asking.organiser(PARTNER)


def said(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_before_they_agree_they_see_what_they_are_asked_and_nothing_else(
    client: FlaskClient, partner: Viewer
) -> None:
    factories.sign_in(client, partner)
    home = said(client, "/")
    assert "Courses waiting for your agency" in home and f'href="{PAGE}"' in home
    page = said(client, PAGE)
    for shown in ("Course in Lima", "Lima, Peru", "IOM", "Regional Bureau", "Agree to organise"):
        assert shown in page
    for hidden in ("Casa", "lima@trainings.example", "Regional Director", "About it", "/desk"):
        assert hidden not in page.replace("Course in Lima", ""), hidden
    for path in ("desk", "registrations", "settings", "signatures", "agenda", "trainers", "mail"):
        assert client.get(f"/courses/{CODE}/{path}").status_code == 404
    assert CODE not in said(client, "/courses")


def test_the_staff_see_who_is_waiting_and_nobody_else_sees_the_name(
    client: FlaskClient, lead: Viewer
) -> None:
    factories.sign_in(client, lead)
    for path in ("desk", "settings", "registrations"):
        page = said(client, f"/courses/{CODE}/{path}")
        assert re.search(r"<dt>Waiting for</dt><dd>INTERPOL</dd>", page), path
        assert re.search(r"<dt>Organisers</dt><dd>IOM</dd>", page), path
    assert "Agencies that have not answered" in said(client, f"/courses/{CODE}/desk")
    signatures = said(client, f"/courses/{CODE}/signatures")
    assert "Waiting" in signatures and "Logo of INTERPOL" not in signatures
    assert PARTNER not in said(client, f"/courses/{CODE}")
    assert PARTNER not in said(client, "/courses")


def test_a_public_course_names_only_who_agreed(client: FlaskClient) -> None:
    factories.course(visibility="public", agencies=("IOM", PARTNER), waiting=(PARTNER,))
    for path in ("/", "/courses", "/courses/BUE27"):
        page = said(client, path)
        assert "IOM" in page and PARTNER not in page, path


def test_agreeing_opens_the_course_and_each_signature_is_asked(
    client: FlaskClient, partner: Viewer
) -> None:
    factories.sign_in(client, partner)
    key = asking.partners_signatory().id
    refused = client.post(f"{PAGE}/{key}", data={"answer": "sign"}, follow_redirects=True)
    assert "Agree to organise the course first" in refused.text
    assert "Choose whether your agency agrees." in client.post(PAGE).text
    assert "Give a reason." in client.post(PAGE, data={"answer": "decline"}).text
    done = client.post(PAGE, data={"answer": "agree"}, follow_redirects=True)
    assert "Your agency has agreed." in done.text
    assert f'href="/courses/{CODE}/desk"' in done.text
    assert "Take the agreement back" in done.text
    signed = client.post(f"{PAGE}/{key}", data={"answer": "sign"}, follow_redirects=True)
    assert "Agreed. The title now appears" in signed.text
    assert "Courses waiting for your agency" not in said(client, "/")
    assert "INTERPOL" in said(client, f"/courses/{CODE}/desk")
    assert f"/courses/{CODE}/signatures/{key}" in said(client, f"/courses/{CODE}/signatures")
    gone = client.post(f"{PAGE}/{key}", data={"answer": "not_sign"}, follow_redirects=True)
    assert "Removed. We have told" in gone.text
    assert "Choose whether" in client.post(f"{PAGE}/{key}", follow_redirects=True).text


def test_who_declines_or_takes_back_has_nothing_more_to_do_with_it(
    client: FlaskClient, lead: Viewer, partner: Viewer
) -> None:
    factories.sign_in(client, partner)
    for first in ((), ("agree",)):
        for answer in first:
            client.post(PAGE, data={"answer": answer})
        last = "take_back" if first else "decline"
        data = {"answer": last, "reason": "No staff."}
        assert client.post(PAGE, data=data).location == "/"
        assert client.get(PAGE).status_code == 404
        assert client.get(f"/courses/{CODE}/desk").status_code == 404
        if not first:
            wanted = [factories.agency_id(PARTNER)]
            asking.change(lead, asking.Section.BASICS, agency_ids=wanted)


def test_a_signature_is_shown_to_its_own_people(
    client: FlaskClient, lead: Viewer, partner: Viewer
) -> None:
    operations.agree(partner, CODE, PARTNER)
    who = asking.partners_signatory()
    operations.sign(partner, CODE, PARTNER, who.id)
    signature_operations.set_signature(who.course_id, who.id, picture(), partner)
    address = f"/courses/{CODE}/signatures/{who.id}"
    factories.sign_in(client, lead)
    page = said(client, f"/courses/{CODE}/signatures")
    assert "Added by its agency" in page and address not in page
    assert client.get(f"{address}.png").status_code == 404
    factories.sign_in(client, partner)
    assert client.get(f"{address}.png").data.startswith(b"\x89PNG")
    assert address in said(client, f"/courses/{CODE}/signatures")
