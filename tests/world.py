"""A small world for the access matrix: one course with its people, another elsewhere.

HERE27 (upcoming, registration open), NOW27 (running) and DONE27 (over) are led by IOM with
INTERPOL beside it; ELSE27 is UNODC's. Bolivia's judge Ana stands on all here, Luz of Peru, too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from tests import factories, teaching
from tests.agencies.test_marks import picture
from tests.course_mails import making as mails
from tests.directory import alumni
from tests.exports import taking
from tests.legislation import keeping
from tests.materials.making import material
from tests.networks import asking as contacts
from tests.questions import asking
from tests.register import kept
from tests.registrations import acting
from trainings.accounts.models import AccountGrant
from trainings.agencies import mark_operations
from trainings.agenda import operations as agenda
from trainings.agenda.rules import SessionKind
from trainings.assessments import operations as assessments
from trainings.assessments.rules import Found
from trainings.availability import operations as availability
from trainings.availability.rules import Period, PeriodKind
from trainings.calendars import operations as calendars
from trainings.candidate_reviews import operations as reviews
from trainings.candidate_reviews.models import CandidateReview
from trainings.candidate_reviews.rules import SHOWN_AT_FIRST
from trainings.core import clock
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses import writes as courses
from trainings.courses.models import Course, Signatory
from trainings.courses.rules import CourseState, Visibility
from trainings.mail.models import OutboxMail
from trainings.materials.rules import Audience
from trainings.nominations_import import operations as nominations
from trainings.nominations_import.ask_rules import Asked, DateNotThere
from trainings.nominations_import.queries import waiting as waiting_rows
from trainings.nominations_import.reading_rules import Row
from trainings.planning import creation_operations, signature_operations
from trainings.privacy import erasing_operations as privacy
from trainings.privacy.rules import Reason
from trainings.register.models import Certificate
from trainings.registrations.candidate_rules import Candidate
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.rosters import operations as rosters
from trainings.rosters.models import Trainer
from trainings.rosters.rules import TrainerRole
from trainings.saved_views import operations as saved_views
from trainings.screens import operations as screens
from trainings.selection_proposals.models import SelectionDecision
from trainings.selection_proposals.queries import sealed_reasons
from trainings.tables import operations as seating
from trainings.tables.rules import Layout

# The columns of the matrix, in its order.
COLUMNS = (
    "nobody",
    "participant_self",
    "participant_other",
    "trainer_here",
    "trainer_elsewhere",
    "focal_same_country",
    "focal_other_country",
    "organiser_lead",
    "organiser_co",
    "organiser_elsewhere_trainer_here",
    "analyst",
    "data_protection",
    "administrator",
)
HERE, NOW, DONE, ELSEWHERE = "HERE27", "NOW27", "DONE27", "ELSE27"


@dataclass
class World:
    """Who is there, and what stands in the gaps of a route: by its beginning and the gap."""

    viewers: dict[str, Viewer | None] = field(default_factory=dict)
    gaps: dict[tuple[str, str], str] = field(default_factory=dict)
    sent: dict[str, dict[str, str]] = field(default_factory=dict)  # by route, else an empty form

    def path(self, route: str) -> str:
        """The address of a route, with the world's things in its gaps.

        The longest beginning that fits decides, so that a course's certificates are those of
        the course that is over.
        """
        found = route
        for gap in {word.split(">")[0] for word in route.split("<")[1:]}:
            name = gap.split(":")[-1]
            fitting = [
                (len(beginning), value)
                for (beginning, wanted), value in self.gaps.items()
                if wanted == name and route.startswith(beginning)
            ]
            if not fitting:
                raise LookupError(f"tests/world.py has nothing for <{name}> in {route}")
            found = found.replace(f"<{gap}>", max(fitting)[1])
        return found


def build() -> World:
    """Make the world in the database of the current app."""
    world = World()
    lead = factories.account(Role.ORGANISER, agency="IOM")
    elsewhere = factories.account(
        Role.ORGANISER, agency="UNODC", name=("Eva", "Doble"), mail="eva@unodc.example"
    )
    ids = _courses()
    _teaching(world, ids, lead, elsewhere)
    _participants(world, ids)
    _planning(world, ids, lead)
    world.viewers |= {
        "nobody": None,
        "focal_same_country": factories.account(Role.FOCAL_POINT, country="BO"),
        "focal_other_country": factories.account(Role.FOCAL_POINT, country="PE"),
        "organiser_lead": lead,
        "organiser_co": factories.account(Role.ORGANISER, agency="INTERPOL"),
        "organiser_elsewhere_trainer_here": elsewhere,
        "analyst": factories.account(Role.ANALYST),
        "data_protection": factories.account(Role.DATA_PROTECTION),
        "administrator": factories.account(Role.ADMINISTRATOR),
    }
    _installation(world)
    world.gaps |= keeping.laws(ids[NOW], NOW, lead)
    _reading(world, ids[HERE])
    world.gaps |= alumni.gaps(ids[DONE], world.viewers) | contacts.gaps(ids[HERE], ids[NOW], NOW)
    return world


def _reading(world: World, course_id: str) -> None:
    """INTERPOL's organiser reads what is known of Ana; a view of the candidates is saved."""
    lead, reader = world.viewers["organiser_lead"], world.viewers["organiser_co"]
    assert lead is not None and reader is not None
    reviews.set_readers(course_id, [reader.account_id or ""], SHOWN_AT_FIRST, lead)
    asked = {"state": "undecided", "country": "BO"}
    world.gaps[("/courses/<code>/registrations/views", "view_id")] = saved_views.save(
        course_id, "Bolivia to decide", True, asked, lead
    )
    with transaction() as session:
        given = CandidateReview(id=new_key(), course_id=course_id, account_id=reader.account_id)
        given.registration_id = world.gaps[("/courses", "registration_id")]
        session.add(given)
    world.gaps |= asking.gaps(course_id, lead)


def _courses() -> dict[str, str]:
    both = ("IOM", "INTERPOL")
    return {
        HERE: factories.course(HERE, agencies=both, visibility=Visibility.PUBLIC),
        NOW: factories.course(
            NOW, agencies=both, starts_in=0, state=CourseState.RUNNING, needs_evaluation=True
        ),
        DONE: factories.course(DONE, agencies=both, starts_in=-10, state=CourseState.COMPLETED),
        ELSEWHERE: factories.course(ELSEWHERE, lead="UNODC", agencies=("UNODC",)),
    }


def _teaching(world: World, ids: dict[str, str], lead: Viewer, elsewhere: Viewer) -> None:
    module_id = teaching.module("investigation")
    room_id = teaching.room()
    invited: dict[str, str] = {}
    trainers = {
        "trainer_here": (HERE, teaching.trainer(lead)),
        "organiser_elsewhere_trainer_here": (
            HERE,
            teaching.trainer(lead, name=("Eva", "Doble"), mail="eva@unodc.example"),
        ),
        "trainer_elsewhere": (ELSEWHERE, teaching.trainer(elsewhere, name=("Iris", "Lejos"))),
    }
    for who, (code, trainer_id) in trainers.items():
        by = elsewhere if code == ELSEWHERE else lead
        invited[who] = teaching.course_trainer(ids[code], trainer_id, by)
        trainer = db.session.get_one(Trainer, trainer_id)
        viewer = Viewer(account_id=trainer.account_id, person_id=trainer.person_id)
        db.session.close()
        rosters.answer(invited[who], True, viewer)
        world.viewers[who] = viewer
        if code == HERE:  # they teach in the other two as well
            for other in (NOW, DONE):
                _grant(viewer, Role.TRAINER, course_id=ids[other])
    slot = teaching.slot(ids[HERE], room_id=room_id, trainers=(invited["trainer_here"],))
    here = agenda.add_session(ids[HERE], slot, lead)
    teaching.publish(ids[HERE], lead)
    exam = teaching.slot(ids[NOW], "00:10", "00:40", kind=SessionKind.TEST)
    now = agenda.add_session(ids[NOW], exam, lead)
    teaching.teach(ids[DONE], module_id)
    with transaction() as session:
        programme = courses.add_programme(
            session, code="spartacus", agency_id=factories.agency_id(), titles={"en": "S"}, texts={}
        )
        phase = courses.add_phase(
            session, programme.id, 0, titles={"en": "P"}, texts={}, starts_on=None, ends_on=None
        )
        lesson = courses.add_lesson(session, programme.id, 0, {"en": "L"})
        session.get_one(Course, ids[HERE]).programme_id = programme.id
        session.flush()
        world.gaps |= {
            ("/programmes", "code"): "spartacus",
            ("/programmes", "phase_id"): phase.id,
            ("/programmes", "lesson_id"): lesson.id,
            ("/programmes", "act"): "own",
            ("/programmes", "number"): "1",
            ("/courses", "lesson_id"): lesson.id,
        }
    away = Period(PeriodKind.AWAY, date(2027, 5, 3), date(2027, 5, 4), factories.ZONE)
    period_id = availability.add_period(away, world.viewers["trainer_here"])
    found = Found(module_id, TrainerRole.CO, date(2026, 11, 3))
    assessment_id = assessments.assess(trainers["trainer_here"][1], found, lead)
    file = material(ids[HERE], here, lead, audience=Audience.TRAINERS)
    world.gaps |= {
        ("/my/availability", "period_id"): period_id,
        ("/my/sessions", "session_id"): here,
        ("/materials", "material_id"): file,
        ("/courses/<code>/materials", "day"): slot.day.isoformat(),
        ("/courses", "code"): HERE,
        ("/courses/<code>/certificates", "code"): DONE,
        ("/courses/<code>/evaluation", "code"): NOW,
        ("/courses/<code>/papers", "code"): NOW,
        ("/courses/<code>/papers", "paper"): "tents",
        ("/courses/<code>/agenda", "sheet"): "wall",
        ("/courses", "session_id"): here,
        ("/courses/<code>/attendance", "code"): NOW,
        ("/courses/<code>/attendance", "session_id"): now,
        ("/courses", "course_trainer_id"): invited["trainer_here"],
        ("/my/invitations", "course_trainer_id"): invited["trainer_here"],
        ("/trainers", "assessment_id"): assessment_id,
        ("/trainers", "trainer_id"): trainers["trainer_here"][1],
        ("/trainers", "other_id"): trainers["organiser_elsewhere_trainer_here"][1],
        ("/modules", "code"): "investigation",
        ("/rooms", "room_id"): room_id,
    }


def _planning(world: World, ids: dict[str, str], lead: Viewer) -> None:
    seating.set_tables(ids[NOW], Layout(1, 4), lead)
    helper = factories.account(Role.ORGANISER, course_id=ids[HERE], name=("Olga", "Una"))
    grant_id = db.session.scalar(
        select(AccountGrant.id).where(AccountGrant.account_id == helper.account_id)
    )
    mail_id = db.session.scalar(select(OutboxMail.id).where(OutboxMail.course_id == ids[HERE]))
    db.session.close()
    whose = {"course_id": ids[HERE], "agency_id": factories.agency_id(), "agreed_at": clock.now()}
    with transaction() as session:
        signatory = Signatory(id=new_key(), position=0, titles={"en": "Director"}, **whose)
        session.add(signatory)
    signature_operations.set_signature(ids[HERE], signatory.id, picture(), lead)
    world.gaps |= {
        ("/courses", "signatory_id"): signatory.id,
        ("/courses/<code>/agreement", "agency"): "INTERPOL",
        ("/courses/<code>/agreement", "signatory_id"): "nobody-of-theirs",
        **mails.gaps(ids[HERE], mail_id or "", lead),
        ("/courses/<code>/organisers", "grant_id"): grant_id or "",
        ("/courses", "step"): "function",
        ("/courses/<code>/moves", "name"): "close_registration",
        ("/courses/<code>/settings", "name"): "place",
        ("/courses/new", "name"): "basics",
        ("/courses/new", "plan_id"): creation_operations.begin_plan(lead),
    }


def _grant(viewer: Viewer, role: Role, **scope: Any) -> None:
    with transaction() as session:
        whose = {"id": new_key(), "account_id": viewer.account_id, "role": str(role)}
        session.add(AccountGrant(given_at=clock.now(), **whose, **scope))


def _participants(world: World, ids: dict[str, str]) -> None:
    for code in (HERE, NOW, DONE):
        acting.share_out(ids[code], {("BO", "judge"): 2, ("PE", "judge"): 2})
    ana = factories.account(name=("Ana", "Prueba"), mail="ana@unit.example")
    luz = factories.account(name=("Luz", "Ensayo"), mail="luz@unit.example")
    for who, country in ((ana, "BO"), (luz, "PE")):
        person = who.person_id or ""
        acting.add_registration(ids[HERE], person, State.OFFERED, country, "judge")
        acting.add_registration(ids[NOW], person, State.CONFIRMED, country, "judge")
        acting.add_registration(ids[DONE], person, State.ATTENDED, country, "judge")
    rows = db.session.execute(
        select(Registration.course_id, Registration.number, Registration.id)
        .where(Registration.person_id == ana.person_id)
        .execution_options(scope="operation")
    ).all()
    db.session.close()
    here = next(row for row in rows if row.course_id == ids[HERE])
    done = next(row for row in rows if row.course_id == ids[DONE])
    now = next(row for row in rows if row.course_id == ids[NOW])
    marks = {f"mark-{now.id}": "present", "moment": "2026-01-01T00:00:00+00:00"}
    for act in ("", "/mark", "/undo"):
        world.sent[f"/courses/<code>/attendance/<session_id>{act}"] = marks
    results = {f"result-{now.id}": "passed", "moment": "2026-01-01T00:00:00+00:00"}
    for act in ("", "/one", "/rest", "/undo"):
        world.sent[f"/courses/<code>/attendance/<session_id>/results{act}"] = results
    look = {"style": "modern", "beside": "", "shown": "en"}
    world.sent["/courses/<code>/certificates/look"] = look
    world.sent["/courses/<code>/selection/proposal/wonder"] = {"number": here.number}
    certificate = kept.certificate(ids[DONE], done.id, ana)
    kept.waiver(done.id)
    world.viewers |= {"participant_self": ana, "participant_other": luz}
    world.gaps |= {
        ("/courses", "number"): here.number,
        ("/courses", "registration_id"): here.id,
        ("/my/registrations", "number"): here.number,
        ("/my/evaluations", "number"): now.number,
        ("/courses/<code>/certificates", "number"): done.number,
        ("/courses/<code>/papers", "number"): now.number,
        ("/courses/<code>/tables", "code"): NOW,
        ("/courses/<code>/tables", "number"): now.number,
        ("/", "letter"): "visa",
        ("/my/registrations/<number>/<any", "number"): now.number,
        ("/", "certificate_id"): certificate,
        ("/courses/<code>/selection", "decision_id"): _decision(ids[HERE]),
    }
    token = db.session.scalar(select(Certificate.token).execution_options(scope="operation"))
    db.session.close()
    world.gaps[("/verify", "token")] = token or ""


def _decision(course_id: str) -> str:
    """A selection that was decided, of nobody."""
    key = new_key()
    with transaction() as session:
        none = sealed_reasons(key, [])
        session.add(
            SelectionDecision(
                id=key, course_id=course_id, by="", at=clock.now(), asked={}, reasons=none
            )
        )
    return key


def _installation(world: World) -> None:
    administrator = world.viewers["administrator"]
    assert administrator is not None
    mark_operations.set_mark("IOM", picture(), administrator)
    member = factories.account(Role.ANALYST, name=("Bea", "Muster"))
    with transaction() as session:
        grant = session.scalars(
            select(AccountGrant).where(AccountGrant.account_id == member.account_id)
        ).one()
        mail = session.scalars(select(OutboxMail)).first()
        world.gaps |= {
            ("/staff", "account_id"): member.account_id or "",
            ("/staff", "grant_id"): grant.id,
            ("/outbox", "mail_id"): mail.id if mail is not None else "",
            ("/agencies", "code"): "IOM",
            ("/functions", "code"): "judge",
            ("/profile", "session_id"): "no-session-of-theirs",
        }
    gone, officer = factories.account(staff=False), factories.account(Role.DATA_PROTECTION)
    receipt = privacy.erase(gone.person_id or "", Reason.ASKED, "Ejemplo", officer)
    world.gaps |= {
        ("/privacy", "person_id"): world.viewers["participant_self"].person_id or "",  # type: ignore[union-attr]
        ("/privacy", "receipt"): receipt,
        ("/sign-in/link", "token"): factories.link(member),
    }
    lead = world.viewers["organiser_lead"]
    here = db.session.scalar(select(Course.id).where(Course.code == HERE)) or ""
    db.session.close()
    if lead is not None:
        world.gaps[("/screen", "token")] = screens.make_link(here, ["es"], lead)
        _list_asked_for(world, here, lead)
        nominations.enter(here, {}, [_row()], lead)
        ((row_id, _waiting),) = waiting_rows(lead.account_id, here)
        db.session.close()
        world.gaps |= {("/courses", "row_id"): row_id, ("/courses", "language"): "es"}
    world.gaps[("/calendar", "token")] = calendars.make_link(member)


def _list_asked_for(world: World, course_id: str, lead: Viewer) -> None:
    """A list with names that the lead organiser asked for."""
    number = taking.ask_plainly(course_id, lead)
    world.sent["/courses/<code>/lists/<listing>/take"] = {"kind": "csv"}
    world.sent["/courses/<code>/mail/release"] = {"held": "4"}
    world.gaps |= {
        ("/courses/<code>/lists", "listing"): "candidates",
        ("/courses/<code>/lists/<listing>/take", "listing"): "seats",
        ("/courses/<code>/lists", "number"): number,
        ("/courses/<code>/lists", "decision"): "refuse",
        ("/privacy/lists", "number"): number,
        ("/privacy/lists", "decision"): "refuse",
    }


def _row() -> Row:
    """A row of a list of nominations that waits to be finished by hand."""
    candidate = Candidate("Lía", "Prueba", "lia@unit.example", "BO", "judge")
    return Row("2", candidate, (Asked("born", "C2", "31/02/1980", DateNotThere()),))
