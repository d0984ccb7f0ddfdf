"""What somebody sends, and how much: more than usual only to a view that takes large files.

Such a view says so itself, and who may send it that much: the web server asks before it receives
more than a few megabytes (``serving/front.py``), and the application again.
See docs/decisions/2026-11-28-materials.md.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any, TypeVar, cast

from flask import Flask, Request, current_app, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import FormDataParser
from werkzeug.routing import IntegerConverter

from trainings.core import config
from trainings.core.errors import NotFound
from trainings.web.spool import IN_MEMORY, Spool

View = TypeVar("View", bound=Callable[..., Any])
ALLOWANCE = 1024 * 1024  # for the other fields of the form, and what separates them


class NamedParts(FormDataParser):
    """Reads forms and leaves out parts without a name, which no form of a browser has."""

    def parse(self, *given: Any, **named: Any) -> tuple[IO[bytes], Any, Any]:
        """The rest of the body, the fields and the files, each by its name."""
        stream, form, files = super().parse(*given, **named)
        return stream, _named(form), _named(files)


def _named(parts: Any) -> Any:
    if None not in parts:
        return parts
    for nameless in parts.getlist(None):
        if isinstance(nameless, FileStorage):
            nameless.close()
    return type(parts)([(name, one) for name, one in parts.items(multi=True) if name is not None])


class FormRequest(Request):
    """A request whose body is a form, or nothing to us: JSON may nest deeper than we can follow."""

    form_data_parser_class = NamedParts

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """Where an uploaded file is kept meanwhile: never in clear on the disk."""
        if total_content_length is not None and total_content_length <= IN_MEMORY:
            return BytesIO()
        return cast("IO[bytes]", Spool(config.settings().instance))

    @property
    def is_json(self) -> bool:
        """Never: so that no form reads it."""
        return False


class ShortNumber(IntegerConverter):
    """A number in an address: of no more digits than anything here is counted to."""

    regex = "[0-9]{1,9}"


def takes_large(most: Callable[..., int]) -> Callable[[View], View]:
    """Mark a view that takes a large file.

    ``most`` gets the gaps of the address and says how large the file may be; it raises
    ``NotFound`` where the viewer may send nothing there.
    """

    def mark(view: View) -> View:
        view._largest = most  # type: ignore[attr-defined]
        return view

    return mark


def largest() -> int:
    """How many bytes the body of this request may have."""
    usual: int = current_app.config["MAX_CONTENT_LENGTH"]
    most = getattr(current_app.view_functions.get(request.endpoint or ""), "_largest", None)
    if most is None or request.method != "POST" or (request.content_length or 0) <= usual:
        return usual
    try:
        allowed: int = most(**(request.view_args or {})) + ALLOWANCE
        return max(usual, allowed)
    except NotFound:
        return usual


def asked_before(app: Flask, environ: dict[str, Any]) -> int:
    """The same of a request whose body has not been received, for the web server."""
    with app.request_context(environ):
        try:
            return largest()
        except HTTPException:
            return int(app.config["MAX_CONTENT_LENGTH"])


def megabytes() -> int:
    """The same of a file in this request, as people are told."""
    most = request.max_content_length or current_app.config["MAX_CONTENT_LENGTH"]
    return int((most - ALLOWANCE) // (1024 * 1024))


def _allow() -> None:
    request.max_content_length = largest()


def init_app(app: Flask) -> None:
    """Bound each request's body; before anything reads it."""
    app.before_request(_allow)
