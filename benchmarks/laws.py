"""Laws of nine countries side by side, in a register of two hundred."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from benchmarks.installation import Bare
from benchmarks.rows import Row
from tests import counting, factories
from trainings.core.db import db
from trainings.core.i18n import countries
from trainings.legislation import operations, topic_operations
from trainings.legislation.import_rules import Row as LawRow
from trainings.legislation.rules import LawText
from trainings.legislation.topic_rules import TOPICS

TITLE = "The register of laws: 200 countries, 14 topics"
NINE = "AR,BO,BR,CL,CO,EC,PE,PY,UY"
TIMES = 15
SAID = "Prison, 4 to 8 years. Aggravated: 5 to 10 years; 8 to 12 years if it actually takes place."
PAGES = (
    ("nine countries, all topics", f"/compare?countries={NINE}", "≤ 0.060 s", "≤ 8 SQL"),
    ("… with the words that differ", f"/compare?countries={NINE}&base=AR", "", "≤ 8 SQL"),
    ("prison terms of all countries, drawn", "/topics/penalty_basic", "", ""),
    ("the first forty countries", "", "", ""),
    ("searched for two words", "?q=prison+years", "", ""),
)


def rows() -> Iterator[Row]:
    """Seconds of processor and statements of the whole page, rendered; the median of several."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        app = Bare(Path(folder) / "instance").app
        with app.app_context():
            fill()
            client = app.test_client()
            factories.sign_in(client, factories.account())
            db.session.remove()
        for what, query, seconds_aim, statements_aim in PAGES:
            seconds, statements = measure(app, client, f"/legislation{query}")
            yield Row(f"{what}: seconds", f"{seconds:.3f} s", seconds_aim)
            yield Row(f"{what}: statements", f"{statements} SQL", statements_aim)


def fill() -> None:
    """Something in every place."""
    topic_operations.add_topics()
    here = [*NINE.split(","), *(code for code, _name in countries())]
    codes = list(dict.fromkeys(here))[:200]
    text = LawText(said={"en": SAID, "es": SAID}, law="Code", article="145", year=2012)
    operations.enter([LawRow(2, code, one.code, text) for code in codes for one in TOPICS], None)


def measure(app: Flask, client: FlaskClient, path: str) -> tuple[float, int]:
    """The median processor time of a page and its statements, that of the session included.

    Not by the clock: other work on the machine would count.
    """
    taken = []
    with app.app_context(), counting.statements() as sent:
        for number in range(TIMES + 1):
            db.session.remove()
            sent.clear()
            begun = time.thread_time()
            answer = client.get(path)
            if number:
                taken.append(time.thread_time() - begun)
            assert answer.status_code == 200, path
        return statistics.median(taken), len(sent)
