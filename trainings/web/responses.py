"""What views answer with: a PDF, the address that leads on, a link for an email or on paper."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Response, current_app, request, url_for
from werkzeug.datastructures import MultiDict

from trainings.core import config
from trainings.web.access import UNATTENDED


def pdf(content: bytes, name: str, *, kept: bool = False) -> Response:
    """A PDF with a file name; ``kept``: to be saved at once, not shown."""
    how = "attachment" if kept else "inline"
    headers = {"Content-Disposition": f'{how}; filename="{name}.pdf"'}
    return Response(content, mimetype="application/pdf", headers=headers)


def safe_next(target: str | None, otherwise: str) -> str:
    """Where to redirect after signing in: a path of this site, never another site."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return otherwise
    if "\\" in target or not target.isprintable():  # browsers drop tabs and line breaks
        return otherwise
    parts = urlsplit(target)
    return otherwise if parts.scheme or parts.netloc else target


def here_with(**changes: object) -> str:
    """This page's address with some names of its query changed; None takes a name away.

    The query is written here: names in it must not reach ``url_for``, which has names of its own.
    """
    query = MultiDict(request.args)
    query.poplist(UNATTENDED)  # what is clicked on a page that asks by itself is use
    for name, value in changes.items():
        query.poplist(name)
        if value is not None:
            query[name] = str(value)
    path = url_for(str(request.endpoint), **(request.view_args or {}))
    return f"{path}?{urlencode(list(query.items(multi=True)))}" if query else path


def external_url(endpoint: str, **values: Any) -> str:
    """A link for emails and documents, built from the configured base address only."""
    path = current_app.url_map.bind("localhost").build(endpoint, values)
    return f"{config.settings().base_url}{path}"


def external_path(path: str) -> str:
    """A path of this site as a link for emails, from the configured base address only."""
    return f"{config.settings().base_url}{path}"
