"""Invitations to trainers and their answers."""

import pytest

from trainings.rosters.rules import AnswerRefused, Invitation, check_answer

ALLOWED = {
    ("invited", "accepted"),
    ("invited", "declined"),
    ("invited", "withdrawn"),
    ("accepted", "withdrawn"),
    ("withdrawn", "invited"),
    ("accepted", "declined"),
    ("declined", "accepted"),
    ("declined", "invited"),
}


@pytest.mark.parametrize("before", Invitation)
@pytest.mark.parametrize("after", Invitation)
def test_an_answer_fits_or_is_refused(before, after):
    if (before, after) in ALLOWED:
        check_answer(before, after)
    else:
        with pytest.raises(AnswerRefused) as refused:
            check_answer(before, after)
        assert str(before.label) in str(refused.value)
