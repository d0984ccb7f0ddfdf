"""Two people at once: a form knows what it showed, and asks if that has changed in the meantime.

``Form.of(load)`` makes the form of a kept thing. Its page carries a mark of every value it showed;
``showing_refusal`` hands them to the operation, which calls ``check`` once it holds its lock.
See docs/decisions/2026-11-27-versions.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, time
from typing import Any, NamedTuple

from flask import request
from wtforms import BooleanField, Field, FileField, Form

from trainings.core import sealed
from trainings.core.dates import in_full
from trainings.core.errors import Refusal
from trainings.core.i18n import LANGUAGES, LazyText, _, _l

VERSION = "version"  # the hidden field with the marks
KEEP = "keep-"  # in front of a field's name: which of both values to keep
MINE, THEIRS = "mine", "theirs"
_PER_LANGUAGE: Mapping[str, LazyText] = {
    "title": _l("Title"),
    "text": _l("Description"),
    "objectives": _l("Objectives"),
    "finding": _l("Findings"),
    "short": _l("Short name"),
    "name": _l("Name"),
    "hint": _l("Hint"),
    "options": _l("Options"),
    "follow": _l("Follow-up question"),
    "said": _l("What the law says"),
    "question": _l("Question"),
}


class Changed(Refusal):
    """Somebody else changed what the form shows; nothing is saved until it is said what to keep."""

    sentence = _l(
        "Somebody else changed this while you were working on it. Nothing has been saved yet. "
        "Choose what to keep, then save again."
    )


class Difference(NamedTuple):
    """A field that somebody else changed: both values in words, and which one is proposed."""

    name: str
    label: str
    mine: str
    theirs: str
    proposed: str
    choice: bool  # an uploaded file has to be chosen again: there is nothing to keep


class Kept:
    """The kept thing behind a form: how to load its values, and the marks of those shown."""

    def __init__(
        self,
        form: Form,
        load: Callable[[], Mapping[str, Any]],
        reads: Callable[[], None],
        version: str = "",
    ) -> None:
        self._form, self._load, self._reads = form, load, reads
        self.differences: list[Difference] = []
        self.checked = False
        self._version = request.form.get(VERSION, "") if request.method == "POST" else version

    def take_theirs(self) -> None:
        """Put the kept value into every field for which that was chosen."""
        chosen = [
            name.removeprefix(KEEP)
            for name, which in request.form.items()
            if name and name.startswith(KEEP) and which == THEIRS  # a part may have no name
        ]
        if not chosen:
            return
        values = self._load()
        for name in chosen:
            if name in self._form and name in values:
                field = self._form[name]
                field.process(None, values[name])
                field.raw_data = None
                shown = field._value() if hasattr(field, "_value") else field.data
                field.raw_data = list(shown) if isinstance(shown, list) else [shown]

    def version(self) -> str:
        """The marks for the page: as they came with the form, or of what it shows now."""
        return self._version or _written(self._marks(self._now()))

    def check(self) -> None:
        """Compare with what is kept now. Raises ``Changed``."""
        self.checked = True
        if not self._version:
            return
        now = self._now()
        marks, shown = self._marks(now), _read(self._version)
        changed = [
            name
            for name, value in now.items()
            if marks[name] != shown.get(name) and not _same(value, self._form[name].data)
        ]
        if changed:
            self.differences = [self._difference(name, now[name], shown) for name in changed]
            self._version = _written(marks)
            raise Changed

    def note_read(self) -> None:
        """Log that the other person's values are shown."""
        self._reads()

    def _now(self) -> dict[str, Any]:
        """The kept values as the form's fields hold them."""
        values = self._load()
        return {
            name: _filled(self._form[name], value).data
            for name, value in values.items()
            if name in self._form
        }

    def _marks(self, values: Mapping[str, Any]) -> dict[str, str]:
        return {name: _mark(name, value) for name, value in values.items()}

    def _difference(self, name: str, theirs: Any, shown: Mapping[str, str]) -> Difference:
        field = self._form[name]
        untouched = _mark(name, field.data) == shown.get(name)
        if isinstance(field, FileField):
            return Difference(name, str(field.label.text), "", "", MINE, choice=False)
        return Difference(
            name,
            _label(field),
            in_words(field),
            in_words(_filled(field, theirs)),
            THEIRS if untouched else MINE,
            choice=True,
        )


_sent: ContextVar[Kept | None] = ContextVar("sent", default=None)


@contextmanager
def sending(kept: Kept | None) -> Iterator[None]:
    """While the operation runs, ``check`` looks at this form's marks.

    Raises ``RuntimeError`` if the operation was done without looking.
    """
    before = _sent.set(kept)
    try:
        yield
        if kept is not None and not kept.checked:
            raise RuntimeError("a kept thing was changed without versions.check()")
    finally:
        _sent.reset(before)


def check() -> None:
    """Called by an operation under its lock, before it changes anything. Raises ``Changed``."""
    kept = _sent.get()
    if kept is not None:
        kept.check()


def in_words(field: Field) -> str:
    """What a field holds, as the reader would say it."""
    if isinstance(field, BooleanField):
        return _("Yes") if field.data else _("No")
    if hasattr(field, "iter_choices"):
        labels = [str(option.label.text) for option in field if option.checked]
        return ", ".join(label for label in labels if label) or _("(empty)")
    value = field.data
    if isinstance(value, date):
        return in_full(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return _("(empty)") if value is None or value == "" else str(value)


def _label(field: Field) -> str:
    """The field's label; of a text per language, the text's name in front of the language's."""
    label = str(field.label.text)
    for code in LANGUAGES:
        if field.name.endswith(f"_{code}"):
            prefix = field.name.removesuffix(f"_{code}").rpartition("_")[2]
            return f"{_PER_LANGUAGE[prefix]} · {label}" if prefix in _PER_LANGUAGE else label
    return label


def _filled(field: Field, value: Any) -> Field:
    """A copy of a field that holds another value."""
    other: Field = object.__new__(type(field))  # a field's own maker would leave it without form
    vars(other).update(vars(field))
    if isinstance(field, FileField):
        other.data = value
    else:
        other.process(None, value)
        other.raw_data = None
    return other


def _plain(value: Any) -> Any:
    """A value without what browsers change: line ends, blanks around, empty or missing."""
    if isinstance(value, str):
        return "\n".join(value.split("\r\n")).strip() or None
    return value or None


def _same(one: Any, other: Any) -> bool:
    return bool(_plain(one) == _plain(other))


def _mark(name: str, value: Any) -> str:
    said = json.dumps(_plain(value), default=str, sort_keys=True)
    return sealed.blind_index("version", f"{name}|{said}")[:10]


def _written(marks: Mapping[str, str]) -> str:
    return " ".join(f"{name}~{mark}" for name, mark in marks.items())


def _read(version: str) -> dict[str, str]:
    pairs = (word.partition("~") for word in version.split(" "))
    return {name: mark for name, _tilde, mark in pairs}
