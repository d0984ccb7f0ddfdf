"""Who may change a module or a programme: the agency that owns it; others copy it."""

from __future__ import annotations

from collections.abc import Collection

from trainings.agencies.rules import agencies_of
from trainings.core.errors import Refusal
from trainings.core.i18n import _l
from trainings.core.permissions import Role, Viewer

LONGEST_CODE = 20


class NotYours(Refusal):
    """It belongs to another agency."""

    sentence = _l(
        "%(agency)s owns this, so only its organisers can change it. You can copy it to your own "
        "agency and change the copy."
    )


class NobodysYet(Refusal):
    """It belongs to no agency: it is older than the owners, and nobody knows who wrote it."""

    sentence = _l(
        "No agency owns this yet, so only an administrator can change it, or give it to an "
        "agency. You can copy it to your own agency and change the copy."
    )


class NotYourAgency(Refusal):
    """The viewer would write something for an agency that is not theirs."""

    sentence = _l("Choose an agency for which you are an organiser.")
    field = "agency_id"


def may_edit(viewer: Viewer, agency_id: str | None) -> bool:
    """Whether somebody may change what an agency owns; of nobody's, administrators may."""
    if agency_id is None:
        return viewer.has(Role.ADMINISTRATOR)
    return agency_id in agencies_of(viewer)


def check_may_edit(viewer: Viewer, agency_id: str | None, name: str) -> None:
    """Check that somebody may change it. Raises ``NotYours``, ``NobodysYet``."""
    if not may_edit(viewer, agency_id):
        raise NotYours(agency=name) if agency_id is not None else NobodysYet


def check_own_agency(viewer: Viewer, agency_id: str) -> None:
    """Check that somebody writes for an agency of their own. Raises ``NotYourAgency``."""
    if agency_id not in agencies_of(viewer):
        raise NotYourAgency


def code_of_copy(code: str, agency_code: str, taken: Collection[str]) -> str:
    """A code to propose for a copy: the agency's code behind it, and a number if need be."""
    for number in range(1, 100):
        ending = f"-{agency_code.lower()}" + (f"-{number}" if number > 1 else "")
        proposed = code[: LONGEST_CODE - len(ending)].rstrip("-_") + ending
        if proposed not in taken:
            return proposed
    return ""
