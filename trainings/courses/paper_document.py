"""What every paper of a course shows: title, place, agencies, who printed it and when.

Written in the current language; call it within ``i18n.speaking``.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from trainings.agencies import mark_queries
from trainings.core import clock
from trainings.core.dates import day_in_brief, days
from trainings.core.i18n import _, country_name, html_language, localized
from trainings.courses.models import Course
from trainings.printing.paper_rules import PaperWording
from trainings.printing.rules import Mark


def wording(course: Course, heading: str, printed_by: str, listing: bool = True) -> PaperWording:
    """The text around a paper; ``listing``: it names people, so it is confidential."""
    return PaperWording(
        language=html_language(),
        document_title=f"{heading} · {localized(course.titles)}",
        heading=heading,
        page=_("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
        printed=printed(course, printed_by),
        confidential=_("Confidential") if listing else "",
    )


def printed(course: Course, by: str) -> str:
    """Who printed a paper and when, in the course's time zone."""
    moment = clock.now().astimezone(ZoneInfo(course.zone))
    return _(
        "Printed on %(moment)s by %(name)s",
        moment=f"{day_in_brief(moment)}, {moment:%H:%M}",
        name=by,
    )


def line(course: Course) -> str:
    """Where and when: *Buenos Aires, Argentina · Mon 1 – Thu 4 Feb 2027*."""
    place = f"{course.city}, {country_name(course.country)}"
    return f"{place} · {days(course.starts_on, course.ends_on)}"


def marks(course: Course) -> tuple[Mark, ...]:
    """The agencies' logos in their order."""
    return tuple(
        Mark(localized(one.agency.short_names), one.agency.colour, mark_queries.picture(one.agency))
        for one in course.organising
    )
