"""Waiting, scopes and browsers, decided on plain values."""

from datetime import timedelta

import pytest

from trainings.accounts import rules
from trainings.accounts.rules import Scope
from trainings.core.permissions import Role


def test_waiting_grows_and_is_bounded() -> None:
    waits = [rules.wait_after(tries, rules.ACCOUNT_HERE).total_seconds() for tries in range(1, 40)]
    assert waits[:4] == [0, 0, 0, 0]
    assert waits[4:8] == [2, 4, 8, 16]
    assert waits == sorted(waits)
    assert waits[-1] == 15 * 60


def test_strangers_slow_an_account_down_for_a_minute_at_most() -> None:
    assert rules.wait_after(10_000, rules.ACCOUNT_ANYWHERE) == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("role", "given", "refusal"),
    [
        (Role.ORGANISER, Scope(), rules.AgencyOrCourse),
        (Role.ORGANISER, Scope(agency_id="a", course_id="c"), rules.NotBoth),
        (Role.ORGANISER, Scope(country="BO"), rules.AgencyOrCourse),
        (Role.FOCAL_POINT, Scope(agency_id="a"), rules.CountryWanted),
        (Role.TRAINER, Scope(agency_id="a"), rules.CourseWanted),
    ],
)
def test_a_role_needs_its_scope(role: Role, given: Scope, refusal: type[rules.Refusal]) -> None:
    with pytest.raises(refusal):
        rules.scope_for(role, given)


def test_a_scope_keeps_only_what_belongs_to_the_role() -> None:
    everything = Scope(course_id="c", country="BO", functions=("police", "judge"))
    assert rules.scope_for(Role.ORGANISER, everything) == Scope(course_id="c")
    assert rules.scope_for(Role.FOCAL_POINT, everything) == Scope(
        country="BO", functions=("judge", "police")
    )
    assert rules.scope_for(Role.ADMINISTRATOR, everything) == Scope()


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
            "Firefox, Linux",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("curl/8.5", ""),
    ],
)
def test_a_browser_in_words(user_agent: str, words: str) -> None:
    assert rules.device_words(user_agent) == words
