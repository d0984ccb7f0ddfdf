"""What every page shares: where it may lead on to, and numbers that no database can count to."""

from __future__ import annotations

import re

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.exceptions import MethodNotAllowed, NotFound

from tests import factories
from tests.registrations import acting
from trainings.core.permissions import Role
from trainings.registrations.rules import State
from trainings.web.fields import whole
from trainings.web.responses import safe_next

FAR = "9" * 31


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\n/[",
        "https://evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: b",
        "evil.example",
        "/x\\y",
        "",
        None,
    ],
)
def test_never_another_site(target: str | None) -> None:
    assert safe_next(target, "/here") == "/here"


@pytest.mark.parametrize("target", ["/", "/courses/BUE27?key=a%0Ab", "/my/registrations/R-ÑÑÑ"])
def test_a_page_of_this_site(target: str) -> None:
    assert safe_next(target, "/here") == target


def test_signing_in_says_so_whatever_next_is(client: FlaskClient) -> None:
    assert client.get("/sign-in?next=/%0A/[").status_code == 200


@pytest.mark.parametrize("number", [FAR, f"-{FAR}", "0", "nonsense"])
def test_pages_that_nobody_can_count_to(app: Flask, client: FlaskClient, number: str) -> None:
    factories.course("BUE27")
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    for page in ("registrations", "mail"):
        assert client.get(f"/courses/BUE27/{page}?page={number}").status_code == 200, page
    factories.sign_in(client, factories.account(Role.DATA_PROTECTION))
    assert client.get(f"/trail?before={number}").status_code == 200


OWN_NAMES = ("endpoint", "_method", "_scheme", "_anchor", "_external", "self", "values", "code")


@pytest.mark.parametrize("name", OWN_NAMES)
def test_a_list_keeps_names_of_the_query_that_are_our_own(
    app: Flask, client: FlaskClient, name: str
) -> None:
    """Such a name stays in the address that a heading leads to, and changes nothing else."""
    acting.crowd(factories.course("BUE27"), State.NOMINATED, 1)
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    page = "/courses/BUE27/registrations"
    answer = client.get(f"{page}?{name}=x%26y&sort=country&page=2")
    assert answer.status_code == 200
    assert f'href="{page}?{name}=x%26y&amp;sort=-country"' in answer.get_data(as_text=True)


def test_addresses_of_things_that_nobody_can_count_to(each_app: Flask) -> None:
    factories.course("BUE27")
    client = each_app.test_client()
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    for number in (FAR, "9223372036854775808", "2147483648"):
        for rest in ("offence", "matrix.pdf"):
            assert client.get(f"/courses/BUE27/laws/{number}/{rest}").status_code == 404
    for rule in each_app.url_map.iter_rules():
        if "<int:" in rule.rule:
            filled = re.sub(r"<any\((\w+)[^>]*>", r"\1", re.sub(r"<int:\w+>", FAR, rule.rule))
            with pytest.raises((NotFound, MethodNotAllowed)):
                each_app.url_map.bind("localhost").match(re.sub(r"<[^>]*>", "x", filled))


@pytest.mark.parametrize("digits", [10, 400, 5000])
def test_a_number_is_measured_before_it_is_one(digits: int) -> None:
    assert whole(" -123456789 ") == -123456789
    with pytest.raises(ValueError, match=r"^9{9}$"):
        whole("9" * digits)


def test_what_is_no_form_is_an_empty_one(app: Flask, client: FlaskClient) -> None:
    """JSON that nests without end was a fault of ours."""
    for body in ('{"mail": "ana@police.example"}', '{"a":' * 5000):
        answer = client.post("/sign-in", data=body, content_type="application/json")
        assert answer.status_code == 200
        assert "ana@police.example" not in answer.get_data(as_text=True)


def test_a_part_without_a_name_is_left_out(app: Flask) -> None:
    """The names of fields were read as text, and one of them was none."""
    body = (
        b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n"
        b"--b\r\nContent-Disposition: form-data; filename=a\r\n\r\nx\r\n"
        b'--b\r\nContent-Disposition: form-data; name="mark"\r\n\r\ny\r\n--b--'
    )
    kind = "multipart/form-data; boundary=b"
    with app.test_request_context(method="POST", data=body, content_type=kind):
        assert list(request.form) == ["mark"] and not list(request.files)


NUL = "%00"


@pytest.mark.parametrize(
    "path",
    [
        f"/courses/{NUL}",
        f"/courses/BUE27/registrations/{NUL}",
        f"/my/registrations/{NUL}",
        f"/verify/{NUL * 22}",
        f"/sign-in/link/{NUL}",
        f"/trainers/{NUL}",
        f"/modules/{NUL}",
        f"/courses/BUE27/agenda/{NUL}",
        f"/courses/BUE27/certificates/{NUL}.pdf",
    ],
)
def test_an_address_with_a_character_that_no_text_has(each_app: Flask, path: str) -> None:
    client = each_app.test_client()
    factories.course("BUE27")
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", ["country", "function", "seats", "state", "q", "sort", "page"])
def test_a_search_for_a_character_that_no_text_has(each_app: Flask, name: str) -> None:
    client = each_app.test_client()
    factories.course("BUE27")
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    query = f"{name}={NUL}A" if name != "seats" else f"seats={NUL}A-{NUL}"
    assert client.get(f"/courses/BUE27/registrations?{query}").status_code in (200, 404)


def test_a_form_with_a_character_that_no_text_has(each_app: Flask) -> None:
    client = each_app.test_client()
    factories.course("BUE27")
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    for page, typed in (
        ("registrations/decide?act=select&number=R-1", {"numbers": "R-\0"}),
        ("trainers/invite", {"trainers": "a\0"}),
        ("reserve", {"up": "R-\0"}),
        ("registrations/find", {"text": "\0", "country": "\0A"}),
    ):
        answer = client.post(f"/courses/BUE27/{page}", data=typed, follow_redirects=True)
        assert answer.status_code < 500, page
