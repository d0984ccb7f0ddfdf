"""What views share: the form of the house, how a refusal is shown, addresses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import Response, current_app, flash, request
from flask_wtf import FlaskForm
from wtforms import HiddenField

from trainings.core import db
from trainings.core.errors import Refusal


class TokenField(HiddenField):  # type: ignore[misc]
    """A form's one-time token; a form shown again after its token counted gets a new one."""

    def _value(self) -> str:
        if request.form.get(self.name) and db.form_token.get() is None:
            return db.new_key()
        return str(self.data or "")


class Form(FlaskForm):  # type: ignore[misc]
    """A form of the house: CSRF, and a token that makes its second sending change nothing."""

    form_token = TokenField(default=db.new_key)


@contextmanager
def showing_refusal(form: FlaskForm) -> Iterator[None]:
    """A refusal inside this block becomes an error of the form, at its field where it has one.

    The view goes on after the block: it shows the form again with what was typed.
    """
    try:
        yield
    except Refusal as refusal:
        field = getattr(form, refusal.field, None) if refusal.field else None
        if field is not None:
            field.errors = [*field.errors, str(refusal)]
        else:
            form.form_errors = [*form.form_errors, str(refusal)]


@contextmanager
def flashing_refusal() -> Iterator[None]:
    """For a single button: a refusal inside this block becomes the message on the next page."""
    try:
        yield
    except Refusal as refusal:
        flash(str(refusal), "error")


def pdf(content: bytes, name: str, *, kept: bool = False) -> Response:
    """A PDF under a file name; ``kept``: to be stored at once, not shown."""
    how = "attachment" if kept else "inline"
    headers = {"Content-Disposition": f'{how}; filename="{name}.pdf"'}
    return Response(content, mimetype="application/pdf", headers=headers)


class Tab(NamedTuple):
    """One tab of a page: its word, where it leads, the number beside it if there is one."""

    label: str
    url: str
    number: int | None
    active: bool


def safe_next(target: str | None, otherwise: str) -> str:
    """Where to go on after signing in: a path of this site, never another site."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return otherwise
    if "\\" in target or not target.isprintable():  # browsers leave tabs and line breaks out
        return otherwise
    parts = urlsplit(target)
    return otherwise if parts.scheme or parts.netloc else target


def external_url(endpoint: str, **values: Any) -> str:
    """A link for mails and documents, built from the configured base address only."""
    path = current_app.url_map.bind("localhost").build(endpoint, values)
    return f"{current_app.extensions['settings'].base_url}{path}"


def external_path(path: str) -> str:
    """A path of this site as a link for mails, from the configured base address only."""
    return f"{current_app.extensions['settings'].base_url}{path}"
