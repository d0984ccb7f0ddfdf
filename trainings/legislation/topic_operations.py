"""The topics of the register of laws: those it begins with, those that organisers add or reword."""

from __future__ import annotations

from trainings.audit.writes import record
from trainings.core import versions
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.i18n import Texts
from trainings.core.permissions import Viewer
from trainings.legislation import queries, rules
from trainings.legislation.models import LawTopic
from trainings.legislation.rules import Picture
from trainings.legislation.topic_rules import TOPICS, TopicTaken, check_code


def add_topics() -> int:
    """Add the topics that every register begins with, where they are not there; how many."""
    with transaction() as session:
        there = {one.code for one in queries.topics()}
        missing = [one for one in TOPICS if one.code not in there]
        for one in missing:
            session.add(
                LawTopic(
                    code=one.code,
                    position=one.position,
                    titles=dict(one.titles),
                    questions=dict(one.questions),
                    picture=one.picture,
                )
            )
        return len(missing)


def add_topic(code: str, titles: Texts, questions: Texts, picture: Picture, *, by: Viewer) -> None:
    """Add a topic at the end of the list. Raises ``TopicCodeOdd``, ``TopicTaken``, ``NotFound``."""
    _check_may(by)
    check_code(code)
    with transaction() as session:
        there = queries.topics_for_update(session, [one.code for one in queries.topics()])
        if code in {one.code for one in there}:
            raise TopicTaken
        position = 1 + max((one.position for one in there), default=-1)
        session.add(
            LawTopic(
                code=code, position=position, titles=titles, questions=questions, picture=picture
            )
        )
        record(session, "law.topic", "law", code, by=by.account_id)


def reword_topic(
    code: str, titles: Texts, questions: Texts, picture: Picture, *, by: Viewer
) -> None:
    """Word a topic otherwise; what was frozen keeps its words. Raises ``NotFound``."""
    _check_may(by)
    with transaction() as session:
        found = queries.topics_for_update(session, [code])
        if not found:
            raise NotFound
        versions.check()
        (topic,) = found
        topic.titles, topic.questions, topic.picture = titles, questions, picture
        record(session, "law.topic", "law", code, by=by.account_id)


def _check_may(by: Viewer) -> None:
    if not rules.keeps_all(by):
        raise NotFound
