"""Writes a trainer's own service record, and notes that it was written."""

from __future__ import annotations

from trainings.assessments import queries as assessments
from trainings.assessments.rules import counts
from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import transaction
from trainings.core.i18n import LANGUAGES, language, localized, speaking
from trainings.core.permissions import Viewer
from trainings.core.zones import likely_zone
from trainings.courses import programme_queries
from trainings.people import reading
from trainings.printing import cage
from trainings.rosters import queries as rosters
from trainings.service_records import document, queries
from trainings.service_records.rules import NothingServed, RecordNotDrawn


def write(wanted: str, by: Viewer) -> bytes:
    """The record of the viewer, a trainer, as a PDF in one of the four languages.

    Raises ``NothingServed``, ``RecordNotDrawn``, ``NotFound``.
    """
    trainer = rosters.own_trainer(by)
    services = queries.of_trainer(trainer.id)
    if not services:
        raise NothingServed
    found = counts(assessments.of_trainer(trainer.id))
    name = reading.own_name(by)
    with speaking(wanted if wanted in LANGUAGES else language()):
        modules = {one.id: localized(one.titles) for one in programme_queries.modules(list(found))}
        able = sorted((modules.get(key, ""), one) for key, one in found.items())
        zone = likely_zone(trainer.station_country, trainer.station_city, clock.now())
        drawn = document.letter(trainer, name, services, able, zone)
        (pdf,) = cage.drawn([drawn], RecordNotDrawn)
    with transaction() as session:
        record(session, "trainer.record", "trainer", trainer.id, by=by.account_id)
    return pdf
