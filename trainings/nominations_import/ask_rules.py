"""What a row of nominations does not say for certain: one sentence for each kind of question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from trainings.core.errors import Refusal
from trainings.core.i18n import _, _l, with_colon


class RowAsks(Refusal):
    """What a row of the list does not say for certain."""


class NameUnnamed(RowAsks):
    """A place in the list that nobody has yet."""

    sentence = _l("This is a place without a name yet, not a person.")


class NameMissing(RowAsks):
    """A row without a name."""

    sentence = _l("It names nobody.")


class NameOfOneWord(RowAsks):
    """One word where a given and a family name are expected."""

    sentence = _l("It gives only one name. Enter the other, or confirm that there is none.")


class NameUnclear(RowAsks):
    """A whole name that can be split in more than one way."""

    sentence = _l("Say which part of the name is the family name.")


class MailMissing(RowAsks):
    """No email address."""

    sentence = _l("It has no email address.")


class MailWrong(RowAsks):
    """Something that is no email address."""

    sentence = _l("This is not an email address.")


class MailTwice(RowAsks):
    """More than one address in the cell."""

    sentence = _l("These are several email addresses. Choose one.")


class DateNotThere(RowAsks):
    """A date that no calendar has, or that we cannot read."""

    sentence = _l("This date does not exist, or we cannot read it.")


class DateUnclear(RowAsks):
    """A date whose day and month may change places."""

    sentence = _l("This may be day and month, or month and day: other dates of the list differ.")


class DateUnlikely(RowAsks):
    """A birth date of a child, of somebody unborn or more than ninety years old."""

    sentence = _l("Somebody born on this day would be a child, or very old.")


class SexUnclear(RowAsks):
    """A letter or word that may be either."""

    sentence = _l("It does not say for certain whether this is a woman or a man.")


class FunctionMissing(RowAsks):
    """No word about what the person does."""

    sentence = _l("It does not say what this person does.")


class FunctionUnknown(RowAsks):
    """Work that is none of the functions the course invites."""

    sentence = _l("This is none of the functions that the course invites.")


class FunctionUnclear(RowAsks):
    """Words of two functions in one cell."""

    sentence = _l("This may be more than one function. Choose one.")


class CountryUnknown(RowAsks):
    """Neither the row nor the file says for which country."""

    sentence = _l("It does not say for certain from which country.")


class CountryNotYours(RowAsks):
    """A country or function that the course does not invite, or the reader does not nominate."""

    sentence = _l("You cannot nominate candidates of this country and function for this course.")


class CountryOtherwise(RowAsks):
    """The file speaks of another country than was chosen."""

    sentence = _l("The file is about another country than the one you chose.")


class RankUnclear(RowAsks):
    """A rank that another row has, or that is no number."""

    sentence = _l("Another row has the same rank, or this is no rank.")


class CellRefused(RowAsks):
    """A text that is too long, or has characters that no text needs."""

    sentence = _l("This is too long, or contains characters that we cannot keep.")


class SamePerson(RowAsks):
    """Somebody who is in the list already."""

    sentence = _l("This is the same person as in row %(row)s.")


class OtherFunction(RowAsks):
    """Somebody who is in the list already, with another function."""

    sentence = _l("This is the same person as in row %(row)s, with another function.")


class SameAddress(RowAsks):
    """An address that somebody else in the list has."""

    sentence = _l("The person in row %(row)s has the same email address.")


class AddressOfAnother(RowAsks):
    """The address of somebody else whom the reader may see."""

    sentence = _l(
        "%(name)s (%(number)s) is registered with this email address. Is it the same person?"
    )


class NameOfAnother(RowAsks):
    """The name of somebody whom the reader may see, with another address."""

    sentence = _l(
        "%(name)s (%(number)s) is registered with another email address. Is it the same person?"
    )


class FunctionOtherwise(RowAsks):
    """Somebody who is registered for the course with another function."""

    sentence = _l("This person is registered for this course with another function: %(number)s.")


class EndedBefore(RowAsks):
    """Somebody whose registration for this course has ended."""

    sentence = _l("This person was registered for this course before: %(number)s, %(state)s.")


class Asked(NamedTuple):
    """A question: the field it is about, the cell, what stands there, and why it is asked."""

    field: str
    cell: str
    said: str
    why: RowAsks

    def __str__(self) -> str:
        if not self.said:
            return str(self.why)
        where = _("%(cell)s “%(said)s”", cell=self.cell, said=self.said).strip()
        return f"{with_colon(where)} {self.why}"


_KINDS: Mapping[str, type[RowAsks]] = {
    kind.__name__: kind
    for kind in vars().copy().values()
    if isinstance(kind, type) and issubclass(kind, RowAsks)
}


def packed(asks: Sequence[Asked]) -> list[list[Any]]:
    """Questions as plain values, to be kept."""
    return [[one.field, one.cell, one.said, type(one.why).__name__, one.why.values] for one in asks]


def unpacked(kept: Sequence[Sequence[Any]]) -> list[Asked]:
    """Questions as they were kept; their sentences are in the language of who reads them."""
    return [
        Asked(field, cell, said, _KINDS[kind](**values)) for field, cell, said, kind, values in kept
    ]
