"""The directory of alumni among 100,000 people: what one look for others costs the database."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path

from sqlalchemy import insert, select, text

from benchmarks.installation import Bare
from benchmarks.rows import Ratio, Row
from tests.directory import alumni
from trainings.core import clock
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Viewer
from trainings.directory import operations, queries
from trainings.directory.models import DirectoryCircle, DirectoryEntry, DirectoryLook, DirectoryWord
from trainings.directory.rules import Sought
from trainings.people.models import Person

TITLE = "The directory of alumni: 100,000 people"
PEOPLE, TIMES, PROGRAMMES = 100_000, 9, 3
COUNTRIES = ("AR", "BO", "BR", "CL", "CO", "EC", "PE", "PY", "UY", "MX")
FUNCTIONS = ("police", "prosecutor", "judge")
RARE, COMMON, APART = "rare-field", "common-field", "field-of-another-programme"
SEARCHES = (
    ("anybody", Sought()),
    ("judges of Paraguay", Sought(country="PY", function="judge")),
    ("a field of every second", Sought(field=COMMON)),
    ("a field of one in 5,000", Sought(field=RARE)),
    ("judges of Paraguay with a rare field", Sought("PY", "judge", RARE, "gn")),
    ("a field of every second, with a language few speak", Sought(field=COMMON, language="fr")),
    ("the worst: a field of 33,333 whom the reader may not find", Sought(field=APART)),
    ("a country where nobody is", Sought(country="NZ")),
)


def rows() -> Iterator[Row]:
    """Milliseconds of a whole look, with lock, count and read log; and of reading 100,000 rows."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        app = Bare(Path(folder) / "instance").app
        with app.app_context():
            viewer = fill()
            baseline = measured(read_every_row)
            yield Row("plain baseline: every entry read once by SQL", f"{baseline:.0f} ms")
            for what, sought in SEARCHES:
                taken = measured(lambda sought=sought: look(viewer, sought))
                yield Row(
                    f"{what}: one look",
                    f"{taken:.0f} ms",
                    "100 ms on an idle machine",
                    Ratio([taken / baseline], "every entry read once", most=0.3),
                )
            db.session.remove()


def fill() -> Viewer:
    """As many people in three programmes, of which the viewer finds those of one."""
    course = alumni.over(programme_id=alumni.programme())
    viewer = alumni.listed(course)
    mine = queries.live(viewer.person_id or "")
    assert mine is not None
    circle = db.session.scalars(select(DirectoryCircle.circle)).first() or ""
    now = clock.now()
    kinds = list(product(COUNTRIES, FUNCTIONS))
    people, entries, circles, words = [], [], [], []
    for number in range(PEOPLE):
        person, entry = new_key(), new_key()
        country, function = kinds[number % len(kinds)]
        people.append(
            {
                "id": person,
                "created_at": now,
                "country": country,
                "function": function,
                "language": "es",
                "given_name": b"",
                "family_name": b"",
            }
        )
        entries.append(
            {
                "id": entry,
                "person_id": person,
                "alias": f"Vega {number}",
                "country": country,
                "function": function,
                "version": "2026-11",
                "to_others": True,
                "by_fields": True,
                "given_at": now,
                "until": now + timedelta(days=300),
            }
        )
        own = number % PROGRAMMES == 0
        where = circle if own else f"programme-{number % PROGRAMMES}"
        circles.append({"circle": where, "entry_id": entry})
        words += [{"word": "es" if number % 7 else "gn", "entry_id": entry}]
        words += [{"word": COMMON, "entry_id": entry}] if number % 2 else []
        words += [{"word": "fr", "entry_id": entry}] if number % 9000 == 1 else []
        words += [{"word": APART, "entry_id": entry}] if number % PROGRAMMES == 1 else []
        words += [{"word": RARE, "entry_id": entry}] if number % 5000 == 0 else []
    db.session.remove()
    with transaction() as session:
        for model, some in (
            (Person, people),
            (DirectoryEntry, entries),
            (DirectoryCircle, circles),
            (DirectoryWord, words),
        ):
            session.execute(insert(model), some)
    return viewer


def look(viewer: Viewer, sought: Sought) -> None:
    """One look for others, as if it were the first of the day."""
    with transaction() as session:
        session.query(DirectoryLook).delete()
    begun = time.perf_counter()
    operations.look_up(sought, "", viewer)
    _taken.append(time.perf_counter() - begun)


def read_every_row() -> None:
    """What any search without an index would do at least."""
    begun = time.perf_counter()
    with db.engine.connect() as connection:
        connection.execute(text("SELECT id, country, function FROM directory_entry")).all()
    _taken.append(time.perf_counter() - begun)


_taken: list[float] = []


def measured(act: Callable[[], None]) -> float:
    """The median of several, in milliseconds."""
    _taken.clear()
    for _ in range(TIMES + 1):
        act()
    return statistics.median(_taken[1:]) * 1000
