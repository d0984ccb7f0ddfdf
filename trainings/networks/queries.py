"""Looks up the waves of courses, who was asked, and the answers of an open wave."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from trainings.core import sealed
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.courses.models import Course
from trainings.networks.count_rules import Reply, network_of
from trainings.networks.group_rules import OTHERS
from trainings.networks.models import ContactAnswer, ContactAsk, ContactWave
from trainings.networks.rules import (
    ASKED,
    GOING,
    Cell,
    ContactOutcome,
    Contacts,
    ContactWay,
    Often,
    WaveKind,
)
from trainings.registrations.models import Registration
from trainings.tables.knowing_rules import Known


def waves(course_id: str) -> dict[WaveKind, ContactWave]:
    """The waves of a course found within the viewer's scope, by kind, in their order."""
    rows = db.session.scalars(
        select(ContactWave)
        .where(ContactWave.course_id == course_id)
        .execution_options(populate_existing=True)
    ).all()
    by_kind = {one.kind: one for one in rows}
    return {kind: by_kind[kind] for kind in WaveKind if kind in by_kind}


def wave(course_id: str, kind: WaveKind) -> ContactWave | None:
    """One wave of a course found within the viewer's scope."""
    return waves(course_id).get(kind)


def in_order_of_closing(some: Mapping[WaveKind, ContactWave]) -> list[ContactWave]:
    """The closed waves among these, the one that closed first before the others."""
    closed = [one for one in some.values() if one.closed_at is not None]
    return sorted(closed, key=lambda one: (one.closed_at, list(WaveKind).index(one.kind)))


def counted_wave(course_id: str, kind: str) -> WaveKind | None:
    """The kind of a counted wave of a course found within the viewer's scope, if it is one."""
    if kind not in list(WaveKind):
        return None
    found = wave(course_id, WaveKind(kind))
    return found.kind if found is not None and found.counted is not None else None


def answered(wave_id: str) -> int:
    """How many people have answered an open wave."""
    return (
        db.session.scalar(
            select(func.count()).select_from(ContactAnswer).where(ContactAnswer.wave_id == wave_id)
        )
        or 0
    )


def shown_in(programme_id: str) -> list[str]:
    """The courses of a programme with a wave that everybody may see, the first course first."""
    rows = db.session.execute(
        select(ContactWave.course_id, ContactWave.counted)
        .join(Course, Course.id == ContactWave.course_id)
        .where(Course.programme_id == programme_id, ContactWave.counted.is_not(None))
        .order_by(Course.starts_on, Course.id)
    )
    return list(dict.fromkeys(row[0] for row in rows if row[1].get("wide")))


def cells_of(course: Course) -> list[Cell]:
    """The groups that can be named in a course: each country with each function."""
    return [(country, code) for country in course.countries for code in course.functions]


def known_in(course_id: str) -> Known | None:
    """How likely people of a course know each other; None while the first wave is not counted.

    It rests on what everybody may see, because everybody sees who sits where.
    """
    first = wave(course_id, WaveKind.START)
    network = network_of(first.counted, OTHERS) if first is not None else None
    if network is None:
        return None
    size = range(len(network.blocks))
    return Known(
        {cell: place for place, block in enumerate(network.blocks) for cell in block},
        [[network.share(one, other) for other in size] for one in size],
    )


# the secret links


def token(wave_id: str, registration_id: str) -> str:
    """The secret of somebody's link to a wave; made anew whenever it is mailed, never kept."""
    return sealed.blind_index("contact link", f"{wave_id}|{registration_id}")


def token_index(secret: str) -> str:
    """What is kept of a link."""
    return sealed.blind_index("contact link kept", secret)


def answer_key(wave_id: str, registration_id: str) -> str:
    """The key under which somebody's answer lies."""
    return sealed.blind_index("contact answer", f"{wave_id}|{registration_id}")


class Asked(NamedTuple):
    """Who holds a link: the wave, its course, and where they belong; without who they are."""

    wave: ContactWave
    course: Course
    registration_id: str
    cell: Cell


def asked_with(secret: str) -> Asked:
    """What the holder of a link was asked. Raises ``NotFound``."""
    row = db.session.execute(
        select(ContactWave, Course, Registration.id, Registration.country, Registration.function)
        .join(ContactAsk, ContactAsk.wave_id == ContactWave.id)
        .join(Course, Course.id == ContactWave.course_id)
        .join(Registration, Registration.id == ContactAsk.registration_id)
        .where(ContactAsk.token_index == token_index(secret), Registration.state.in_(ASKED))
        .execution_options(scope="token", populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Asked(row[0], row[1], row[2], (row[3], row[4]))


def answer_of(wave_id: str, registration_id: str) -> Contacts | None:
    """What the holder of a link answered so far."""
    row = db.session.get(ContactAnswer, answer_key(wave_id, registration_id))
    return None if row is None else opened(row)


def label(key: str) -> str:
    """The place for which an answer is sealed."""
    return f"contact_answer|said|{key}"


def opened(row: ContactAnswer) -> Contacts:
    """One answer, decrypted."""
    said = json.loads(sealed.unseal(row.said, label(row.id)))
    return Contacts(
        {(one[0], one[1]): Often(one[2]) for one in said["named"]},
        frozenset(map(ContactWay, said["ways"])),
        frozenset(map(ContactOutcome, said["outcomes"])),
    )


# for operations, within their transaction and with the course's row locked


def asked_in(wave_id: str) -> list[tuple[str, Cell]]:
    """Who was asked in a wave and still takes part: registrations, and where they belong."""
    rows = db.session.execute(
        select(Registration.id, Registration.country, Registration.function)
        .join(ContactAsk, ContactAsk.registration_id == Registration.id)
        .where(ContactAsk.wave_id == wave_id, Registration.state.in_(ASKED))
        .order_by(Registration.id)
        .execution_options(scope="operation")
    )
    return [(row[0], (row[1], row[2])) for row in rows]


def answers_in(wave_id: str) -> dict[str, ContactAnswer]:
    """The answers of a wave by their keys."""
    rows = db.session.scalars(select(ContactAnswer).where(ContactAnswer.wave_id == wave_id))
    return {one.id: one for one in rows}


def replies(wave_id: str) -> list[Reply]:
    """The answers of those who were asked in a wave and still take part."""
    there = answers_in(wave_id)
    return [
        Reply(cell, opened(there[key]))
        for registration_id, cell in asked_in(wave_id)
        if (key := answer_key(wave_id, registration_id)) in there
    ]


def silent_in(wave_id: str) -> list[str]:
    """The registrations that were asked in a wave and have not answered."""
    there = set(
        db.session.scalars(select(ContactAnswer.id).where(ContactAnswer.wave_id == wave_id))
    )
    return [
        registration_id
        for registration_id, _cell in asked_in(wave_id)
        if answer_key(wave_id, registration_id) not in there
    ]


def in_motion(today: date) -> Sequence[str]:
    """The courses with a wave that is due by a day, or open."""
    return db.session.scalars(
        select(ContactWave.course_id)
        .join(Course, Course.id == ContactWave.course_id)
        .where(
            ContactWave.closed_at.is_(None),
            ContactWave.sends_on <= today,
            Course.state.in_(GOING) | ContactWave.sent_at.is_not(None),
        )
        .distinct()
        .order_by(ContactWave.course_id)
    ).all()


def wave_ids_of(registration_ids: Collection[str]) -> list[tuple[str, str]]:
    """The waves in which registrations were asked, each with the registration."""
    rows = db.session.execute(
        select(ContactAsk.wave_id, ContactAsk.registration_id).where(
            ContactAsk.registration_id.in_(registration_ids)
        )
    )
    return [(row[0], row[1]) for row in rows]
