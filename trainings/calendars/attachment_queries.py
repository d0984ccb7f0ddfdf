"""Looks up the calendar file that goes with an email: when it is sent, for whom it is then."""

from __future__ import annotations

from trainings.agenda_versions import queries as versions
from trainings.calendars import ics, queries
from trainings.calendars.rules import WITH_FILE, Feed, OwnCourse, Site, days_of, events_of, part_of
from trainings.core import config
from trainings.core.i18n import html_language, localized, speaking
from trainings.mail.models import OutboxMail
from trainings.mail.rules import Attachment
from trainings.rosters.rules import TEACHING, Invitation


def attachment_of(mail: OutboxMail) -> Attachment | None:
    """The published agenda as its reader has to do with it now; its days while there is none.

    It names nobody. Whoever no longer takes part or teaches gets no file.
    """
    if mail.event not in WITH_FILE or mail.person_id is None or mail.course_id is None:
        return None
    settled = queries.own_course(mail.person_id, mail.course_id, {Invitation.ACCEPTED})
    own = settled or queries.own_course(mail.person_id, mail.course_id, TEACHING)
    if own is None:
        return None
    with speaking(mail.language):
        content = ics.written(_feed(own, venue_shown=settled is not None))
    name = f"agenda-{own.facts.code}.ics"
    return Attachment(name, content, "text/calendar", {"charset": "utf-8", "method": "PUBLISH"})


def _feed(own: OwnCourse, *, venue_shown: bool) -> Feed:
    site, course = Site(config.settings().base_url), own.facts
    published = versions.latest(course.id)
    there = part_of(own, versions.entries_of(published))
    # A calendar keeps what a file brought: whatever this reader was ever given is taken back.
    earlier = {
        key: entry
        for version in reversed(versions.versions(course.id, limit=None))
        for key, entry in part_of(own, versions.entries_of(version)).items()
    }
    gone = {key: entry for key, entry in earlier.items() if key not in there}
    sessions = queries.facts_of({course.id: there}, {course.id: gone})
    events = events_of(course, sessions, site, venue_shown=venue_shown)
    days = [] if there else [days_of(course, site, venue_shown=venue_shown)]
    return Feed(localized(course.titles), html_language(), (*days, *events))
