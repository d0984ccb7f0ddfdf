"""What WTForms says by itself about a field, in our words and the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from trainings.core.i18n import LazyText, _l, ngettext

_AGAIN = _l("Check this field and enter it again.")
_CHOOSE = _l("Choose one of the options.")
_NUMBER = _l("Enter a number in digits.")

WORDS: Mapping[str, LazyText] = {
    "This field is required.": _l("Fill in this field."),
    "Not a valid choice.": _CHOOSE,
    "Invalid Choice: could not coerce.": _CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOOSE,
    "Invalid value, must be one of: %(values)s.": _CHOOSE,
    "Not a valid integer value.": _NUMBER,
    "Not a valid decimal value.": _NUMBER,
    "Not a valid float value.": _NUMBER,
    "Number must be at least %(min)s.": _l("Enter %(min)s or more."),
    "Number must be at most %(max)s.": _l("Enter %(max)s or less."),
    "Number must be between %(min)s and %(max)s.": _l("Enter a number from %(min)s to %(max)s."),
    "Not a valid date value.": _l("Enter a date, with day, month and year."),
    "Not a valid time value.": _l("Enter a time as hours and minutes, such as 09:30."),
    "Invalid email address.": _l("Enter an email address, such as name@example.org."),
    "Field must be between %(min)d and %(max)d characters long.": _l(
        "Use %(min)d to %(max)d characters."
    ),
    # of fields that no form here has
    "Not a valid datetime value.": _AGAIN,
    "Not a valid week value.": _AGAIN,
    "Date must be at least %(min)s.": _AGAIN,
    "Date must be at most %(max)s.": _AGAIN,
    "Date must be between %(min)s and %(max)s.": _AGAIN,
    "Field must be equal to %(other_name)s.": _AGAIN,
    "Invalid input.": _AGAIN,
    "Invalid IP address.": _AGAIN,
    "Invalid Mac address.": _AGAIN,
    "Invalid URL.": _AGAIN,
    "Invalid UUID.": _AGAIN,
    "Invalid value, can't be any of: %(values)s.": _AGAIN,
    "This field cannot be edited.": _AGAIN,
    "This field is disabled and cannot have a value.": _AGAIN,
    "File does not have an approved extension.": _AGAIN,
    "File does not have an approved extension: {extensions}": _AGAIN,
}


class FormWords:
    """The catalogue that WTForms asks for its messages."""

    def gettext(self, message: str) -> str:
        """A message of WTForms in our words; anything else, such as a label, is left as it is."""
        return str(WORDS.get(message, message))

    def ngettext(self, one: str, _many: str, number: int) -> str:
        """A message that depends on a number: how long a text may be, or which choices fail."""
        if "valid choice" in one:
            return str(_CHOOSE)
        if "longer than" in one:
            return ngettext(
                "Use %(num)s character or fewer.", "Use %(num)s characters or fewer.", number
            )
        return ngettext(
            "Use at least %(num)s character.", "Use at least %(num)s characters.", number
        )
