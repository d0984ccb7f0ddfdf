"""What somebody typed into a form, told from what they chose and from what the page put there.

A form that comes too late, or whose page is gone, can no longer be filled in. What was typed is
then shown to be copied: every field that people type into, never a password, a token or a choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    MultipleFileField,
    PasswordField,
    SubmitField,
)
from wtforms.fields.choices import SelectFieldBase
from wtforms.widgets import HiddenInput

_NOT_TYPED = (
    BooleanField,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    MultipleFileField,
    PasswordField,
    SelectFieldBase,
    SubmitField,
)

# Each class of forms is looked into once: there are hundreds, with a hundred attributes each.
_looked_into: WeakKeyDictionary[type[Form], list[tuple[str, Any]]] = WeakKeyDictionary()


class _Gathered(NamedTuple):
    """The fields of every form, by the form's name and their own; the names of password fields."""

    fields: Mapping[str, Mapping[str, Sequence[Any]]]
    secret: frozenset[str]


class Written(NamedTuple):
    """A text that somebody typed, and the words beside its field; empty where nobody knows."""

    label: str
    text: str


def written(form: str, pairs: Iterable[tuple[str, str]]) -> list[Written]:
    """Of what was sent, what was typed. ``form``: the form's name, empty if it is not known."""
    known = _gathered().fields
    own = known.get(form, {})
    found = []
    for name, value in pairs:
        text, leaf = value.strip(), leaf_of(name)
        fields = (
            own.get(name)
            or own.get(leaf)
            or [one for fields in known.values() for one in fields.get(leaf, ())]
        )
        # of a name that no form has, or several of different kinds: what reads like a text
        sure = {_is_typed(one) for one in fields}
        if text and (sure == {True} or (sure != {False} and (" " in text or "\n" in text))):
            labels = {str(label) for one in fields if (label := _label(one))}
            found.append(Written(labels.pop() if len(labels) == 1 else "", text))
    return found


def leaf_of(name: str) -> str:
    """The name of a field within its own form: ``title`` of ``sessions-3-title``."""
    return name.rpartition("-")[2]


def secret_names() -> frozenset[str]:
    """The names of all password fields of the house, whichever form they are in."""
    return _gathered().secret


def _gathered() -> _Gathered:
    """What the forms of the house hold, as they are now: pages with questions make some anew."""
    return _gather(tuple(_below(Form)))


@lru_cache(maxsize=1)
def _gather(forms: tuple[type[Form], ...]) -> _Gathered:
    found: dict[str, dict[str, list[Any]]] = {}
    secret = set()
    for form in forms:
        fields = found.setdefault(form.__name__, {})
        for name, field in _unbound(form):
            fields.setdefault(name, []).append(field)
            if issubclass(field.field_class, PasswordField):
                secret.add(name)
    return _Gathered(found, frozenset(secret))


def _below(form: type[Form]) -> Iterator[type[Form]]:
    for one in form.__subclasses__():
        yield one
        yield from _below(one)


def _unbound(form: type[Form]) -> list[tuple[str, Any]]:
    if form not in _looked_into:
        named = ((name, getattr(form, name, None)) for name in dir(form))
        _looked_into[form] = [
            (name, one)
            for name, one in named
            if isinstance(getattr(one, "field_class", None), type)
        ]
    return _looked_into[form]


def _is_typed(unbound: Any) -> bool:
    hidden = isinstance(unbound.kwargs.get("widget"), HiddenInput)
    return not hidden and not issubclass(unbound.field_class, _NOT_TYPED)


def _label(unbound: Any) -> Any:
    first = unbound.args[0] if unbound.args else None
    return unbound.kwargs.get("label", first)
