"""What people do with trainers: edit the roster, invite them to a course, answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.accounts.writes import shut_account
from trainings.audit.writes import record, record_each
from trainings.core import clock, versions
from trainings.core.db import transaction
from trainings.core.errors import NotFound, Refusal
from trainings.core.permissions import Permission, Viewer
from trainings.courses import programme_queries
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import ENDED
from trainings.people import queries as people
from trainings.people import reading
from trainings.people.queries import mail_index, name_index
from trainings.people.sealed_rules import Identity, normalised_mail
from trainings.people.writes import change_identity
from trainings.rosters import queries, writes
from trainings.rosters.identity_queries import in_reach, teaches_beyond, works_elsewhere
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import (
    AlreadyOnRoster,
    AnswerRefused,
    CourseOver,
    IdentityTheirs,
    Invitation,
    ModuleUnknown,
    NobodyChosen,
    TrainerData,
    TrainerRetired,
    TrainersRefused,
)


def add_trainer(data: TrainerData, by: Viewer) -> str:
    """Add someone to the roster; returns the trainer's id.

    A staff account with the same email address and name is used; anyone else gets an account opened
    by emailed links. Raises ``AlreadyOnRoster``.
    """
    with transaction() as session:
        _may_edit(by)
        queries.lock_roster()
        _check_choices(data)
        trainer = writes.enrol(session, data)
        record(session, "trainer.add", "trainer", trainer.id, by=by.account_id)
        return trainer.id


def add_trainers(rows: Mapping[int, TrainerData], by: Viewer) -> list[str]:
    """Add several people to the roster, all of them or none; returns the trainers' ids.

    Raises ``TrainersRefused`` with the reason for each row.
    """
    with transaction() as session:
        _may_edit(by)
        queries.lock_roster()
        added, refused = [], {}
        for number, data in rows.items():
            try:
                _check_choices(data)
                added.append(writes.enrol(session, data))
            except Refusal as refusal:
                refused[number] = refusal
        if refused:
            raise TrainersRefused(refused)
        record_each(
            session,
            "trainer.add",
            "trainer",
            [(trainer.id, {"from": "list"}) for trainer in added],
            by=by.account_id,
        )
        return [trainer.id for trainer in added]


def edit_trainer(trainer_id: str, data: TrainerData, by: Viewer) -> None:
    """Change a trainer's data. Raises ``IdentityTheirs``, ``AlreadyOnRoster``."""
    with transaction() as session:
        _may_edit(by)
        _check_choices(data)
        trainer = _known_under_lock(trainer_id)
        _check_in_reach(by, trainer)
        versions.check()
        changed = _change_identity(session, trainer, data, by)
        for column, value in (
            ("agency_id", data.agency_id),
            ("station_city", data.station_city),
            ("station_country", data.station_country),
            ("languages", list(data.languages)),
            ("module_ids", list(data.module_ids)),
        ):
            if getattr(trainer, column) != value:
                setattr(trainer, column, value)
                changed.append(column)
        if queries.notes_of(trainer) != data.notes:
            writes.keep_notes(trainer, data.notes)
            changed.append("notes")
        record(session, "trainer.edit", "trainer", trainer.id, by=by.account_id, changed=changed)


def _change_identity(
    session: Session, trainer: Trainer, data: TrainerData, by: Viewer
) -> list[str]:
    """Change name and email if they differ, unless only the person may change them.

    A new address changes how they sign in: old links are void, and open sessions are ended.
    """
    before = reading.opened([trainer.person_id])[trainer.person_id]
    renamed = (before.given_name, before.family_name) != (data.given_name, data.family_name)
    moved = normalised_mail(before.mail) != normalised_mail(data.mail)
    if not renamed and not moved:
        return []
    if works_elsewhere(trainer.account_id) or teaches_beyond(by, trainer):
        raise IdentityTheirs
    person, account = people.person(trainer.person_id), accounts.account(trainer.account_id)
    if person is None or account is None:
        raise NotFound
    index = mail_index(data.mail) or ""
    if queries.on_roster(index, name_index(data.given_name, data.family_name)):
        raise AlreadyOnRoster
    change_identity(
        person, given_name=data.given_name, family_name=data.family_name, mail=data.mail
    )
    if moved:
        account.mail_index = index
        shut_account(session, account.id)
    session.flush()
    return [name for name, done in (("name", renamed), ("mail", moved)) if done]


def retire_trainer(trainer_id: str, by: Viewer) -> None:
    """Retire a trainer, so that they can no longer be invited; the courses they gave stay."""
    with transaction() as session:
        _may_edit(by)
        trainer = queries.trainer_for_update(trainer_id)
        _check_in_reach(by, trainer)
        if trainer.retired_at is None:
            trainer.retired_at = clock.now()
            record(session, "trainer.retire", "trainer", trainer.id, by=by.account_id)


def bring_back(trainer_id: str, by: Viewer) -> None:
    """Return a retired trainer to the active list."""
    with transaction() as session:
        _may_edit(by)
        trainer = _known_under_lock(trainer_id)
        _check_in_reach(by, trainer)
        if trainer.retired_at is not None:
            trainer.retired_at = None
            record(session, "trainer.bring_back", "trainer", trainer.id, by=by.account_id)


def invite(course_id: str, trainer_ids: Collection[str], by: Viewer) -> int:
    """Invite trainers to teach in a course, each by email with a link; returns how many.

    Trainers who are invited or have accepted are not invited twice. Raises ``NobodyChosen``,
    ``TrainerRetired``, ``CourseOver``.
    """
    with transaction() as session:
        course = _course_under_lock(course_id, by)
        trainers = queries.trainers_for_update(trainer_ids)
        if not trainers:
            raise NobodyChosen
        if any(trainer.retired_at is not None for trainer in trainers):
            raise TrainerRetired
        before = queries.invitations_for_update(course.id, trainer_ids)
        waiting = (Invitation.INVITED, Invitation.ACCEPTED)
        asked = [
            (trainer, writes.put(session, course.id, trainer.id, before.get(trainer.id)))
            for trainer in trainers
            if trainer.id not in before or before[trainer.id].state not in waiting
        ]
        persons, languages = _whom(trainer for trainer, _ in asked)
        writes.mail_invitations(session, course, asked, persons, languages)
        record_each(
            session,
            "trainer.invite",
            "course_trainer",
            [(one.id, {"trainer": one.trainer_id}) for _, one in asked],
            by=by.account_id,
            course_id=course.id,
        )
        return len(asked)


def send_again(course_trainer_id: str, by: Viewer) -> None:
    """Email an invitation again, with a new link: the first was lost or has expired."""
    with transaction() as session:
        course = _course_under_lock(queries.course_of(course_trainer_id), by)
        trainer, asked = _asked_under_lock(course_trainer_id)
        if asked.state is not Invitation.INVITED:
            raise AnswerRefused(state=asked.state.label)
        persons, languages = _whom([trainer])
        writes.mail_invitations(session, course, [(trainer, asked)], persons, languages)
        record(
            session,
            "trainer.send_again",
            "course_trainer",
            asked.id,
            by=by.account_id,
            course_id=course.id,
        )


def answer(course_trainer_id: str, accept: bool, by: Viewer) -> None:
    """Accept or decline one's own invitation: accepting opens the course, declining closes it.

    Raises ``NotFound`` for an invitation to someone else, ``AnswerRefused``, ``CourseOver``.
    """
    with transaction() as session:
        course_id = queries.own_invitation(by, course_trainer_id).course_id
        course = courses.course_for_update(course_id)
        _check_going_on(course)
        trainer, asked = _asked_under_lock(course_trainer_id)
        writes.set_answer(session, asked, Invitation.ACCEPTED if accept else Invitation.DECLINED)
        change = writes.open_course_to if accept else writes.close_course_to
        change(session, trainer.account_id, course.id, by=by.account_id, keep_session=by.session_id)
        record(
            session,
            "trainer.accept" if accept else "trainer.decline",
            "course_trainer",
            asked.id,
            by=by.account_id,
            course_id=course.id,
        )


def withdraw_invitation(course_trainer_id: str, by: Viewer) -> None:
    """Withdraw an invitation: the trainer loses access to the course and is told by email.

    Raises ``NothingToWithdraw``, ``CourseOver``.
    """
    with transaction() as session:
        course = _course_under_lock(queries.course_of(course_trainer_id), by)
        trainer, asked = _asked_under_lock(course_trainer_id)
        writes.set_answer(session, asked, Invitation.WITHDRAWN)
        writes.close_course_to(
            session, trainer.account_id, course.id, by=by.account_id, keep_session=by.session_id
        )
        persons, languages = _whom([trainer])
        writes.mail_withdrawal(
            session,
            course,
            trainer,
            persons[trainer.person_id],
            language=languages[trainer.person_id],
        )
        record(
            session,
            "trainer.withdraw",
            "course_trainer",
            asked.id,
            by=by.account_id,
            course_id=course.id,
        )


def _known_under_lock(trainer_id: str) -> Trainer:
    """A trainer, locked, unless the person has been erased. Raises ``NotFound``."""
    trainer = queries.trainer_for_update(trainer_id)
    people.person_for_update(trainer.person_id)
    return trainer


def _may_edit(by: Viewer) -> None:
    if not by.can(Permission.ROSTER_EDIT):
        raise NotFound


def _check_in_reach(by: Viewer, trainer: Trainer) -> None:
    if not in_reach(by, trainer):
        raise NotFound


def _check_choices(data: TrainerData) -> None:
    known = {module.id for module in programme_queries.modules(data.module_ids)}
    if set(data.module_ids) - known or accounts.agency(data.agency_id) is None:
        raise ModuleUnknown


def _check_going_on(course: Course) -> None:
    if course.state in ENDED:
        raise CourseOver


def _course_under_lock(course_id: str, by: Viewer) -> Course:
    course = courses.course_locked(by, Permission.ROSTER_EDIT, course_id)
    _check_going_on(course)
    return course


def _asked_under_lock(course_trainer_id: str) -> tuple[Trainer, CourseTrainer]:
    asked = queries.course_trainer_for_update(course_trainer_id)
    return queries.trainer_for_update(asked.trainer_id), asked


def _whom(trainers: Iterable[Trainer]) -> tuple[Mapping[str, Identity], Mapping[str, str]]:
    """The address and language for emails to each of these trainers."""
    ids = [trainer.person_id for trainer in trainers]
    return reading.opened(ids), queries.languages_of(ids)
