"""Rights: what each role may do, and what a grant applies to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from trainings.core.i18n import LazyText, _l


class Role(StrEnum):
    """The role that a grant gives an account."""

    ORGANISER = "organiser"
    FOCAL_POINT = "focal_point"
    TRAINER = "trainer"
    ANALYST = "analyst"
    DATA_PROTECTION = "data_protection"
    ADMINISTRATOR = "administrator"
    LEGAL_CORRESPONDENT = "legal_correspondent"


ROLE_LABELS: dict[Role, LazyText] = {
    Role.ORGANISER: _l("Organiser"),
    Role.FOCAL_POINT: _l("National focal point"),
    Role.TRAINER: _l("Trainer"),
    Role.ANALYST: _l("Analyst"),
    Role.DATA_PROTECTION: _l("Data protection officer"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.LEGAL_CORRESPONDENT: _l("Legal correspondent"),
}


class Permission(StrEnum):
    """A right, ``resource:action``; applies only through a grant whose scope covers the object."""

    # everyone who is signed in, about themselves
    PROFILE_OWN = "profile:own"
    REGISTRATION_OWN = "registration:own"
    REGISTRATION_APPLY = "registration:apply"
    CERTIFICATE_OWN = "certificate:own"
    HOME_SEE = "home:see"
    MATERIAL_OWN = "material:own"
    LEGISLATION_READ = "legislation:read"
    DIRECTORY_OWN = "directory:own"
    # courses
    LESSON_READ = "lesson:read"  # programmes with their findings and lessons: all who have a role
    PROGRAMME_READ = "programme:read"
    PROGRAMME_EDIT = "programme:edit"
    COURSE_CREATE = "course:create"
    COURSE_WORK = "course:work"
    COURSE_EDIT = "course:edit"
    COURSE_MOVE = "course:move"
    COURSE_AGREE = "course:agree"
    SIGNATURE_SET = "signature:set"
    SEATS_EDIT = "seats:edit"
    MESSAGE_SEND = "message:send"
    LIST_TAKE = "list:take"
    # registrations
    REGISTRATION_READ = "registration:read"
    REGISTRATION_SELECT = "registration:select"
    REGISTRATION_NOMINATE = "registration:nominate"
    REGISTRATION_IMPORT = "registration:import"
    # trainers, agenda, attendance
    ROSTER_READ = "roster:read"
    ROSTER_EDIT = "roster:edit"
    PEOPLE_SEE = "people:see"
    AGENDA_READ = "agenda:read"
    AGENDA_EDIT = "agenda:edit"
    MATERIAL_EDIT = "material:edit"
    ATTENDANCE_TAKE = "attendance:take"
    EVALUATION_READ = "evaluation:read"
    EVALUATION_TEXTS = "evaluation:texts"
    # the register of laws
    LEGISLATION_EDIT = "legislation:edit"
    LEGISLATION_NAME = "legislation:name"
    # the directory of alumni
    DIRECTORY_MODERATE = "directory:moderate"
    DIRECTORY_GUARD = "directory:guard"
    # certificates
    CERTIFICATE_ISSUE = "certificate:issue"
    CERTIFICATE_PRINT = "certificate:print"
    # the installation
    ACCOUNT_INVITE = "account:invite"
    GRANT_EDIT = "grant:edit"
    AGENCY_EDIT = "agency:edit"
    AGENCY_MARK = "agency:mark"
    HEALTH_READ = "health:read"
    AUDIT_READ = "audit:read"
    PERSON_ERASE = "person:erase"
    REPORT_READ = "report:read"


P = Permission

SELF = frozenset(
    {
        P.PROFILE_OWN,
        P.REGISTRATION_OWN,
        P.REGISTRATION_APPLY,
        P.CERTIFICATE_OWN,
        P.HOME_SEE,
        P.MATERIAL_OWN,
        P.LEGISLATION_READ,
        P.DIRECTORY_OWN,
    }
)

_OWN_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ORGANISER: frozenset(
        {
            P.PROGRAMME_READ,
            P.PROGRAMME_EDIT,
            P.COURSE_CREATE,
            P.COURSE_WORK,
            P.COURSE_EDIT,
            P.COURSE_MOVE,
            P.COURSE_AGREE,
            P.SIGNATURE_SET,
            P.SEATS_EDIT,
            P.MESSAGE_SEND,
            P.LIST_TAKE,
            P.REGISTRATION_READ,
            P.REGISTRATION_SELECT,
            P.REGISTRATION_IMPORT,
            P.ROSTER_READ,
            P.ROSTER_EDIT,
            P.PEOPLE_SEE,
            P.AGENDA_READ,
            P.AGENDA_EDIT,
            P.MATERIAL_EDIT,
            P.ATTENDANCE_TAKE,
            P.EVALUATION_READ,
            P.EVALUATION_TEXTS,
            P.CERTIFICATE_ISSUE,
            P.CERTIFICATE_PRINT,
            P.AGENCY_MARK,
            P.LEGISLATION_EDIT,
            P.DIRECTORY_MODERATE,
        }
    ),
    Role.FOCAL_POINT: frozenset(
        {
            P.LIST_TAKE,
            P.REGISTRATION_NOMINATE,
            P.REGISTRATION_IMPORT,
            P.LEGISLATION_EDIT,
            P.LEGISLATION_NAME,
        }
    ),
    Role.LEGAL_CORRESPONDENT: frozenset({P.LEGISLATION_EDIT}),
    Role.TRAINER: frozenset(
        {
            P.COURSE_WORK,
            P.LIST_TAKE,
            P.PEOPLE_SEE,
            P.AGENDA_READ,
            P.ATTENDANCE_TAKE,
            P.EVALUATION_READ,
            P.CERTIFICATE_PRINT,
        }
    ),
    Role.ANALYST: frozenset({P.REPORT_READ}),
    Role.DATA_PROTECTION: frozenset({P.AUDIT_READ, P.PERSON_ERASE, P.DIRECTORY_GUARD}),
    Role.ADMINISTRATOR: frozenset(
        {
            P.ACCOUNT_INVITE,
            P.GRANT_EDIT,
            P.AGENCY_EDIT,
            P.AGENCY_MARK,
            P.HEALTH_READ,
            P.PROGRAMME_READ,
            P.PROGRAMME_EDIT,  # of those that no agency owns
            P.MATERIAL_EDIT,  # of modules that no agency owns
            P.DIRECTORY_MODERATE,
        }
    ),
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    role: own | {P.LESSON_READ} for role, own in _OWN_PERMISSIONS.items()
}

# Among the organising agencies, only the lead agency's organisers have these for a course.
LEAD_ONLY = frozenset({P.COURSE_EDIT, P.COURSE_MOVE, P.SEATS_EDIT, P.CERTIFICATE_ISSUE})


class Grant(Struct, frozen=True):
    """A role with its scope, as held in memory for one request.

    Which fields are set depends on the role: an organiser has ``agency_id`` or ``course_id``,
    a focal point ``country`` and, if wished, ``functions`` (empty: all), a trainer ``course_id``, a
    legal correspondent ``country``.
    """

    role: Role
    agency_id: str | None = None
    course_id: str | None = None
    country: str | None = None
    functions: frozenset[str] = frozenset()

    def carries(self, permission: Permission) -> bool:
        return permission in ROLE_PERMISSIONS[self.role]


class Viewer(Struct, frozen=True):
    """The account that makes a request, with its grants; nobody if ``account_id`` is None."""

    account_id: str | None = None
    person_id: str | None = None
    session_id: str | None = None
    language: str = ""
    grants: tuple[Grant, ...] = field(default=())
    confirmed_at: datetime | None = None  # when they last proved who they are

    def grants_with(self, permission: Permission) -> tuple[Grant, ...]:
        """The grants that carry a permission; only their scopes count for it."""
        return tuple(grant for grant in self.grants if grant.carries(permission))

    def can(self, permission: Permission) -> bool:
        """Whether the viewer has the right at all; the scoped query decides for which objects."""
        if permission in SELF:
            return self.account_id is not None
        return any(grant.carries(permission) for grant in self.grants)

    def has(self, role: Role) -> bool:
        return any(grant.role is role for grant in self.grants)

    # flask-login needs these on a user
    @property
    def is_authenticated(self) -> bool:
        return self.account_id is not None

    @property
    def is_active(self) -> bool:
        return self.account_id is not None

    @property
    def is_anonymous(self) -> bool:
        return self.account_id is None

    def get_id(self) -> str:
        return self.account_id or ""


NOBODY = Viewer()
