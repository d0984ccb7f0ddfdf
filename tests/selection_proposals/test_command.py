"""``flask selection propose``: who should be taken, as JSON; and what loads the solver."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from tests.selection_proposals.desk import Desk
from trainings.audit.models import AuditEntry
from trainings.core.db import db
from trainings.selection_proposals.models import SelectionProposal


def run(app: Flask, *more: str) -> Any:
    return app.test_cli_runner().invoke(args=["selection", "propose", "--course", "BUE27", *more])


def asked(app: Flask, *more: str) -> dict[str, Any]:
    done = run(app, "--dry-run", *more)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.output)
    return found


def test_who_is_taken_and_who_is_not_with_a_sentence_each(each_app: Flask, desk: Desk) -> None:
    before = db.session.scalar(select(func.count()).select_from(AuditEntry))
    db.session.close()
    found = asked(each_app, "--minimum", "women=30%", "--minimum", "judge=1")
    assert len(found["taken"]) == 3 and len(found["not_taken"]) == 2
    numbers = {one["number"] for one in (*found["taken"], *found["not_taken"])}
    assert numbers == set(desk.numbers.values())
    assert all(one["sentence"].startswith("No. ") for one in found["taken"])
    assert found["minima"]["women"] == {"asked": "30%", "reached": 1}
    assert found["seated"] == 3 and found["ended"] == "itself"
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == before
    assert db.session.scalar(select(func.count()).select_from(SelectionProposal)) == 0
    assert set(desk.states().values()) == {"endorsed"}


def test_minima_of_the_course_unless_others_are_given(each_app: Flask, desk: Desk) -> None:
    desk.propose(women="60%", judge="2")
    taken = {one["number"] for one in asked(each_app)["taken"]}
    assert taken == {desk.numbers[name] for name in ("first", "third", "colleague")}
    taken = {one["number"] for one in asked(each_app, "--minimum", "judge=1")["taken"]}
    assert desk.numbers["officer"] in taken


def test_conflicts_are_told(each_app: Flask, desk: Desk) -> None:
    found = asked(each_app, "--minimum", "judge=12", "--minimum", "women=10%")
    assert found["taken"] == [] and found["not_taken"] == []
    (one,) = found["conflict"]
    assert (one["minimum"], one["asked"], one["possible"]) == ("judge", "12", "3")
    assert one["sentence"] == "Judge: at least 12. Possible: Judge: at least 3"


def test_what_is_not_understood_is_refused(each_app: Flask, desk: Desk) -> None:
    assert run(each_app).exit_code == 2  # what changes something is not there
    done = run(each_app, "--dry-run", "--minimum", "tall=3")
    assert done.exit_code == 1 and "There is no minimum of “tall”. Known are: women" in done.output
    done = run(each_app, "--dry-run", "--minimum", "women=many")
    assert done.exit_code == 1 and "Enter a whole number" in done.output
    args = ["selection", "propose", "--course", "NONE9", "--dry-run"]
    done = each_app.test_cli_runner().invoke(args=args)
    assert done.exit_code == 1 and "there is no course NONE9" in done.output
