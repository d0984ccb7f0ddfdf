"""A trainer's service record as a letter, in the current language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import format_decimal

from trainings.agencies import mark_queries
from trainings.assessments.rules import Assessed
from trainings.core import clock
from trainings.core.dates import days, in_full
from trainings.core.i18n import (
    _,
    country_name,
    html_language,
    listed,
    localized,
    ngettext,
    with_colon,
)
from trainings.printing.paper_rules import Fact, LetterDocument, PaperWording
from trainings.printing.rules import Mark
from trainings.rosters.models import Trainer
from trainings.rosters.rules import TrainerRole
from trainings.service_records.rules import Rating, Service, total


def letter(
    trainer: Trainer,
    name: str,
    services: Sequence[Service],
    assessments: Iterable[tuple[str, Assessed]],
    zone: str,
) -> LetterDocument:
    """The record; ``assessments``: those that count, each with its module's title."""
    heading = _("Service record of a trainer")
    today = in_full(clock.today(zone))
    return LetterDocument(
        wording=PaperWording(
            language=html_language(),
            document_title=heading,
            heading=heading,
            page=_("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
            printed=_("Printed on %(moment)s by %(name)s", moment=today, name=name),
            confidential=_("Confidential"),
        ),
        marks=(
            Mark(
                localized(trainer.agency.short_names),
                trainer.agency.colour,
                mark_queries.picture(trainer.agency),
            ),
        ),
        sender=(localized(trainer.agency.names),),
        addressee=(
            name,
            ", ".join(filter(None, (trainer.station_city, country_name(trainer.station_country)))),
        ),
        place_and_date=today,
        reference="",
        subject=heading,
        paragraphs=(sum_words(services),),
        facts=(
            *(
                Fact(days(one.starts_on, one.ends_on), f"{localized(one.titles)}. {in_words(one)}")
                for one in services
            ),
            *(
                Fact(_("Assessed on %(day)s", day=in_full(one.assessed_on)), _able(module, one))
                for module, one in assessments
            ),
        ),
        after=(
            _(
                "This record was made from the agendas of the courses. It counts the sessions "
                "that are over."
            ),
        ),
        closing="",
        signatories=(),
    )


def sum_words(services: Sequence[Service]) -> str:
    """All that was given and observed, in a sentence or two."""
    found = total(services)
    said = _(
        "%(sessions)s, %(time)s, in %(courses)s.",
        sessions=ngettext("%(num)s session given", "%(num)s sessions given", found.sessions),
        time=time_words(found.minutes),
        courses=ngettext("%(num)s course", "%(num)s courses", found.courses),
    )
    seen = ngettext("%(num)s session observed.", "%(num)s sessions observed.", found.observed)
    return f"{said} {seen}" if found.observed else said


def time_words(minutes: int) -> str:
    """A length of time: *4 h 30 min*."""
    hours, left = divmod(minutes, 60)
    return _("%(hours)s h %(minutes)s min", hours=hours, minutes=f"{left:02d}")


def in_words(one: Service) -> str:
    """What somebody did in one course: place, sessions, time, modules, how it was rated."""
    place = ", ".join(filter(None, (one.city, country_name(one.country))))
    parts = [place, f"{roles_words(one.sessions)} ({time_words(one.minutes)})"]
    if one.modules:
        parts.append(_("Modules: %(modules)s", modules=listed([localized(m) for m in one.modules])))
    if one.rating:
        parts.append(rating_words(one.rating))
    return ". ".join(parts) + "."


def roles_words(sessions: Mapping[TrainerRole, int]) -> str:
    """In how many sessions, in each role."""
    said = {
        TrainerRole.LEAD: ngettext(
            "%(num)s session led", "%(num)s sessions led", sessions.get(TrainerRole.LEAD, 0)
        ),
        TrainerRole.CO: ngettext(
            "%(num)s as co-trainer", "%(num)s as co-trainer", sessions.get(TrainerRole.CO, 0)
        ),
        TrainerRole.OBSERVER: ngettext(
            "%(num)s observed", "%(num)s observed", sessions.get(TrainerRole.OBSERVER, 0)
        ),
    }
    return ", ".join(words for role, words in said.items() if sessions.get(role))


def rating_words(rating: Rating) -> str:
    """How the trainers of a course were rated."""
    return ngettext(
        "Trainers of the course rated %(mean)s of 5 by %(num)s participant",
        "Trainers of the course rated %(mean)s of 5 by %(num)s participants",
        rating.people,
        mean=format_decimal(rating.mean, format="0.0"),
    )


def _able(module: str, one: Assessed) -> str:
    return f"{with_colon(one.role.label)} {module}" if module else str(one.role.label)
