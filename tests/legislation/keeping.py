"""A register of laws for tests: topics, an entry, and who keeps it."""

from __future__ import annotations

from typing import Any

from tests import factories
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer
from trainings.law_reviews import operations as reviews
from trainings.legislation import operations, queries, topic_operations
from trainings.legislation.import_rules import Row
from trainings.legislation.rules import LawText

PLACE = ("BO", "offence")
OFFENCE = LawText(
    said={"en": "Criminal Code, art. 281 bis.", "es": "Código Penal, art. 281 bis."},
    law="Código Penal; Ley 263",
    article="281 bis",
    year=2012,
    source_title="Gaceta Oficial",
    source_url="https://gazette.example/263",
    source_date="2012-07-31",
)


def answer(text: str, **more: Any) -> LawText:
    """What a law says in English."""
    return LawText(said={"en": text}, law="Code", **more)


def topics() -> None:
    """The fourteen topics."""
    topic_operations.add_topics()


def enter(*rows: tuple[str, str, LawText], by: Viewer | None = None) -> None:
    """Entries as they come from a file: to be confirmed."""
    topics()
    operations.enter([Row(number, *row) for number, row in enumerate(rows, 2)], by)
    db.session.close()


def bolivia() -> None:
    """Bolivia's offence, from a file."""
    enter((*PLACE, OFFENCE))


def laws(course_id: str, code: str, by: Viewer) -> dict[tuple[str, str], str]:
    """Two countries and a comparison frozen for a course; what stands in the gaps of addresses."""
    enter((*PLACE, OFFENCE), ("AR", "offence", OFFENCE))
    reviews.plan(course_id, ["AR", "BO"], ["offence", "consent"], by)
    reviews.freeze(course_id, by)
    correspondent()
    (named,) = queries.correspondents(["BO"])
    db.session.close()
    return {
        ("/legislation", "country"): PLACE[0],
        ("/legislation", "topic"): PLACE[1],
        ("/legislation", "version_id"): "of-nothing",
        ("/legislation", "kind"): "csv",
        ("/legislation", "grant_id"): named.grant_id,
        ("/courses/<code>/laws", "code"): code,
        ("/courses/<code>/laws", "number"): "1",
        ("/courses/<code>/laws", "topic"): PLACE[1],
        ("/courses/<code>/laws", "paper"): "worksheet",
    }


def focal_point(country: str = "BO") -> Viewer:
    """Somebody who keeps a country's entries."""
    return factories.account(Role.FOCAL_POINT, country=country)


def correspondent(country: str = "BO") -> Viewer:
    """A prosecutor or judge whom the focal point named for them."""
    return factories.account(Role.LEGAL_CORRESPONDENT, country=country)


def organiser(agency: str = "IOM") -> Viewer:
    """Somebody who organises for an agency."""
    return factories.account(Role.ORGANISER, agency=agency)


def entry(place: tuple[str, str] = PLACE) -> queries.Entry:
    """What stands at a place now."""
    db.session.close()
    return queries.entry(*place)


def current_id(place: tuple[str, str] = PLACE) -> str:
    """The id of the version that counts."""
    found = entry(place).current
    assert found is not None
    return found.id
