"""The installation's own lists: agencies, and the functions people have."""

from __future__ import annotations

from msgspec import Struct

from trainings.accounts import queries
from trainings.accounts.models import Agency
from trainings.agencies.rules import AgencyCodeTaken, FunctionCodeTaken, code, colour
from trainings.audit.writes import record
from trainings.core import versions
from trainings.core.db import new_key, transaction
from trainings.core.errors import NotFound
from trainings.core.i18n import Texts
from trainings.people import queries as people
from trainings.people.models import Function


class AgencyFacts(Struct, frozen=True):
    """The facts stored for an agency."""

    short_names: Texts
    names: Texts
    colour: str
    position: int


class FunctionFacts(Struct, frozen=True):
    """The facts stored for a function."""

    names: Texts
    hints: Texts
    position: int


def add_agency(agency_code: str, facts: AgencyFacts, *, by: str) -> None:
    """Add an agency that runs courses. Raises ``AgencyCodeTaken``, ``BadCode``, ``NotAColour``."""
    key = code(agency_code).upper()
    with transaction() as session:
        if any(found.code == key for found in queries.agencies()):
            raise AgencyCodeTaken
        agency = Agency(id=new_key(), code=key)
        _set(agency, facts)
        session.add(agency)
        session.flush()
        record(session, "agency.add", "agency", agency.id, by=by, code=key)


def change_agency(agency_code: str, facts: AgencyFacts, *, by: str) -> None:
    """Change an agency's names, colour and place; issued certificates stay as they are."""
    with transaction() as session:
        agency = queries.agency_with_code(agency_code, lock=True)
        if agency is None:
            raise NotFound
        versions.check()
        _set(agency, facts)
        record(session, "agency.change", "agency", agency.id, by=by)


def _set(agency: Agency, facts: AgencyFacts) -> None:
    agency.short_names, agency.names = facts.short_names, facts.names
    agency.colour, agency.position = colour(facts.colour), facts.position


def add_function(function_code: str, facts: FunctionFacts, *, by: str) -> None:
    """Add a function that people can have. Raises ``FunctionCodeTaken``, ``BadCode``."""
    key = code(function_code).lower()
    with transaction() as session:
        if any(found.code == key for found in people.functions()):
            raise FunctionCodeTaken
        session.add(
            Function(code=key, position=facts.position, names=facts.names, hints=facts.hints)
        )
        session.flush()
        record(session, "function.add", "function", key, by=by)


def change_function(function_code: str, facts: FunctionFacts, *, by: str) -> None:
    """Change a function's words and its place in the order."""
    with transaction() as session:
        found = people.function_for_update(function_code)
        if found is None:
            raise NotFound
        versions.check()
        found.position, found.names, found.hints = facts.position, facts.names, facts.hints
        record(session, "function.change", "function", function_code, by=by)
