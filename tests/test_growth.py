"""Every page of every role with sixty people and with two thousand: as many statements, no larger.

``script/bench growth`` measures the same walk at the full size. See
docs/decisions/2026-11-29-any-size.md.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests import walking
from tests.conftest import make_settings
from trainings.app import create_app

FEW, MANY = 60, 2000
KILOBYTES, STATEMENTS = 150, 15
# Who sees what others do not; the rest of the matrix is measured by the benchmark.
SEEING = (
    "participant_self",
    "trainer_here",
    "focal_same_country",
    "organiser_lead",
    "analyst",
    "data_protection",
    "administrator",
)

# Where a list is in order of name on more than one page, all names are opened once to cut it.
ONE_MORE = {
    "/courses/<code>/certificates/print": "up to a thousand holders in order of name",
    "/courses/<code>/trainers/invite": "the roster in order of name",
    "/trainers": "the roster in order of name",
}


@pytest.fixture(scope="module")
def walked(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, key_file: Path
) -> dict[int, dict[tuple[str, str], walking.Page]]:
    """What each page took, by how many people there are."""
    found = {}
    for people in (FEW, MANY):
        instance = tmp_path_factory.mktemp(f"people-{people}")
        shutil.copy(sqlite_template, instance / "trainings.sqlite")
        app = create_app(make_settings(instance, key_file, SMTP_HOST="mail.example"))
        with walking.crowded(app, people, people // 5) as made:
            found[people] = {
                (page.route, page.who): page for page in walking.walk(made, who=SEEING)
            }
    return found


def test_no_page_asks_more_of_the_database_where_there_are_more_people(
    walked: dict[int, dict[tuple[str, str], walking.Page]],
) -> None:
    few, many = walked[FEW], walked[MANY]
    assert few.keys() == many.keys() and len(many) > 300
    more = {
        key: (len(few[key].statements), len(page.statements))
        for key, page in many.items()
        if len(page.statements) > len(few[key].statements) + (key[0] in ONE_MORE)
    }
    assert more == {}


def test_no_page_is_larger_than_a_page(
    walked: dict[int, dict[tuple[str, str], walking.Page]],
) -> None:
    large = {
        key: page.kilobytes for key, page in walked[MANY].items() if page.size > KILOBYTES * 1000
    }
    assert large == {}


def test_few_statements_make_a_page(walked: dict[int, dict[tuple[str, str], walking.Page]]) -> None:
    most = {
        route: max(len(page.statements) for (one, _), page in walked[MANY].items() if one == route)
        for route, _who in walked[MANY]
    }
    assert {route: number for route, number in most.items() if number > STATEMENTS} == {}
