"""Changes waves, links and answers in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from trainings.core import clock, sealed
from trainings.core.db import new_key
from trainings.courses.models import Course
from trainings.networks import queries
from trainings.networks.models import ContactAnswer, ContactAsk, ContactWave
from trainings.networks.rules import Contacts, WaveKind, WaveState

_SIZE = 2000  # characters: answers have one length, however many groups they name


def add_wave(session: Session, course_id: str, kind: WaveKind, day: date) -> ContactWave:
    """Plan a wave."""
    made = ContactWave(id=new_key(), course_id=course_id, kind=kind, sends_on=day, asked=0)
    session.add(made)
    return made


def move_waves(course: Course, days: int) -> None:
    """Let waves that were not sent yet move with a course by so many days, none into the past.

    A first wave that is open ends before the course begins, wherever that is now.
    """
    for wave in queries.waves(course.id).values():
        if wave.state is WaveState.PLANNED:
            moved = wave.sends_on + timedelta(days=days)
            wave.sends_on = max(moved, clock.today(course.zone))
        elif wave.state is WaveState.OPEN and wave.kind is WaveKind.START and wave.last_on:
            wave.last_on = min(wave.last_on, course.starts_on - timedelta(days=1))


def keep_asked(session: Session, wave_id: str, registration_ids: Sequence[str]) -> None:
    """Note who is asked, with a keyed hash of each link."""
    rows = [
        {
            "wave_id": wave_id,
            "registration_id": one,
            "token_index": queries.token_index(queries.token(wave_id, one)),
        }
        for one in registration_ids
    ]
    session.execute(insert(ContactAsk), rows)


def keep_answer(session: Session, wave_id: str, registration_id: str, said: Contacts) -> bool:
    """Keep an answer in the place of an earlier one; whether it is the first."""
    key = queries.answer_key(wave_id, registration_id)
    plain = {
        "named": sorted([*cell, str(often)] for cell, often in said.named.items()),
        "ways": sorted(map(str, said.ways)),
        "outcomes": sorted(map(str, said.outcomes)),
    }
    value = sealed.seal(json.dumps(plain).ljust(_SIZE), queries.label(key))
    row = session.get(ContactAnswer, key)
    if row is not None:
        row.said = value
        return False
    session.add(ContactAnswer(id=key, wave_id=wave_id, said=value))
    return True


def close(session: Session, wave: ContactWave, counted: dict[str, object], asked: int) -> None:
    """Keep what was counted and delete the answers."""
    wave.closed_at, wave.counted, wave.asked = clock.now(), counted, asked
    session.execute(delete(ContactAnswer).where(ContactAnswer.wave_id == wave.id))


def forget_network(session: Session, registration_ids: Collection[str]) -> None:
    """Delete what an erased person answered in open waves, and that they were asked."""
    if not registration_ids:
        return
    keys = [
        queries.answer_key(wave_id, registration_id)
        for wave_id, registration_id in queries.wave_ids_of(registration_ids)
    ]
    session.execute(delete(ContactAnswer).where(ContactAnswer.id.in_(keys)))
    session.execute(delete(ContactAsk).where(ContactAsk.registration_id.in_(registration_ids)))
