"""What views share: the base form, how a refusal is shown, addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import IO, Any, Self, cast
from urllib.parse import urlencode, urlsplit

from flask import Request, Response, current_app, flash, request, url_for
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.formparser import FormDataParser
from werkzeug.routing import IntegerConverter, Map
from wtforms import Field, FileField, HiddenField, PasswordField, StringField
from wtforms.widgets import TextArea

from trainings.core import config, db, refill, versions
from trainings.core.access import UNATTENDED
from trainings.core.errors import Refusal
from trainings.core.form_words import FormWords
from trainings.core.spool import IN_MEMORY, Spool
from trainings.core.text import pasted

MOST_COUNTED = 999_999_999


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


class Counted(IntegerConverter):
    """A number in an address: of no more digits than anything here is counted to."""

    def __init__(self, ways: Map, **given: Any) -> None:
        super().__init__(ways, max=MOST_COUNTED, **given)


class TokenField(HiddenField):  # type: ignore[misc]
    """A form's one-time token; a form shown again after its token was used gets a new one.

    It ends in the name of the form, to find the form again to which what was typed belongs.
    """

    def _value(self) -> str:
        if request.form.get(self.name) and db.form_token.get() is None:
            return f"{db.new_key()}.{self.form_name}"
        return f"{str(self.data or '').partition('.')[0]}.{self.form_name}"


class PlainForm(FlaskForm):  # type: ignore[misc]
    """A form that may be sent again; one-line fields lose what pasting brings along."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """How fields are made; what WTForms says by itself is in our words."""

        def get_translations(self, _form: FlaskForm) -> FormWords:
            """The catalogue of WTForms' own messages."""
            return FormWords()

        def bind_field(self, form: FlaskForm, field: Any, options: dict[str, Any]) -> Field:
            """Every field of one line gets the filter; a password is taken as it is typed."""
            kind = field.field_class
            if (
                issubclass(kind, StringField)
                and not issubclass(kind, PasswordField)
                and not isinstance(kind.widget, TextArea)
            ):
                filters = (*field.kwargs.get("filters", ()), _without_what_was_pasted)
                options = {**options, "filters": filters}
            bound: Field = field.bind(form=form, **options)
            if isinstance(bound, TokenField):
                bound.form_name = type(form).__name__
            return bound

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """What was sent; on a page that opens, what was typed when the session had ended."""
            return refill.typed_for(form) or super().wrap_formdata(form, formdata)


def _without_what_was_pasted(value: Any) -> Any:
    return pasted(value) if isinstance(value, str) else value


class Form(PlainForm):
    """The base of forms that change something: a token makes sending it again change nothing."""

    form_token = TokenField(default=db.new_key)
    kept: versions.Kept | None = None

    @classmethod
    def of(
        cls, load: Callable[[], Mapping[str, Any]], reads: Callable[[], None] | None = None
    ) -> Self:
        """The form of a kept thing: what it shows now goes with it, to ask if that has changed.

        ``load`` gives the kept values by field, in the page and again under the operation's lock.
        ``reads``: what logs the look, where they are somebody's: only what is shown is opened.
        """
        if request.method == "POST" and reads is not None:
            form = cls()
        else:
            if reads is not None:
                reads()
            form = cls(data=dict(load()))
            for field in form:
                if isinstance(field, FileField) and isinstance(field.data, str):
                    field.data = None  # the kept file's name is no upload
        form.kept = versions.Kept(form, load, reads or (lambda: None), refill.version_of(form))
        form.kept.take_theirs()
        return form


def untouched(field: Field) -> bool:
    """Whether a field shows what the page proposes: nothing was typed, now or before signing in."""
    return field.raw_data is None


@contextmanager
def showing_refusal(form: FlaskForm) -> Iterator[None]:
    """Turn refusals inside this block into form errors, each at its field if it has one.

    The view continues after the block: it shows the form again with what was typed. If somebody
    else changed the thing in the meantime, it asks which values to keep.
    """
    kept = getattr(form, "kept", None)
    try:
        with versions.sending(kept):
            yield
    except Refusal as refusal:
        if isinstance(refusal, versions.Changed) and kept is not None:
            kept.note_read()
        show_refusals(form, refusal.parts)


def show_refusals(form: FlaskForm, refusals: Iterable[Refusal]) -> None:
    """Put refusals beside their fields; a field that is wrong already keeps its own error alone."""
    wrong = {field.name for field in form if field.errors}
    for refusal in refusals:
        field = getattr(form, refusal.field, None) if refusal.field else None
        if field is None:
            form.form_errors = [*form.form_errors, str(refusal)]
        elif field.name not in wrong:
            field.errors = [*field.errors, str(refusal)]


@contextmanager
def flashing_refusal() -> Iterator[None]:
    """For a single button: show a refusal inside this block as a message on the next page."""
    try:
        yield
    except Refusal as refusal:
        flash(str(refusal), "error")


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
