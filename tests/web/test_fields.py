"""What forms do with typed text: pasted characters go, one name alone is enough, no pictures."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateTimeField,
    Field,
    Form,
    IntegerField,
    PasswordField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.widgets import EmailInput, Select, TextArea

from trainings.accounts.forms import DetailsForm, InviteForm, SignInForm
from trainings.core.addresses import TwoDots
from trainings.core.i18n import _l
from trainings.participants.apply_forms import IdentityForm
from trainings.planning.forms import Code
from trainings.registrations.forms import CandidateForm
from trainings.rosters.forms import TrainerForm
from trainings.web.fields import MailLine, OneOf, Options
from trainings.web.forms import PlainForm

PASTED, KEPT = "\ufeff ab\t\u200bcd\u00ad\r\n", "ab cd"
NAMING = (CandidateForm, DetailsForm, IdentityForm, InviteForm, TrainerForm)


def _all(kind: type[FlaskForm]) -> set[type[FlaskForm]]:
    return {one for child in kind.__subclasses__() for one in (child, *_all(child))}


def ours() -> list[type[FlaskForm]]:
    return [one for one in _all(FlaskForm) if one.__module__.startswith("trainings.")]


def test_every_form_loses_what_pasting_brings_along(app: Flask) -> None:
    """A form that is not one of ours would keep it; a password is taken as it was typed."""
    seen = 0
    for kind in ours():
        assert issubclass(kind, PlainForm), f"{kind} is no PlainForm"
        for name, unbound in vars(kind).items():
            made = getattr(unbound, "field_class", None)
            if made is None or not issubclass(made, StringField):
                continue
            typed, kept = PASTED, KEPT
            if issubclass(made, MailLine):
                typed, kept = "\ufeff ana@unit\u200b.example\t\r\n", "ana@unit.example"
            if issubclass(made, Code):
                kept = KEPT.upper()
            lines = isinstance(unbound.kwargs.get("widget", made.widget), TextArea)
            with app.test_request_context(method="POST", data={name: typed}):
                field = kind.Meta().bind_field(None, unbound, {"name": name, "_meta": kind.Meta()})
                field.process(MultiDict({name: typed}))
            if issubclass(made, PasswordField):
                assert field.data == typed
            elif not lines:
                seen += 1
                assert field.data == kept, (kind, name)
    assert seen > 50


FAR_DAYS = ("0001-01-01", "0027-03-01", "1899-12-31", "2200-01-01", "9999-12-31")
LONG_NUMBERS = ("9" * 400, "-" + "9" * 400, "9" * 5000, "1000000000")


@pytest.mark.parametrize(
    ("of", "typed"),
    [
        *((DateTimeField, typed) for typed in FAR_DAYS),
        *((IntegerField, typed) for typed in LONG_NUMBERS),
    ],
)
def test_no_field_takes_a_day_or_a_number_far_from_all_that_we_reckon_with(
    app: Flask, of: type[Field], typed: str
) -> None:
    seen = 0
    for kind in ours():
        for name, unbound in vars(kind).items():
            made = getattr(unbound, "field_class", None)
            if made is None or not issubclass(made, of):
                continue
            with app.test_request_context(method="POST", data={name: typed}):
                field = kind.Meta().bind_field(None, unbound, {"name": name, "_meta": kind.Meta()})
                field.process(MultiDict({name: typed}))
            seen += 1
            assert field.data is None and field.process_errors, (kind, name)
    assert seen > 15


def test_an_option_is_drawn_as_wtforms_draws_it() -> None:
    awkward = '<b> & "quotes" \'s'
    choices = [
        SelectChoice("", "–"),
        SelectChoice(awkward, awkward),
        SelectChoice(7, _l("Seven")),
        SelectChoice(True, "yes"),
        SelectChoice("plain", ""),
        SelectChoice("more", "More", render_kw={"data-on": "1"}),
    ]

    class Both(Form):  # type: ignore[misc]
        ours = OneOf(choices=choices)
        theirs = SelectField(choices=choices)

    for chosen in ("", awkward, "7", "plain", "more", "none of them"):
        form = Both(MultiDict({"ours": chosen, "theirs": chosen}))
        drawn, theirs = str(form.ours()), str(form.theirs())
        assert drawn.count("<option ") == len(choices) and "<b>" not in drawn
        assert unescape(drawn).replace("ours", "theirs") == unescape(theirs)
        assert drawn.count("selected ") == theirs.count("selected ") <= 1


def test_every_list_to_choose_from_is_drawn_by_us(app: Flask) -> None:
    lists = [
        made
        for kind in ours()
        for unbound in vars(kind).values()
        for made in (getattr(unbound, "field_class", None),)
        if made is not None and isinstance(getattr(made, "widget", None), Select)
        if not made.widget.multiple  # those are drawn as boxes to tick
    ]
    assert len(lists) > 20
    assert {type(made.widget) for made in lists} == {Options}


def test_every_field_for_an_address_says_what_is_wrong_with_it(app: Flask) -> None:
    """Only signing in takes whatever is typed, so that every wrong address gets one answer."""
    fields = [
        (kind, name, unbound)
        for kind in ours()
        for name, unbound in vars(kind).items()
        if isinstance(getattr(getattr(unbound, "field_class", None), "widget", None), EmailInput)
    ]
    lenient = {(kind, name) for kind, name, one in fields if one.field_class is not MailLine}
    assert lenient == {(SignInForm, "mail")}
    assert len(fields) > 5
    for kind, name, unbound in fields:
        if (kind, name) not in lenient:
            form = unbound.bind(form=None, name=name, _meta=kind.Meta())
            with app.test_request_context():
                form.process(MultiDict({name: "ana@unit..example"}))
            assert form.process_errors == [str(TwoDots())], (kind, name)


@pytest.mark.parametrize("kind", NAMING)
@pytest.mark.parametrize("names", [("", "Sukarno"), ("Sukarno", ""), (" ", "\u200b")])
def test_one_name_alone_is_enough_in_either_field(
    app: Flask, kind: type[FlaskForm], names: tuple[str, str]
) -> None:
    form = _sent(app, kind, *names)
    missing = not any(name.strip("\u200b ") for name in names)
    assert bool(form.errors.get("family_name")) is missing
    assert "given_name" not in form.errors


@pytest.mark.parametrize("kind", [kind for kind in NAMING if kind is not IdentityForm])
def test_a_picture_in_a_name_is_refused_at_its_field(app: Flask, kind: type[FlaskForm]) -> None:
    """The applicant's own form is cleaned by the operation, which names the field too."""
    assert "given_name" in _sent(app, kind, "Ana 😀", "Lima").errors


def _sent(app: Flask, kind: type[FlaskForm], given: str, family: str) -> FlaskForm:
    data = {"given_name": given, "family_name": family}
    with app.test_request_context(method="POST", data=data):
        form = kind(meta={"csrf": False})
        for field in form:
            if getattr(field, "choices", 0) is None:
                field.choices = []
        form.validate()
    return form
