"""The comparison of laws in a course on paper: a matrix, a handout, a worksheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from trainings.core import clock
from trainings.core.dates import in_full
from trainings.core.i18n import _, countries, country_name, localized, with_colon
from trainings.courses import paper_document
from trainings.courses.models import Course
from trainings.law_reviews.models import LawReview
from trainings.legislation.document import answer_of, place_of
from trainings.legislation.models import LawVersion
from trainings.legislation.queries import Place
from trainings.printing.paper_rules import Fact, LawCell, LawPart, LawsDocument, LawsForm
from trainings.printing.rules import gaps_words


def paper(
    course: Course,
    review: LawReview,
    held: Mapping[Place, LawVersion],
    form: LawsForm,
    printed_by: str,
) -> LawsDocument:
    """A frozen comparison as a paper, in the current language."""
    numbers = count(1)
    blank = form is LawsForm.WORKSHEET
    parts = []
    for topic in review.worded:
        places = [(country, topic["code"]) for country, _name in countries(review.countries)]
        told = [(place[0], held.get(place)) for place in places]
        cells, notes = _cells(told, numbers, blank)
        parts.append(
            LawPart(localized(topic["titles"]), localized(topic["questions"]), cells, notes)
        )
    names = tuple(name for _code, name in countries(review.countries))
    heads = {
        LawsForm.MATRIX: (_("Topic"), *names),
        LawsForm.HANDOUT: (_("Country"), _("What the law says"), _("Law, article, year")),
        LawsForm.WORKSHEET: (_("Country"), _("What does your law say?"), _("Law, article")),
    }
    as_of = review.frozen_at.date() if review.frozen_at else clock.now().date()
    return LawsDocument(
        wording=paper_document.wording(course, _HEADINGS[form](), printed_by, listing=False),
        course_title=localized(course.titles),
        course_line=paper_document.line(course),
        form=form,
        explained=_(
            "Work in mixed tables: each of you says what the law of your own country says, and "
            "where it stands. Compare your answers with the handout afterwards."
        )
        if blank
        else _(
            "The register of laws as of %(day)s. “Not found” means that nobody found a rule, never "
            "that there is none. An asterisk (*) marks what the country has not confirmed yet.",
            day=in_full(as_of),
        ),
        heads=heads[form],
        sources=_("Sources"),
        parts=tuple(parts),
        marks=paper_document.marks(course),
    )


_HEADINGS = {
    LawsForm.MATRIX: lambda: _("Laws side by side"),
    LawsForm.HANDOUT: lambda: _("Laws side by side"),
    LawsForm.WORKSHEET: lambda: _("Laws side by side: worksheet"),
}


def _cells(
    told: Sequence[tuple[str, LawVersion | None]], numbers: Iterator[int], blank: bool
) -> tuple[tuple[LawCell, ...], tuple[Fact, ...]]:
    """The answers on a topic, and their footnotes; none of it where it is to be filled in."""
    cells, notes = [], []
    for country, version in told:
        name = country_name(country)
        if blank or version is None or not version.found:
            cells.append(LawCell(name, "" if blank else _("Not found")))
            continue
        text, other = answer_of(version.said)
        footnote = str(next(numbers))
        star = "" if version.confirmed_at is not None else " *"
        cells.append(LawCell(name, text + star, other, place_of(version), footnote))
        notes.append(Fact(footnote, f"{with_colon(name)} {source_of(version)}"))
    return tuple(cells), tuple(notes)


def source_of(version: LawVersion) -> str:
    """The source as a footnote gives it: title, date, address, note."""
    dated = f"{version.source_title} ({version.source_date})"
    title = dated if version.source_date else version.source_title
    return ". ".join(filter(None, (title.rstrip("."), version.source_url, version.note))) or "–"


def gaps(characters: str, title: str) -> str:
    """Says that some characters of a comparison could not be printed; empty where all could."""
    return gaps_words([title]) if characters else ""
