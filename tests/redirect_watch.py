"""Watches every answer of the house: one that is a redirect has opened no names.

Who is sent on sees nothing of them, so there was no need, and a row of the read log would say
that there was a look.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, has_request_context, request, request_finished
from sqlalchemy import event
from sqlalchemy.engine import Engine

_LOOKED = "tests.looked"

faults: list[str] = []


def _before(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if has_request_context() and statement.startswith("INSERT INTO identity_read"):
        request.environ[_LOOKED] = True


def _finished(_sender: Flask, response: Response, **_more: Any) -> None:
    if request.environ.get(_LOOKED) and 300 <= response.status_code < 400:
        faults.append(f"{request.method} {request.url_rule}")


def start() -> None:
    """Watch from now on; what is found lies in ``faults``."""
    event.listen(Engine, "before_cursor_execute", _before)
    request_finished.connect(_finished)
