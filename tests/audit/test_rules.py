"""The trail in words: each act that is recorded has some, in each language."""

import ast
from pathlib import Path

import pytest
from flask import Flask

from trainings.agreements.rules import Answer
from trainings.audit.rules import ACTS, OBJECTS, act_words, object_words
from trainings.core.config import ROOT
from trainings.core.i18n import LANGUAGES, speaking
from trainings.course_mails.queue_rules import MailAct
from trainings.courses.rules import CourseMove
from trainings.register import trust_rules
from trainings.registrations.rules import STEPS, Act

RECORDING = {"record", "record_each", "record_entries"}


def constants(node: ast.AST) -> set[str]:
    """The texts in an expression: two where a condition chooses; none of a part (``course.``)."""
    found = {one.value for one in ast.walk(node) if isinstance(one, ast.Constant)}
    return {str(one) for one in found if one is not None and not str(one).endswith(".")}


def recorded() -> tuple[set[str], set[str]]:
    """The acts and kinds of object that the code names where it writes to the trail."""
    acts: set[str] = set()
    objects: set[str] = set()
    for path in Path(ROOT, "trainings").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id == "TrailEntry":  # an act on one of several objects
                acts |= constants(node.args[0])
            if node.func.id in RECORDING and len(node.args) > 2:
                act, kind = node.args[1:3]
                if node.func.id == "record_entries":
                    act, kind = ast.Constant(None), act
                acts |= constants(act)
                objects |= constants(kind) if isinstance(kind, ast.Constant) else set()
    return acts, objects


def test_every_act_and_every_object_has_words() -> None:
    acts, objects = recorded()
    acts |= {f"registration.{act}" for act in {*Act, *STEPS}}
    acts |= {f"course.{move}" for move in CourseMove}
    acts |= {f"agreement.{answer}" for answer in Answer}
    acts |= {f"mail.{act}" for act in MailAct}
    acts |= {trust_rules.ISSUE, trust_rules.REVOKE, trust_rules.SUPERSEDE, trust_rules.ERASE}
    assert len(acts) > 90 and len(objects) > 10
    assert acts - set(ACTS) == set()
    assert set(ACTS) - acts == set(), "no act is called so"
    assert objects - set(OBJECTS) == set()


@pytest.mark.parametrize("code", [one for one in LANGUAGES if one != "en"])
def test_in_the_language_of_the_reader(app: Flask, code: str) -> None:
    same_in_both = {"Module", "Installation", "Session", "Agency", "Certificate"}
    with speaking(code):
        told = {act: act_words(act) for act in ACTS}
    with speaking("en"):
        assert [act for act in ACTS if told[act] == act_words(act) not in same_in_both] == []
    assert act_words("forgotten.act") == "forgotten.act"
    assert object_words("forgotten") == "forgotten"
