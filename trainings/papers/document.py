"""The content of a course's papers, in the current language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from trainings.core import clock
from trainings.core.dates import in_full, with_weekday
from trainings.core.dates import range_in_full as range_in_full
from trainings.core.i18n import _, country_name, language_name, listed, localized
from trainings.courses import paper_document
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.papers.rules import Comer, Letter
from trainings.people.sealed_rules import Identity
from trainings.printing.paper_rules import (
    BadgesDocument,
    Bearer,
    Blank,
    Column,
    Fact,
    LetterDocument,
    SheetDocument,
    Table,
    TableListDocument,
    TentsDocument,
)
from trainings.printing.rules import Signatory
from trainings.tables.rules import Place


def attendance(
    course: Course,
    rows: Sequence[tuple[str, str, str, Place | None]],
    with_tables: bool,
    printed_by: str,
) -> SheetDocument:
    """An attendance sheet for each day, signed in the morning and in the afternoon."""
    numbered = tuple(
        (
            str(number),
            *((f"{place.table}, {place.number}" if place else "",) * with_tables),
            f"{name}\n{' · '.join(filter(None, (function, country_name(country))))}",
        )
        for number, (name, country, function, place) in enumerate(rows, 1)
    )
    days = [
        course.starts_on + timedelta(days=number)
        for number in range((course.ends_on - course.starts_on).days + 1)
    ]
    return SheetDocument(
        wording=paper_document.wording(course, _("Attendance sheet"), printed_by),
        course_title=localized(course.titles),
        course_line=paper_document.line(course),
        columns=(
            Column(_("No."), 9),
            *((Column(_("Table, place"), 16),) * with_tables),
            Column(_("Name")),
            Column(_("Morning: signature"), 45, Blank.HAND),
            Column(_("Afternoon: signature"), 45, Blank.HAND),
        ),
        tables=tuple(Table(_capital(with_weekday(day)), numbered) for day in days),
        marks=paper_document.marks(course),
    )


def badges(
    course: Course, bearers: Sequence[Bearer], printed_by: str, code_url: str
) -> BadgesDocument:
    """Name badges; the code on the back links to the agenda and names nobody."""
    return BadgesDocument(
        wording=paper_document.wording(course, _("Name badges"), printed_by),
        course_title=localized(course.titles),
        course_line=paper_document.line(course),
        bearers=tuple(bearers),
        marks=paper_document.marks(course),
        code_url=code_url,
        code_text=_("Code that opens the course agenda"),
        code_line=_("Scan for the course agenda"),
        contact=course.contact,
        note=_("Cut along the outer lines and fold in the middle."),
    )


def tents(course: Course, bearers: Sequence[Bearer], printed_by: str) -> TentsDocument:
    """Name tents for the tables."""
    return TentsDocument(
        wording=paper_document.wording(course, _("Name tents"), printed_by),
        course_title=localized(course.titles),
        bearers=tuple(bearers),
        note=_("Fold along both lines: this third is the foot."),
    )


def at_table(place: Place | None) -> str:
    """The table and place as a badge shows it; empty for people without one."""
    if place is None:
        return ""
    return _("Table %(table)s, place %(place)s", table=place.table, place=place.number)


def table_list(
    course: Course, rows: Sequence[tuple[Place | None, str, str]], printed_by: str
) -> TableListDocument:
    """Who sits where, table by table, to hang at the door; people without a place come last."""
    groups: dict[int, list[tuple[str, str, str]]] = {}
    for place, name, note in rows:
        line = (str(place.number) if place else "", name, note)
        groups.setdefault(place.table if place else 0, []).append(line)
    return TableListDocument(
        wording=paper_document.wording(course, _("Table list"), printed_by),
        course_title=localized(course.titles),
        course_line=paper_document.line(course),
        tables=tuple(
            Table(_("Table %(table)s", table=table) if table else _("No place yet"), tuple(lines))
            for table, lines in groups.items()
        ),
        marks=paper_document.marks(course),
    )


def letter(
    kind: Letter, course: Course, who: Comer, known: Identity, function: str, printed_by: str
) -> LetterDocument:
    """A letter to a person with a confirmed seat, or about them to a consulate."""
    title = localized(course.titles)
    addressee: tuple[str, ...]
    opening: tuple[str, ...]
    asking: tuple[str, ...] = ()
    if kind is Letter.INVITATION:
        addressee = (known.name, function, country_name(who.country))
        subject = _("Invitation: %(course)s", course=title)
        opening = (
            _("We are pleased to invite you to the training course named below."),
            _("Your seat is confirmed; your registration number is %(number)s.", number=who.number),
        )
        facts = _course_facts(course)
    else:
        addressee = (_("To the consular authorities"),)
        subject = _("In support of an application for a visa")
        opening = (
            _(
                "We confirm that the person named below has a confirmed seat on the training "
                "course named below (registration number %(number)s).",
                number=who.number,
            ),
        )
        facts = (*_person_facts(who, known, function), *_course_facts(course))
        asking = (_("We would be grateful if the visa could be issued in time for the journey."),)
    contact = (
        (_("For questions, write to %(address)s.", address=course.contact),)
        if course.contact
        else ()
    )
    return LetterDocument(
        wording=paper_document.wording(course, str(kind.label), printed_by),
        marks=paper_document.marks(course),
        sender=tuple(filter(None, (localized(course.lead_agency.names), course.contact))),
        addressee=addressee,
        place_and_date=f"{course.city}, {in_full(clock.today(course.zone))}",
        reference=f"{course.code} · {who.number}",
        subject=subject,
        paragraphs=opening,
        facts=facts,
        after=(*asking, *contact),
        closing=_("Yours faithfully,"),
        signatories=tuple(
            Signatory(
                title=localized(row.titles),
                agency=localized(row.agency.names),
                picture=courses.signature_of(row),
            )
            for row in course.signing
        ),
    )


def _course_facts(course: Course) -> tuple[Fact, ...]:
    place = ", ".join(filter(None, (course.venue, course.city, country_name(course.country))))
    spoken = listed([language_name(code) for code in course.languages])
    return (
        Fact(_("Training course"), localized(course.titles)),
        Fact(_("Organised by"), listed([localized(one.agency.names) for one in course.organising])),
        Fact(_("Dates"), range_in_full(course.starts_on, course.ends_on)),
        Fact(_("Place"), place),
        *((Fact(_("Languages of the course"), spoken),) if spoken else ()),
    )


def _person_facts(who: Comer, known: Identity, function: str) -> tuple[Fact, ...]:
    told = (
        (_("Name"), known.name),
        (_("Date of birth"), _birth(known.born)),
        (_("Identity document"), known.document),
        (_("Function"), function),
        (_("Unit"), known.unit),
        (_("Country"), country_name(who.country)),
    )
    return tuple(Fact(label, value) for label, value in told if value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _birth(born: str) -> str:
    try:
        return str(in_full(date.fromisoformat(born)))
    except ValueError:
        return born


def trainer() -> str:
    """The word for a trainer on their badge."""
    return _("Trainer")
