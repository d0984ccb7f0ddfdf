"""Fills the register of laws from public sources, and freezes the comparison of a course."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from trainings.core import clock
from trainings.core.permissions import Viewer
from trainings.courses import queries as courses
from trainings.demo import queries
from trainings.law_reviews import operations as reviews
from trainings.law_reviews import queries as review_queries
from trainings.legislation import import_rules, operations, topic_operations
from trainings.legislation import queries as laws
from trainings.legislation.operations import Who
from trainings.legislation.topic_rules import DATA, TOPICS
from trainings.spreadsheets.rules import Sheet


def enter_laws() -> None:
    """Enter what public sources had said by now; each is to be confirmed by its country."""
    topic_operations.add_topics()
    with (DATA / "laws.csv").open(encoding="utf-8", newline="") as file:
        sheet = Sheet("laws", list(csv.reader(file)))
    rows, _asked = import_rules.read([sheet], [one.code for one in TOPICS], clock.now().year)
    today = clock.now().date().isoformat()
    operations.enter([row for row in rows if row.text.source_date <= today], None)


def confirm_laws(country: str, by: Viewer) -> None:
    """A focal point confirms what the register says of their country, but for a few topics."""
    left = queries.data("laws")["left"]
    found = laws.register([country])
    for topic in found.topics:
        version = found.at(country, topic.code).current
        if version is None or version.confirmed_at is not None or topic.code in left:
            continue
        if version.text.found:
            operations.confirm((country, topic.code), version.id, by)


def name_correspondent(by: Viewer) -> Viewer:
    """A focal point names a prosecutor to keep the laws with them; gives who it is."""
    one = queries.data("laws")["correspondent"]
    there = laws.correspondents([one["country"]])
    if there:
        return queries.viewer(there[0].account_id)
    who = Who(one["given"], one["family"], one["email"], one["language"])
    return queries.viewer(operations.name_correspondent(one["country"], who, by))


def change_law(name: str, by: Viewer, second: Viewer | None) -> None:
    """Somebody adds languages to an entry; the second person, where there is one, confirms it."""
    one: Mapping[str, Any] = queries.data("laws")[name]
    place = (one["country"], one["topic"])
    entry = laws.entry(*place)
    if entry.current is None or entry.proposed is not None:
        return
    text = entry.current.text
    if set(one["said"]) <= set(text.said):
        return
    version_id = operations.propose(place, replace(text, said=text.said | one["said"]), by)
    if second is not None:
        operations.confirm(place, version_id, second)


def plan_comparison(course_id: str, by: Viewer) -> None:
    """Lay all topics of the countries that a course invites side by side."""
    course = courses.by_id(course_id)
    if review_queries.planned(course) is None and not review_queries.frozen(course):
        there = sorted(set(course.countries) & set(laws.countries_there()))
        reviews.plan(course_id, there[:9], [one.code for one in TOPICS], by)


def freeze_comparison(course_id: str, by: Viewer) -> None:
    """Freeze it, so that what was taught can be shown later."""
    if review_queries.planned(courses.by_id(course_id)) is not None:
        reviews.freeze(course_id, by)
