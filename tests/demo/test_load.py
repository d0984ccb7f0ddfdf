"""``flask demo load`` builds the whole demo, once, and not in production."""

import html
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy import func, select

from tests import factories
from tests.conftest import _begin_afresh
from tests.demo import template, walk
from trainings.accounts import queries as accounts
from trainings.agenda import queries as agenda
from trainings.agenda.rules import SessionKind
from trainings.attendance import hours_queries as attendance
from trainings.audit.models import AuditEntry
from trainings.core import clock
from trainings.core.db import db
from trainings.core.permissions import Viewer
from trainings.courses import programme_queries
from trainings.courses import queries as courses
from trainings.courses.programme_rules import LessonKind, LessonSource, LessonState
from trainings.courses.rules import CourseState
from trainings.demo import queries, story
from trainings.demo.rules import NotInProduction
from trainings.evaluations import queries as evaluations
from trainings.jobs.models import Job
from trainings.law_reviews import queries as law_reviews
from trainings.legislation import queries as laws
from trainings.legislation.rules import Mark
from trainings.mail.models import OutboxMail
from trainings.networks import queries as contact_queries
from trainings.networks.count_rules import network_of
from trainings.networks.group_rules import ORGANISERS, OTHERS
from trainings.networks.rules import WaveKind
from trainings.people.queries import mail_index
from trainings.programmes import course_queries as lessons
from trainings.programmes import queries as programme_lessons
from trainings.register.models import Certificate
from trainings.register.rules import Status
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.rosters import queries as rosters
from trainings.rosters.rules import Invitation
from trainings.web import compiled


@pytest.fixture(scope="module")
def house(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An empty installation into which the demo was loaded by its command."""
    folder = tmp_path_factory.mktemp("demo")
    app = template.copied(demo_template, folder, "http://trainings.example")
    app.before_request_funcs.setdefault(None, []).insert(0, _begin_afresh)
    app.extensions["log"] = shutil.copy(demo_template / template.LOG, folder)
    app.extensions["said"] = (demo_template / template.SAID).read_text(encoding="utf-8")
    with template.kept_log(app, folder / template.LOG), app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def states(code: str) -> Counter[State]:
    rows = db.session.execute(
        select(Registration.state, func.count())
        .where(Registration.course_id == courses.by_code(code).id)
        .group_by(Registration.state)
        .execution_options(scope="operation")
    )
    return Counter({row[0]: row[1] for row in rows})


def total(model: type[Any], *conditions: Any) -> int:
    statement = select(func.count()).select_from(model).where(*conditions)
    return db.session.scalar(statement.execution_options(scope="operation")) or 0


def test_the_past_course_is_over_and_its_sixty_were_there(house: Flask) -> None:
    course = courses.by_code("BUE01")
    assert course.state is CourseState.COMPLETED
    assert course.ends_on < clock.today(course.zone)
    assert course.starts_on.weekday() == 0
    found = states("BUE01")
    assert found[State.ATTENDED] == 60
    assert not found[State.CONFIRMED] + found[State.OFFERED] + found[State.NO_SHOW]
    assert agenda.planned_minutes(course.id) == 28 * 60


def test_57_have_a_certificate_and_three_stay_below_the_rule(house: Flask) -> None:
    course = courses.by_code("BUE01")
    there = total(Certificate, Certificate.course_id == course.id)
    assert there == 57
    assert total(Certificate, Certificate.status == Status.ISSUED) == 57
    assert total(Job, Job.task == "certificates.render", Job.state == "waiting") == 1
    shares = attendance.shares(course.id)
    below = [one for one in shares.values() if not one.reaches(course.threshold)]
    assert (len(shares), len(below)) == (60, 3)


def test_the_57_evaluated_it_and_two_of_them_wait_for_three_more(house: Flask) -> None:
    course = courses.by_code("BUE01")
    assert evaluations.numbers(course.id) == (60, 57, 2)
    found = evaluations.summary(course.id)
    assert found.shown == 55
    assert all(3 < (tally.mean or 0) < 5 for tally in found.tallies)


def test_the_next_course_is_open_and_everyone_stands_where_the_data_says(house: Flask) -> None:
    course = courses.by_code("BUE02")
    assert course.state is CourseState.PUBLISHED
    assert (course.starts_on - clock.today(course.zone)).days in range(53, 61)
    there = queries.standings(course.id)
    data = queries.data("nominations")
    for one in data["nominated"] + data["applied"]:
        expected = "offered" if one["becomes"] == "promoted" else one["becomes"]
        assert there[mail_index(one["email"]) or ""].state == expected, one["email"]
    assert len(there) == len(data["nominated"]) + len(data["applied"])


def _without_trainer(course_id: str) -> int:
    found = agenda.sessions_of(course_id)
    return sum(one.kind is SessionKind.MODULE and not one.assignments for one in found)


def test_nine_trainers_and_one_session_still_without(house: Flask) -> None:
    past, ahead = courses.by_code("BUE01"), courses.by_code("BUE02")
    assert len(rosters.course_trainers(past.id, teaching=True)) == 9
    assert _without_trainer(past.id) == 0
    asked = Counter(one.state for one in rosters.course_trainers(ahead.id))
    assert asked == {Invitation.ACCEPTED: 8, Invitation.INVITED: 1}
    assert _without_trainer(ahead.id) == 1


def test_no_mail_of_it_will_be_sent(house: Flask) -> None:
    assert total(OutboxMail) > 300
    assert total(OutboxMail, OutboxMail.state != "held") == 0
    assert total(Job, Job.task == "mail.send") == 0


def test_the_trail_is_whole_and_in_order(house: Flask) -> None:
    moments = db.session.scalars(select(AuditEntry.at).order_by(AuditEntry.number)).all()
    assert len(moments) > 500
    assert list(moments) == sorted(moments)
    result = house.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 0, result.output


def test_loading_again_changes_nothing_but_prints_new_links(house: Flask) -> None:
    models = (Registration, Certificate, OutboxMail, Job)
    before = [total(model) for model in models]
    result = house.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 0
    assert [total(model) for model in models] == before
    first, second = house.extensions["said"].splitlines(), result.output.splitlines()
    assert len(first) == len(second) == 11
    assert all("/sign-in/link/" in line for line in second)
    assert not {line.split()[-1] for line in first} & {line.split()[-1] for line in second}


def viewer(mail: str) -> Viewer:
    account = next(iter(accounts.accounts_with_mail(mail_index(mail) or "")))
    return queries.viewer(account.id)


def staff(role: str) -> str:
    found: str = next(
        one["email"] for one in queries.data("people")["staff"] if one["role"] == role
    )
    return found


# As whom, and a page that they are led to.
WALKS = {
    "organiser": (lambda: staff("organiser"), "/courses/BUE02/seats"),
    "focal point": (lambda: staff("focal_point"), "/courses/BUE02/nominations"),
    "trainer": (
        lambda: queries.data("people")["trainers"][0]["email"],
        "/courses/BUE01/certificates",
    ),
    "graduate": (lambda: queries.data("people")["past"][0]["email"], "/my/certificates"),
    "candidate": (
        lambda: queries.data("nominations")["nominated"][0]["email"],
        "/my/registrations",
    ),
    "administrator": (lambda: staff("administrator"), "/staff"),
    "nobody": (None, "/sign-in"),
}


def come_in(house: Flask, role: str) -> FlaskClient:
    """A browser of one of them."""
    client, (mail, _page) = house.test_client(), WALKS[role]
    if mail is not None:
        factories.sign_in(client, viewer(mail()))
    return client


@pytest.fixture(scope="module")
def walked(house: Flask) -> Callable[[str], list[walk.Page]]:
    """Gives the pages that one of them is led to; each way is walked once."""
    return cache(lambda role: list(walk.walk(come_in(house, role))))


@pytest.mark.parametrize("role", WALKS)
def test_every_link_leads_somewhere_and_no_address_or_title_names_anybody(
    walked: Callable[[str], list[walk.Page]], role: str
) -> None:
    mail, their_page = WALKS[role]
    words, opened = walk.identifying(), set()
    for page in walked(role):
        assert page.status == 200, page.path
        shown = f"{unquote(page.path)} {page.title} {page.file_name}"
        assert not walk.found_in(shown.encode(), words), shown
        opened.add(page.path)
    assert their_page in opened
    assert ("/profile" in opened) is (mail is not None)


# What a link that says a number leads to, and what stands once for each line there.
LISTED = {
    "/registrations": r'name="numbers"',
    "/reserve": r'name="numbers"',
    "/trainers": r'<th scope="row"',
}
_NUMBERED = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)"[^>]*>(.*?)</a>(?:\s*<b>(\d+)</b>)?', re.DOTALL)


def numbered(text: str) -> Iterator[tuple[str, int]]:
    """The links of a page that say how many things they lead to."""
    for link, inner, after in _NUMBERED.findall(text):
        path = html.unescape(link)
        words = " ".join(re.sub(r"<[^>]+>", " ", inner).split())
        alone = re.match(r"(\d+)(?!\d|[.:-])", words) or re.search(r'class="count">(\d+)<', inner)
        number = after or (alone and alone[1])
        if number and "page=" not in path and path.partition("?")[0].endswith(tuple(LISTED)):
            yield path, int(number)


@pytest.mark.parametrize("role", ["organiser", "focal point"])
def test_a_link_that_says_a_number_leads_to_a_list_of_just_so_many(
    house: Flask, walked: Callable[[str], list[walk.Page]], role: str
) -> None:
    """*Endorsements awaited: 3* led to an empty list."""
    client = come_in(house, role)
    said = {link for page in walked(role) for link in numbered(page.text)}
    assert len(said) >= {"organiser": 40}.get(role, 0)
    for path, number in sorted(said):
        known, more = 0, path
        while more:
            text = client.get(more, follow_redirects=True).get_data(as_text=True)
            listed = LISTED[f"/{path.partition('?')[0].rpartition('/')[2]}"]
            known += len(re.findall(listed, text[text.index("<main") :]))
            further = re.search(r'href="([^"]+)" rel="next"', text)
            more = html.unescape(further[1]) if further else ""
        assert known == number, f"{path} says {number}"


def test_no_subject_names_anybody(house: Flask) -> None:
    words = walk.identifying()
    subjects = {mail.subject for mail in factories.mails()}
    assert len(subjects) > 20
    for subject in subjects:
        assert not walk.found_in(subject.encode(), words), subject


def test_paragraphs_of_emails_stand_one_line_apart(house: Flask) -> None:
    bodies = [mail.body for mail in factories.mails()]
    assert bodies and [body for body in bodies if "\n\n\n" in body] == []


def test_a_stolen_folder_names_nobody(house: Flask) -> None:
    """Database, its log, sealed files, the anchor: no name, mail, phone or document of anyone."""
    factories.run_jobs(house)  # the certificates' files too
    assert total(Certificate, Certificate.status == Status.READY) == 57
    words = walk.identifying()
    assert len(words) > 500
    folder = house.extensions["settings"].instance
    looked_at = 0
    for path in walk.files_of(folder):
        if path.parent.name == compiled.FOLDER:  # the templates' own words, with their examples
            continue
        assert not walk.found_in(path.read_bytes(), words), path.name
        looked_at += path.stat().st_size
    assert looked_at > 3_000_000
    # and it would be found, had it been written
    (folder / "a-careless.log").write_text(next(iter(words)), encoding="utf-8")
    assert any(walk.found_in(path.read_bytes(), words) for path in walk.files_of(folder))
    (folder / "a-careless.log").unlink()


def test_nothing_that_was_logged_names_anybody(house: Flask) -> None:
    """Loading, signing in, walking and printing: all that went into the log by now."""
    said = Path(house.extensions["log"]).read_text(encoding="utf-8")
    assert "the log is kept" in said
    assert not walk.found_in(said.encode(), walk.identifying())


def test_links_follow_the_demo(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["demo", "links"])
    assert result.exit_code == 1
    assert "not loaded" in result.output


def test_it_is_refused_in_production(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    production = replace(app.extensions["settings"], environment="production")
    monkeypatch.setitem(app.extensions, "settings", production)
    with pytest.raises(NotInProduction):
        story.tell()
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 1
    assert total(Registration) == 0


def test_a_broken_off_load_is_taken_up_where_it_stopped(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Cut(Exception):
        pass

    taken = 0
    accept = story.people.accept

    def cut(*given: Any) -> None:
        nonlocal taken
        taken += 1
        if taken == 2:
            raise Cut
        accept(*given)

    with monkeypatch.context() as patch:
        patch.setattr(story.people, "accept", cut)
        with pytest.raises(Cut):
            story.tell()
    assert not queries.is_loaded()
    assert story.tell()
    assert states("BUE01")[State.ATTENDED] == 60
    assert total(Certificate) == 57
    assert not story.tell()


def test_the_laws_are_kept_confirmed_and_frozen_for_the_past_course(house: Flask) -> None:
    found = laws.register()
    assert len(found.countries) == 9 and len(found.topics) == 14
    marks = Counter(one.mark for one in found.entries.values())
    assert set(marks) == set(Mark), "something of each kind"
    filled = sum(one.shown is not None for one in found.entries.values())
    assert filled == 109
    assert found.at("CL", "palermo").proposed is not None, "a change waits"
    changed = laws.versions_of("BO", "penalty_basic")
    assert [one.standing.value for one in changed] == ["current", "earlier"]
    past, ahead = courses.by_code("BUE01"), courses.by_code("BUE02")
    (frozen,) = law_reviews.frozen(past)
    assert len(frozen.countries) == 9 and len(frozen.versions) == 126
    assert law_reviews.frozen(ahead) == [] and law_reviews.planned(ahead) is not None


def test_spartacus_ii_has_taken_up_four_of_six_lessons(house: Flask) -> None:
    course = courses.by_code("BUE02")
    asked = Counter(one.state for one in lessons.asked(course))
    assert asked == {LessonState.TAKEN_UP: 4, LessonState.OPEN: 1}
    assert lessons.unanswered(course) == [], "it has decided about all of them"
    programme = programme_queries.programme("SPARTACUS")
    dropped = programme_lessons.lessons(programme.id, state="dropped")
    assert [one.note.startswith("Requiere un acuerdo") for one in dropped] == [True]
    taken = programme_lessons.lessons(programme.id, state="taken_up", kind="lesson")
    assert len(taken) == 6, "two by the first course, four by the second"
    sources = Counter(one.source for one in programme.lessons)
    assert sources[LessonSource.EVALUATION] == sources[LessonSource.SESSION] == 1


def test_the_past_course_was_asked_three_times_about_its_contacts(house: Flask) -> None:
    course = courses.by_code("BUE01")
    waves = contact_queries.waves(course.id)
    assert [str(one.state) for one in waves.values()] == ["closed"] * 3 + ["planned"]
    assert all(one.asked == 60 for one in list(waves.values())[:3])
    networks = {kind: network_of(one.counted, ORGANISERS) for kind, one in waves.items()}
    first, last = networks[WaveKind.START], networks[WaveKind.THREE]
    assert first is not None and last is not None
    assert len(first.blocks) == 7, "six countries, and three that are joined"
    shares = [one.sums.borders / one.sums.total for one in (first, last)]
    assert shares[0] + 0.05 < shares[1], "a change that can be seen"
    wide = network_of(waves[WaveKind.START].counted, OTHERS)
    assert wide is not None and len(wide.blocks) == 4
    programme = programme_queries.programme("SPARTACUS")
    (found,) = [one for one in programme.lessons if one.source is LessonSource.NETWORK]
    assert found.kind is LessonKind.FINDING and found.source_titles["es"] == "3 meses después"
