"""Who may have a file."""

from __future__ import annotations

import pytest

from trainings.materials import rules
from trainings.materials.rules import Audience, Relation

STAFF, TRAINER, PARTICIPANT = Relation
EVERYONE = set(Audience)


@pytest.mark.parametrize(
    ("standing", "over", "has"),
    [
        ({STAFF}, False, EVERYONE),
        ({TRAINER}, False, EVERYONE - {Audience.STAFF}),
        ({PARTICIPANT}, False, {Audience.PARTICIPANTS}),
        ({PARTICIPANT}, True, {Audience.PARTICIPANTS, Audience.AFTER}),
        ({PARTICIPANT, TRAINER}, False, EVERYONE - {Audience.STAFF}),
        (set(), True, set()),
    ],
)
def test_who_may_have_what(standing: set[Relation], over: bool, has: set[Audience]) -> None:
    assert {one for one in Audience if rules.may_have(one, standing, over=over)} == has
