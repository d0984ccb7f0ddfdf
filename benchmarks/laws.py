"""Laws of nine countries side by side, in a register of two hundred."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from benchmarks.installation import Bare
from benchmarks.rows import Row
from benchmarks.turns import PAGE, compared, in_turns, plain
from tests import counting, factories
from trainings.core.db import db
from trainings.core.i18n import countries
from trainings.legislation import operations, topic_operations
from trainings.legislation.import_rules import Row as LawRow
from trainings.legislation.rules import LawText
from trainings.legislation.topic_rules import TOPICS
from trainings.serving import forking

TITLE = "The register of laws: 200 countries, 14 topics"
NINE = "AR,BO,BR,CL,CO,EC,PE,PY,UY"
SAID = "Prison, 4 to 8 years. Aggravated: 5 to 10 years; 8 to 12 years if it actually takes place."
PAGES = (  # and at most how many bare pages each costs
    ("nine countries, all topics", f"/compare?countries={NINE}", 21.0, "≤ 60 ms"),
    ("… with the words that differ", f"/compare?countries={NINE}&base=AR", 25.0, ""),
    ("prison terms of all countries, drawn", "/topics/penalty_basic", 115.0, ""),
    ("the first forty countries", "", 38.0, ""),
    ("searched for two words", "?q=prison+years", 95.0, ""),
)


def rows() -> Iterator[Row]:
    """Milliseconds of the processor for the whole page, in turns with a bare page; statements."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        app = Bare(Path(folder) / "instance").app
        with app.app_context():
            fill()
            client = app.test_client()
            factories.sign_in(client, factories.account())
            db.session.remove()
        forking.settle()  # as a web worker does
        with plain(app) as bare:
            for what, query, most, aim in PAGES:
                path = f"/legislation{query}"
                # by the processor's time, not by the clock: other work would count
                taken, page = in_turns(
                    lambda path=path: client.get(path), bare.page, each=5, clock=time.thread_time
                )
                yield compared(what, taken, page, PAGE, most, aim)
                yield Row(f"{what}: statements", f"{statements(app, client, path)} SQL", "≤ 8 SQL")


def fill() -> None:
    """Something in every place."""
    topic_operations.add_topics()
    here = [*NINE.split(","), *(code for code, _name in countries())]
    codes = list(dict.fromkeys(here))[:200]
    text = LawText(said={"en": SAID, "es": SAID}, law="Code", article="145", year=2012)
    operations.enter([LawRow(2, code, one.code, text) for code in codes for one in TOPICS], None)


def statements(app: Flask, client: FlaskClient, path: str) -> int:
    """How many statements a page sends, those of the session included."""
    with app.app_context(), counting.statements() as sent:
        db.session.remove()
        assert client.get(path).status_code == 200, path
    return len(sent)
