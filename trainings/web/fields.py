"""Form fields for what is typed: lines, a name, an email address, a whole number, a date."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from wtforms import DateField, Field, Form, IntegerField, SelectChoice, SelectField, StringField
from wtforms.validators import StopValidation
from wtforms.widgets import EmailInput, Select, TextArea

from trainings.core import addresses, config
from trainings.core.dates import within_reach
from trainings.core.i18n import LazyText, _l
from trainings.core.text import TextRefused, clean, clean_name
from trainings.web.templating import option

TITLE, TEXT, NAME = 200, 4000, 100
_MOST_DIGITS = 9  # more than anything here is counted to, and a number every database can hold


class Line(StringField):  # type: ignore[misc]
    """One line of text, cleaned on input; what was typed is kept for redisplay."""

    data: Any

    def __init__(self, *args: Any, maximum: int = TITLE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.maximum = maximum

    def process_formdata(self, valuelist: list[str]) -> None:
        """Clean the text, or refuse it with a message."""
        super().process_formdata(valuelist)
        try:
            self.data = self.cleaned(self.data or "")
        except TextRefused as refusal:
            raise ValueError(str(refusal)) from None

    def cleaned(self, typed: str) -> str:
        """The text as it is stored. Raises ``TextRefused``."""
        return clean(typed, self.maximum)


class Paragraphs(Line):
    """Several lines of text."""

    widget = TextArea()

    def __init__(self, *args: Any, maximum: int = TEXT, **kwargs: Any) -> None:
        super().__init__(*args, maximum=maximum, **kwargs)

    def cleaned(self, typed: str) -> str:
        """The text as it is stored. Raises ``TextRefused``."""
        return clean(typed, self.maximum, lines=True)


class NameLine(Line):
    """A person's given or family name."""

    def __init__(self, *args: Any, maximum: int = NAME, **kwargs: Any) -> None:
        super().__init__(*args, maximum=maximum, **kwargs)

    def cleaned(self, typed: str) -> str:
        """The name as it is stored. Raises ``TextRefused``."""
        return clean_name(typed, self.maximum)


class MailLine(Line):
    """An email address; one that our mail server cannot carry is refused at once."""

    widget = EmailInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, maximum=addresses.LONGEST, **kwargs)

    def cleaned(self, typed: str) -> str:
        """The address as it is stored; empty text stays empty. Raises ``TextRefused``."""
        if not typed.strip():
            return ""
        return addresses.checked(typed, beyond_ascii=config.settings().smtp.utf8)


class Named:
    """Validates a person's names: one name alone is enough, in either field."""

    def __init__(self, missing: LazyText) -> None:
        self.missing = missing

    def __call__(self, form: Form, _field: Field) -> None:
        """Raises ``StopValidation`` if given and family name are both empty."""
        if not f"{form.given_name.data or ''}{form.family_name.data or ''}".strip():
            raise StopValidation(str(self.missing))


def whole(text: str) -> int:
    """A whole number as typed; raises ``ValueError`` where it is none, and ``TooLong``.

    Its length is looked at first: a number of thousands of digits costs time and fits nowhere.
    """
    text = text.strip()
    if len(text.lstrip("+-")) > _MOST_DIGITS:
        raise TooLong(text[:_MOST_DIGITS])
    return int(text)


class TooLong(ValueError):
    """More digits than any number of ours has, or no number at all."""


class Options(Select):  # type: ignore[misc]
    """Draws a list to choose from; of 250 countries each option counts."""

    @classmethod
    def render_option(cls, choice: SelectChoice, **more: Any) -> Markup:
        """One option, the same as WTForms draws it."""
        if more or choice.render_kw:
            drawn: Markup = super().render_option(choice, **more)
            return drawn
        return option(str(choice.value), choice.label or choice.value, chosen=choice.selected)


class OneOf(SelectField):  # type: ignore[misc]
    """One of several, from a list that opens."""

    widget = Options()


class Whole(IntegerField):  # type: ignore[misc]
    """A whole number; anything else is refused in our own words."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, or ask for digits."""
        if not valuelist:
            return
        try:
            self.data = whole(valuelist[0])
        except ValueError as error:
            self.data = None
            if isinstance(error, TooLong) and valuelist[0].strip().lstrip("+-").isdecimal():
                raise ValueError(str(_l("This number is too large."))) from None
            raise ValueError(str(_l("Enter a whole number in digits."))) from None


DATE_WRONG = _l("Enter a date with day, month and year.")


class Day(DateField):  # type: ignore[misc]
    """A date; an invalid one, or one far from all that we reckon with, is refused in our words."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date, or say how to write one."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(DATE_WRONG)) from None
        if self.data is not None and not within_reach(self.data):
            self.data = None
            raise ValueError(str(DATE_WRONG))
