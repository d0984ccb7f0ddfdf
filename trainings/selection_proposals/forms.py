"""What an organiser types as minima of a selection: checks its shape only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import SelectMultipleField, StringField, ValidationError

from trainings.core.i18n import _, _l
from trainings.saved_views.rules import View
from trainings.selection_proposals.rules import (
    FIRST,
    UNIT,
    WOMEN,
    YEARS,
    MinimumUnread,
    TableSort,
    amount,
)
from trainings.web.forms import Form, PlainForm

_LONGEST = 20


class MinimumField(StringField):  # type: ignore[misc]
    """A number or a share; empty: nothing is asked."""

    def __init__(self, what: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.what = what

    def pre_validate(self, _form: Form) -> None:
        """Refuse what is neither a number nor a share."""
        typed = (self.data or "").strip()
        if not typed:
            return
        try:
            amount(self.what, typed[:_LONGEST])
        except MinimumUnread as refusal:
            raise ValidationError(str(refusal)) from None


def sort_words() -> dict[str, str]:
    """The orders of the table in words."""
    return {
        "": _("Country and priority"),
        TableSort.SCORE: _("Score"),
        TableSort.FAR: _("To be talked over first"),
        TableSort.UNREAD: _("Not read by both first"),
    }


class TickForm(PlainForm):
    """The candidates who are ticked in the table, its order, and whom it shows."""

    numbers = SelectMultipleField(validate_choice=False)
    sort = StringField()
    view = StringField()  # a saved view of the candidates
    country = StringField()
    function = StringField()
    everyone = StringField()  # the button that shows all again

    def asked(self, views: Iterable[View]) -> dict[str, str]:
        """Whom to show, as the address of the list of candidates has it."""
        if self.everyone.data:
            self.view.data = self.country.data = self.function.data = ""
        view = next((one for one in views if one.id == self.view.data), None)
        typed = {"country": self.country.data or "", "function": self.function.data or ""}
        return {
            **(view.asked if view else {}),
            **{name: value for name, value in typed.items() if value},
        }


def minima_form(functions: Mapping[str, str]) -> type[Form]:
    """The form with a field for each minimum; ``functions``: those of the course, with names."""
    fields: dict[str, Any] = {
        "of_women": MinimumField(WOMEN, label=_l("Women, at least")),
        **{
            f"of_{code}": MinimumField(code, label=_("%(who)s, at least", who=name))
            for code, name in functions.items()
        },
        "of_first": MinimumField(FIRST, label=_l("For the first time, at least")),
        "of_unit": MinimumField(UNIT, label=_l("Of one unit, at most")),
        "of_years": MinimumField(YEARS, label=_l("Nobody twice within (years)")),
    }
    return type("MinimaForm", (Form,), fields)


def minima_shown(kept: Mapping[str, str], form: type[Form]) -> dict[str, str]:
    """The kept minima by field."""
    names = [name for name in dir(form) if name.startswith("of_")]
    return {name: kept.get(name.removeprefix("of_"), "") for name in names}


def minima_typed(form: Form) -> dict[str, str]:
    """What was typed, by what it is a minimum of."""
    return {one.what: one.data or "" for one in form if isinstance(one, MinimumField)}
