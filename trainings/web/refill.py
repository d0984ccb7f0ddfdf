"""What was typed into a form whose session had ended: kept for an hour, then put back.

The door (``web/access.py``) keeps it, if the form shows by its token that it was made in that
session. After signing in, ``PlainForm`` puts it back into the same form of the same page, which
says so; nothing is ever sent by itself. See docs/decisions/2026-11-28-ended-sessions.md.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from enum import Enum, auto
from typing import NamedTuple

from flask import Flask, Response, current_app, g, request, session
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import MultiDict
from wtforms import Form

from trainings.core import clock, db, versions
from trainings.core.hooks import Hook
from trainings.web.typed import Written, leaf_of, secret_names, written

MOST = 64 * 1024  # bytes of one form; what is longer is not kept
# In the signed visit cookie: until when something may be kept for who is here; for whom something
# was kept after they signed out here, with the key to it.
_UNTIL, _HERE = "unsent", "unsent_here"
_TOKENS = frozenset({"csrf_token", "form_token"})


class Ended(NamedTuple):
    """A session that has ended: whose it was, and whether they sign in with a password.

    ``here``: they signed out of it in this browser, and what is kept of it comes back here alone.
    """

    account_id: str
    session_id: str
    password: bool
    here: bool = False


class Waiting(NamedTuple):
    """A kept form: its number, its opened content, until when it is kept."""

    id: str
    content: str
    until: datetime


class Fate(Enum):
    """What became of the form of a request whose session had ended."""

    KEPT = auto()
    KEPT_HERE = auto()
    TOO_LONG = auto()
    NOTHING_TYPED = auto()


keep: Hook[[Ended, str, str], None] = Hook("refill.keep")
of_page: Hook[[str, str], Waiting | None] = Hook("refill.of_page")
newest: Hook[[str], Waiting | None] = Hook("refill.newest")
use_up: Hook[[str, str], None] = Hook("refill.use_up")


class Typed:
    """What was typed into a form of the page at hand, and whether it is back in its fields."""

    def __init__(self, waiting: Waiting) -> None:
        kept = json.loads(waiting.content)
        self.id = waiting.id
        self.address: str = kept["address"]
        self.form: str = kept["form"]
        self.pairs: list[tuple[str, str]] = [(name, value) for name, value in kept["pairs"]]
        self.files: bool = kept["files"]
        self.here: str = kept.get("here", "")
        self.back = self.shown = False

    @property
    def texts(self) -> list[Written]:
        """What was written, for a page that no longer has the form."""
        return texts(self.form, self.pairs)


def texts(form: str, pairs: Iterable[tuple[str, str]]) -> list[Written]:
    """Of what was sent, what somebody typed."""
    return written(form, ((name, value) for name, value in pairs if name != versions.VERSION))


def session_mark(session_id: str) -> str:
    """What the tokens of forms made in a session are signed from; does not reveal the session."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"csrf|{session_id}".encode(), hashlib.sha256).hexdigest()


def made_in(session_id: str) -> bool:
    """Whether the form of this request was made in a session: no other site can have sent it."""
    signed = URLSafeTimedSerializer(str(current_app.secret_key), salt="wtf-csrf-token")
    try:
        mark = signed.loads(request.form.get("csrf_token", ""))
    except BadData:
        return False
    return hmac.compare_digest(str(mark), session_mark(session_id))


def typed_pairs() -> list[tuple[str, str]]:
    """What this request's form holds, without passwords, tokens and uploaded files."""
    secret = secret_names()
    return [
        (name, value)
        for name, values in request.form.lists()
        if name  # a part may have none
        and name not in _TOKENS
        and leaf_of(name) not in secret
        and "password" not in name
        and not name.startswith(versions.KEEP)
        for value in values
    ]


def form_name() -> str:
    """The name of the form that this request sends; empty if it does not say."""
    return request.form.get("form_token", "").partition(".")[2]


def keep_typed(was: Ended, page: Callable[[str], str]) -> Fate:
    """Keep what this request's form holds for the account of an ended session.

    ``page`` gives the address of the page that shows the form.
    """
    form = form_name()
    pairs = typed_pairs()
    if not form or not any(value for name, value in pairs if name != versions.VERSION):
        return Fate.NOTHING_TYPED
    path = page(request.path)
    whole = path == request.path and request.query_string
    address = request.full_path if whole else path
    content = json.dumps(
        {
            "address": address,
            "form": form,
            "pairs": pairs,
            "files": bool(request.files),
            "here": _key_of_here(was) if was.here else "",
        },
        ensure_ascii=False,
    )
    if len(content.encode()) > MOST:
        return Fate.TOO_LONG
    keep(was, path, content)
    return Fate.KEPT_HERE if was.here else Fate.KEPT


def _key_of_here(was: Ended) -> str:
    """The key without which this account does not get back what is kept after signing out here."""
    account_id, key = session.get(_HERE, ("", ""))
    if account_id != was.account_id:
        key = db.new_key()
        session[_HERE] = [was.account_id, key]
    return str(key)


def left_for(account_id: str) -> Callable[[], None]:
    """What of the visit so far stays when somebody signs in, to be put into the new one."""
    kept = session.get(_HERE)

    def put() -> None:
        if kept and kept[0] == account_id:
            session[_HERE] = kept

    return put


def expect(account_id: str) -> str | None:
    """Look for what is kept for who has just signed in; the address of the newest page, if any."""
    found = newest(account_id)
    if found is None:
        return None
    session[_UNTIL] = int(found.until.timestamp())
    typed = Typed(found)
    return typed.address if _belongs_here(typed) else None


def here() -> Typed | None:
    """What is kept for the viewer and this page; looked for once a request."""
    if "typed" not in g:
        g.typed = _look()
    found: Typed | None = g.typed
    return found


def _look() -> Typed | None:
    until = session.get(_UNTIL)
    if until is None or request.method != "GET" or not current_user.is_authenticated:
        return None
    if until < clock.now().timestamp():
        session.pop(_UNTIL)
        return None
    if request.headers.get("HX-Request"):
        return None
    found = of_page(current_user.get_id(), request.path)
    typed = None if found is None else Typed(found)
    return typed if typed and _belongs_here(typed) else None


def _belongs_here(typed: Typed) -> bool:
    """Whether it may come back in this browser: after a sign-out only where that was done."""
    return typed.here in ("", session.get(_HERE, ("", ""))[1])


def typed_for(form: Form) -> MultiDict[str, str] | None:
    """What was typed into this form, to be put back into its fields; None if nothing is kept."""
    found = here()
    if found is None or found.form != type(form).__name__:
        return None
    names = [field.name for field in form]
    if not any(
        typed == name or typed.startswith(f"{name}-") for typed, _ in found.pairs for name in names
    ):
        return None
    found.back = True
    return MultiDict(found.pairs)


def version_of(form: Form) -> str:
    """The marks of the values that a form showed when it was typed into; empty if it was not."""
    found = here()
    if found is None or found.form != type(form).__name__:
        return ""
    return dict(found.pairs).get(versions.VERSION, "")


def shown() -> Typed | None:
    """For the page: what it says about what was typed; saying it uses it up."""
    found = here()
    if found is not None:
        found.shown = True
    return found


def _use_up(response: Response) -> Response:
    found: Typed | None = g.get("typed")
    if found is not None and found.shown and response.status_code == 200:
        db.form_token.set(None)
        try:
            use_up(found.id, current_user.get_id())
        except OperationalError:  # the database is busy: it is deleted within the hour
            current_app.logger.warning("kept form not used up")
    return response


def init_app(app: Flask) -> None:
    """Put back what was typed, once."""
    app.after_request(_use_up)
    app.jinja_env.globals.update(typed_before=shown)
