"""Finds a person to be erased, and what is held about them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import exists, func, select

from trainings.accounts import queries as accounts
from trainings.accounts.models import Account, AccountGrant
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.names import normalised_name
from trainings.core.permissions import Permission, Role, Viewer
from trainings.courses.models import Course
from trainings.courses.rules import ENDED
from trainings.directory import contact_queries as directory_contacts
from trainings.directory import queries as directory
from trainings.mail import queries as mails
from trainings.people import queries as people
from trainings.people.models import Person
from trainings.privacy.models import Erasure
from trainings.privacy.rules import Ties, Way, way_of
from trainings.register import queries as register
from trainings.register.models import Certificate
from trainings.register.serial_rules import serial_key
from trainings.registrations import queries as registrations
from trainings.registrations.models import Draft, Registration
from trainings.registrations.rules import LIVE
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import TEACHING

_MOST = 20  # people shown for one name or address
MOST_SHARED = 50  # shared addresses shown


class Held(Struct, frozen=True):
    """What the installation holds about one person, in numbers and short lists."""

    person: Person
    registrations: Sequence[tuple[Registration, Course]]
    certificates: Sequence[Certificate]
    account: Account | None
    works_here: bool
    trainer: Trainer | None
    teaching: Sequence[tuple[CourseTrainer, Course]]
    drafts: int
    mails: int
    waiting: int
    entries: int
    contacts: int
    same_mail: Sequence[str]  # other people with the same address
    blank: Sequence[str]  # nameless entries created only by this address

    @property
    def unit(self) -> str:
        """Where they work, from the latest registration that says so."""
        units = (registrations.unit(one) for one, _course in self.registrations)
        return next(filter(None, units), "")

    @property
    def numbers(self) -> list[str]:
        """The numbers of the registrations, the latest first."""
        return [registration.number for registration, _course in self.registrations]


def find(viewer: Viewer, typed: str) -> list[str]:
    """The ids of those found by an email address, a number, a serial or a whole name.

    Looked up by blind index, so part of a name finds nobody. Raises ``NotFound`` for anyone who may
    not erase.
    """
    _check(viewer)
    typed = typed.strip()
    key = serial_key(typed)
    way = way_of(typed, key is not None)
    if way is Way.NUMBER:
        return _of_number(typed.upper())
    found = _of_serial(key) if key is not None else []
    if found:
        return found
    if way is Way.MAIL:
        index = people.mail_index(typed)
        return _of_mail(people.with_mail(index)) if index else []
    if not normalised_name(typed, ""):
        return []
    return [one.id for one in people.with_name(people.name_index(typed, ""))][:_MOST]


def _of_mail(known: Sequence[Person]) -> list[str]:
    """The people with an address; its nameless entries are included with the one who has a name."""
    named = [one.id for one in known if not people.is_nameless(one)]
    nameless = [one for one in known if one.id not in named]
    if len(named) == 1 and len(_blank(nameless)) == len(nameless):
        return named
    return [one.id for one in known][:_MOST]


def _of_number(number: str) -> list[str]:
    return list(
        db.session.scalars(
            select(Registration.person_id)
            .where(Registration.number == number)
            .execution_options(scope="operation")
        )
    )


def _of_serial(key: str) -> list[str]:
    certificate = register.by_serial(key)
    if certificate is None:
        return []
    if certificate.person_id is not None:
        return [certificate.person_id]
    # it was detached from somebody who was erased
    participant = select(Registration.person_id).where(
        Registration.id == certificate.registration_id
    )
    teacher = (
        select(Trainer.person_id)
        .join(CourseTrainer, CourseTrainer.trainer_id == Trainer.id)
        .where(CourseTrainer.id == certificate.course_trainer_id)
    )
    return list(db.session.scalars(participant.union(teacher).execution_options(scope="operation")))


def numbers_of(person_ids: Sequence[str]) -> dict[str, list[str]]:
    """The registration numbers of each of these persons."""
    rows = db.session.execute(
        select(Registration.person_id, Registration.number)
        .where(Registration.person_id.in_(list(person_ids)))
        .order_by(Registration.created_at.desc(), Registration.number)
        .execution_options(scope="operation")
    )
    found: dict[str, list[str]] = {}
    for person_id, number in rows:
        found.setdefault(person_id, []).append(number)
    return found


def shared_addresses(viewer: Viewer) -> list[list[tuple[str, str]]]:
    """Email addresses under which several people are registered: their ids and numbers.

    Two entries may be one human whom two people registered, each without seeing the other's, or a
    unit may share its mailbox. Only the officer sees that there are several; nobody is named.
    """
    _check(viewer)
    registered = exists().where(Registration.person_id == Person.id)
    several = (  # whoever they are: the index says this by itself
        select(Person.mail_index)
        .where(Person.mail_index.is_not(None))
        .group_by(Person.mail_index)
        .having(func.count() > 1)
    )
    shared = (
        select(Person.mail_index)
        .where(Person.mail_index.in_(several), registered)
        .group_by(Person.mail_index)
        .having(func.count() > 1)
    )
    rows = db.session.execute(
        select(Person.mail_index, Person.id, func.min(Registration.number))
        .join(Registration, Registration.person_id == Person.id)
        .where(Person.mail_index.in_(shared))
        .group_by(Person.mail_index, Person.id)
        .order_by(func.max(Registration.created_at).desc(), Person.id)
        .execution_options(scope="operation")
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for index, person_id, number in rows:
        found.setdefault(str(index), []).append((person_id, number))
    return list(found.values())[:MOST_SHARED]


def held(viewer: Viewer, person_id: str) -> Held:
    """What is held about a person. Raises ``NotFound`` where they are hidden or missing."""
    _check(viewer)
    person = people.person(person_id)
    if person is None:
        raise NotFound
    account = accounts.account_of(person_id)
    trainer = db.session.scalar(select(Trainer).where(Trainer.person_id == person_id))
    total, waiting = mails.numbers_to(person_id)
    same = people.with_mail(person.mail_index) if person.mail_index else ()
    others = [one for one in same if one.id != person_id]
    blank = _blank(others)
    return Held(
        person=person,
        registrations=_registrations(person_id),
        certificates=register.of_person(person_id),
        account=account,
        works_here=_works_here(account),
        trainer=trainer,
        teaching=_teaching(trainer),
        drafts=_drafts(account),
        mails=total,
        waiting=waiting,
        entries=directory.entries_of(person_id),
        contacts=directory_contacts.how_many(person_id),
        same_mail=[one.id for one in others if one.id not in blank],
        blank=blank,
    )


def _blank(others: Sequence[Person]) -> list[str]:
    """The entries created when an address asked for an application: no name, on no course.

    They belong to the person with that address, unless another person with a name shares it: then
    nobody can tell.
    """
    if not all(map(people.is_nameless, others)):
        return []
    ids = sorted(one.id for one in others)
    return [] if numbers_of(ids) else ids


def _registrations(person_id: str) -> Sequence[tuple[Registration, Course]]:
    rows = db.session.execute(
        select(Registration, Course)
        .join(Course, Course.id == Registration.course_id)
        .where(Registration.person_id == person_id)
        .order_by(Registration.created_at.desc(), Registration.number)
        .execution_options(scope="operation", populate_existing=True)
    ).all()
    return [(registration, course) for registration, course in rows]


def _teaching(trainer: Trainer | None) -> Sequence[tuple[CourseTrainer, Course]]:
    if trainer is None:
        return []
    rows = db.session.execute(
        select(CourseTrainer, Course)
        .join(Course, Course.id == CourseTrainer.course_id)
        .where(CourseTrainer.trainer_id == trainer.id)
        .order_by(Course.starts_on.desc(), CourseTrainer.id)
        .execution_options(populate_existing=True)
    ).all()
    return [(asked, course) for asked, course in rows]


def _works_here(account: Account | None) -> bool:
    """Whether an active account has a role other than trainer, which is given per course."""
    if account is None or account.disabled_at is not None:
        return False
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    AccountGrant.account_id == account.id,
                    AccountGrant.ended_at.is_(None),
                    AccountGrant.role != str(Role.TRAINER),
                )
            )
        )
    )


def _drafts(account: Account | None) -> int:
    if account is None:
        return 0
    statement = select(func.count()).select_from(Draft).where(Draft.account_id == account.id)
    return db.session.scalar(statement) or 0


def standing(of: Held, viewer: Viewer) -> Ties:
    """The facts that decide whether they can be erased now."""
    return Ties(
        erased=of.person.erased_at is not None,
        own=of.person.id == viewer.person_id,
        works_here=of.works_here,
        live_on=tuple(
            course.code
            for registration, course in of.registrations
            if registration.state in LIVE and course.state not in ENDED
        ),
        teaches_on=tuple(
            course.code
            for asked, course in of.teaching
            if asked.state in TEACHING and course.state not in ENDED
        ),
    )


def latest(viewer: Viewer, limit: int = 50) -> Sequence[Erasure]:
    """The newest erasures."""
    _check(viewer)
    return db.session.scalars(
        select(Erasure).order_by(Erasure.at.desc(), Erasure.id).limit(limit)
    ).all()


def of_receipt(viewer: Viewer, receipt: str) -> Erasure:
    """One erasure by its receipt. Raises ``NotFound``."""
    _check(viewer)
    found = db.session.scalar(select(Erasure).where(Erasure.receipt == receipt))
    if found is None:
        raise NotFound
    return found


def of_person(person_id: str) -> Erasure | None:
    """The erasure of a person, if there was one."""
    return db.session.scalar(select(Erasure).where(Erasure.person_id == person_id))


def _check(viewer: Viewer) -> None:
    if not viewer.can(Permission.PERSON_ERASE):
        raise NotFound
