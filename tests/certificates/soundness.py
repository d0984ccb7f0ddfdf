"""Whether a register and its files agree, whatever was killed in between."""

from __future__ import annotations

import hashlib
from collections import Counter

from sqlalchemy import func, select

from trainings.accounts.models import Agency
from trainings.core.config import Settings
from trainings.core.db import db
from trainings.mail.models import OutboxMail
from trainings.print_room import operations as print_operations
from trainings.register import register_mac
from trainings.register.models import Certificate
from trainings.register.rules import Status
from trainings.register.trust_rules import Trust
from trainings.registrations.models import Registration


def faults(settings: Settings, course_id: str) -> list[str]:
    """What is wrong, in words; all files are those of this course, or agencies' marks."""
    found: list[str] = []
    db.session.remove()
    keys = db.session.scalars(
        select(Certificate.id)
        .where(Certificate.course_id == course_id)
        .execution_options(scope="job")
    ).all()
    people = db.session.scalar(
        select(func.count())
        .where(Registration.course_id == course_id)
        .execution_options(scope="job")
    )
    if len(keys) != people:
        found.append(f"{len(keys)} certificates for {people} people")
    names: Counter[str] = Counter()
    for key in keys:
        row = db.session.get_one(Certificate, key, execution_options={"scope": "job"})
        db.session.expunge(row)
        if row.status is not Status.READY or row.file_name is None:
            found.append(f"{key} is {row.status}")
            continue
        names[row.file_name] += 1
        if register_mac.standing(row) is not Trust.SOUND:
            found.append(f"{key} is not vouched for")
        if hashlib.sha256(print_operations.content(row)).hexdigest() != row.digest:
            found.append(f"the file of {key} is another")
    found += [f"{name} stands for {times}" for name, times in names.items() if times > 1]
    marks = set(db.session.scalars(select(Agency.mark_file)))
    stored = {path.name for path in settings.files.rglob("*") if path.is_file()}
    found += [f"{name} is nobody's file" for name in stored - marks - names.keys()]
    mails = db.session.execute(
        select(OutboxMail.person_id, func.count())
        .where(OutboxMail.course_id == course_id, OutboxMail.event == "certificate_ready")
        .group_by(OutboxMail.person_id)
    ).all()
    found += [f"{person} was told {times} times" for person, times in mails if times > 1]
    if len(mails) != people:
        found.append(f"{len(mails)} of {people} people were told")
    db.session.remove()
    return found
