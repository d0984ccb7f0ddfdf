"""What was drawn last, and a course with people who come."""

from __future__ import annotations

import pytest
from flask import Flask

from tests import factories, teaching
from tests.drawing import keep_drawn
from trainings.core import clock
from trainings.core.db import transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Signatory
from trainings.printing.paper_rules import PaperDocument
from trainings.registrations.rules import State


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[PaperDocument]:
    return keep_drawn(monkeypatch)


@pytest.fixture
def lead(app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM", name=("Olga", "Muster"))


@pytest.fixture
def course_id(lead: Viewer) -> str:
    """Two who confirmed, one who has an offer, a trainer who accepted and one who did not."""
    made = factories.course(languages=["es", "pt_BR", "de"])
    teaching.participant(made, name=("Zoé", "Álvarez"), country="BO")
    teaching.participant(made, name=("Ana", "Rojas"), country="PE", function="police")
    teaching.participant(made, name=("Nora", "Noch"), state=State.OFFERED)
    for name, accept in ((("Ruth", "Choque"), True), (("Uwe", "Nein"), False)):
        trainer = teaching.trainer(lead, name=name)
        teaching.answered(teaching.course_trainer(made, trainer, lead), accept=accept)
    with transaction() as session:
        session.add(
            Signatory(
                course_id=made,
                agency_id=factories.agency_id(),
                position=0,
                titles={"en": "Director", "es": "Dirección"},
                agreed_at=clock.now(),
            )
        )
    return made
