"""Prints the sheet of a decision; logs whose names are read, and who prints it, before output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trainings.accounts import queries as accounts
from trainings.audit.writes import record
from trainings.core.dates import moment_in_full
from trainings.core.db import transaction
from trainings.core.i18n import _, country_name, listed, localized
from trainings.core.permissions import Permission, Viewer
from trainings.courses import paper_document
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import queries as people
from trainings.people import reading
from trainings.people.sealed_rules import Identity
from trainings.printing import cage
from trainings.printing.paper_rules import Column, SheetDocument, Table
from trainings.printing.rules import gaps_words
from trainings.selection_proposals import queries, reason_rules
from trainings.selection_proposals.models import SelectionDecision
from trainings.selection_proposals.queries import Decided
from trainings.selection_proposals.rules import SheetNotDrawn, rule_words

SELECT = Permission.REGISTRATION_SELECT


def draw(course_id: str, decision_id: str, by: Viewer) -> tuple[bytes, str]:
    """The PDF, and a sentence where characters of it cannot be printed.

    Raises ``SheetNotDrawn``, ``NotFound``.
    """
    course = courses.course_by_id(by, SELECT, course_id)
    decision = queries.decision(course.id, decision_id)
    rows = queries.decided(decision)
    known = queries.known(course, by, [one.registration_id for one in rows])
    persons = {one.id: one.person_id for one in known.values()}
    decider = accounts.persons_of([decision.by]).get(decision.by)
    names = reading.open(
        {*persons.values(), *([decider] if decider else [])},
        by=by.account_id,
        purpose="decision sheet",
    )
    who = names[decider].name if decider in names else ""
    drawn = _document(course, decision, rows, _named(rows, persons, names), who, by)
    (pdf,), gaps = cage.drawn_with_gaps([drawn], SheetNotDrawn())
    with transaction() as session:
        record(
            session,
            "paper.print",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            paper="decision",
            number=len(rows),
        )
    return pdf, gaps_words(_with(gaps[0], rows, persons, names)) if gaps else ""


def _named(
    rows: Sequence[Decided], persons: Mapping[str, str], names: Mapping[str, Identity]
) -> dict[str, str]:
    found = {}
    for one in rows:
        person = names.get(persons.get(one.registration_id, ""))
        found[one.registration_id] = person.sorting if person else ""
    return found


def _with(
    characters: str,
    rows: Sequence[Decided],
    persons: Mapping[str, str],
    names: Mapping[str, Identity],
) -> list[str]:
    """Whose names hold any of these characters, by number; else the texts of the course."""
    shown = _named(rows, persons, names)
    found = [one.number for one in rows if set(characters) & set(shown[one.registration_id])]
    return found or [_("the texts of the course")]


def _document(
    course: Course,
    decision: SelectionDecision,
    rows: Sequence[Decided],
    names: Mapping[str, str],
    who: str,
    by: Viewer,
) -> SheetDocument:
    functions = people.function_names()
    minima = queries.minima_of(decision)
    asked = listed([rule_words(what, one, functions) for what, one in minima.items()])
    when = moment_in_full(decision.at, course.zone)
    decided = _("Decided by %(name)s on %(moment)s.", name=who, moment=when)
    under = _("Asked was: %(rules)s.", rules=asked) if asked else _("No minima were asked.")

    def line(number: int, one: Decided) -> tuple[str, ...]:
        function = functions.get(one.function, one.function)
        return (
            str(number),
            f"{names[one.registration_id]}\n{one.number}",
            f"{country_name(one.reason.country)}\n{function}",
            reason_rules.words(one.reason, functions),
        )

    def table(title: str, taken: bool, note: str) -> Table:
        part = [one for one in rows if one.taken is taken]
        return Table(title, tuple(line(*pair) for pair in enumerate(part, 1)), note)

    tables = [table(_("Candidates taken"), True, f"{decided} {under}")]
    if not all(one.taken for one in rows):
        tables.append(table(_("Candidates not taken"), False, ""))
    return SheetDocument(
        wording=paper_document.wording(course, _("Decision sheet"), reading.own_name(by)),
        course_title=localized(course.titles),
        course_line=paper_document.line(course),
        columns=(
            Column(_("No."), 9),
            Column(_("Name"), 48),
            Column(_("Country and function"), 38),
            Column(_("Why")),
        ),
        tables=tuple(tables),
        marks=paper_document.marks(course),
        signed=_("%(name)s, who decided", name=who),
    )
