"""Every page with a form, of whatever domain: what was typed comes back into its fields."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from tests import factories
from tests.conftest import make_settings
from tests.forms_in_pages import Fields, forms_in
from tests.stage import Stage, staged
from tests.unsent.leaving import come_in_by
from trainings.accounts.models import WebSession
from trainings.app import create_app
from trainings.core import clock
from trainings.core.db import transaction
from trainings.core.permissions import Viewer
from trainings.web import access
from trainings.web.refill import texts

WHO = ("organiser_lead", "participant_self", "administrator", "focal_same_country")
TYPED = "Typed 7"
FIXED = {
    "code",
    "position",
    "answered",
    "held",
}  # go along unseen on the pages that cannot change them
BACK = "What you typed is back in the fields"


@pytest.fixture(scope="module")
def stage(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, key_file: Path
) -> Iterator[Stage]:
    instance = tmp_path_factory.mktemp("unsent")
    shutil.copy(sqlite_template, instance / "trainings.sqlite")
    with staged(create_app(make_settings(instance, key_file))) as made:
        made.app.config["WTF_CSRF_ENABLED"] = True
        yield made


def test_what_was_typed_comes_back(stage: Stage) -> None:
    rules = [
        str(rule)
        for rule in stage.app.url_map.iter_rules()
        if {"GET", "POST"} <= (rule.methods or set())
        and access.access_of(stage.app, rule.endpoint) != "public"
    ]
    seen, lost = set(), []
    for route in rules:
        for who in WHO:
            outcome = _try(stage, who, stage.world.path(route))
            if outcome is not None:
                seen.add(route)
                if outcome:
                    lost.append(f"{route} as {who}: {outcome}")
                break
    assert not lost, "\n".join(lost)
    assert len(seen) > 30, sorted(seen)


def test_of_every_form_what_is_typed_is_known_and_nothing_else_is(stage: Stage) -> None:
    """For a page that no longer has the form: one-word texts too, no choice, token or password."""
    seen, wrong = 0, []
    for route, page in _pages(stage):
        for fields, names in forms_in(page):
            form = fields.get("form_token", [""])[0].partition(".")[2]
            words = {name: f"Word{number}" for number, name in enumerate(sorted(fields))}
            found = {one.text for one in texts(form, words.items())}
            seen += len(names)
            more = {name for name in words if words[name] in found} - names
            less = {name for name in names if words[name] not in found}
            if form and (less or more - _written_in(page) - FIXED):
                wrong.append(f"{route} {form}: not {sorted(less)}, but {sorted(more)}")
    assert not wrong, "\n".join(wrong)
    assert seen > 200


def _written_in(page: str) -> set[str]:
    """The names of fields for dates, times and numbers, and of those that can only be read."""
    inputs = re.findall(r"<input[^>]*>", page)
    kinds = re.compile(r'type="(?:date|time|number|text)"')
    return {
        named[1]
        for one in inputs
        if kinds.search(one) and (named := re.search(r'name="([^"]+)"', one))
    }


def _pages(stage: Stage) -> Iterator[tuple[str, str]]:
    for who in WHO:
        viewer = stage.world.viewers[who]
        assert viewer is not None
        client = stage.app.test_client()
        _come_in(stage, client, viewer)
        for rule in stage.app.url_map.iter_rules():
            if {"GET", "POST"} <= (rule.methods or set()):
                answer = client.get(stage.world.path(str(rule)))
                if answer.status_code == 200 and answer.mimetype == "text/html":
                    with stage.app.test_request_context():
                        yield str(rule), answer.get_data(as_text=True)


def _try(stage: Stage, who: str, path: str) -> str | None:
    """Type, be signed out, send, come back: what is lost; None where there is nothing to type."""
    viewer = stage.world.viewers[who]
    assert viewer is not None
    client = stage.app.test_client()
    with stage.app.app_context():
        factories.sign_in(client, viewer)
    answer = client.get(path)
    if answer.status_code != 200:
        return None
    forms = forms_in(answer.get_data(as_text=True))
    typed = next((one for one in (_typed(*form) for form in forms) if one), None)
    if typed is None:
        return None
    with stage.app.app_context(), transaction() as session:
        session.execute(update(WebSession).values(ended_at=clock.now()))
    sent = client.post(path, data=typed)
    if not (sent.location or "").startswith("/sign-in"):
        return f"answered {sent.status_code} {sent.location}"
    _come_in(stage, client, viewer)
    page = client.get(path).get_data(as_text=True)
    if BACK not in page:
        return "not back"
    fields = [one for one, _texts in forms_in(page) if set(typed) <= set(one)]
    times = sum(_same(typed, one) for one in fields)
    return "" if times == 1 else f"in {times} forms"


def _come_in(stage: Stage, client: FlaskClient, viewer: Viewer) -> None:
    with stage.app.app_context():
        token = factories.link(viewer)
    come_in_by(client, token)


def _typed(form: Fields, texts: set[str]) -> Fields | None:
    """The form with something in each field of text; None where it has no such field."""
    names = [name for name in texts if len(form[name]) == 1]
    if "." not in form.get("form_token", [""])[0] or not names:
        return None
    return form | {name: [TYPED] for name in names}


def _same(typed: Fields, found: Fields) -> bool:
    apart = {"csrf_token", "form_token"}
    return all(
        [value.casefold() for value in found[name]] == [value.casefold() for value in values]
        for name, values in typed.items()  # some fields make capitals of what is typed
        if name not in apart
    )
