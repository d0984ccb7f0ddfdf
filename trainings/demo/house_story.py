"""Adds the demo's agencies, functions and staff; each step skips what already exists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trainings.accounts import queries as accounts
from trainings.accounts import staff_operations
from trainings.accounts.rules import Scope
from trainings.accounts.staff_operations import Invited
from trainings.agencies import operations as agency_operations
from trainings.agencies.operations import AgencyFacts, FunctionFacts
from trainings.core.errors import NotFound
from trainings.core.permissions import Role
from trainings.demo import queries
from trainings.people import queries as people
from trainings.people.queries import mail_index


def employ_administrator() -> str:
    """Create the demo's administrator; returns the account's id."""
    entry = next(one for one in queries.data("people")["staff"] if one["role"] == "administrator")
    found = _account(entry["email"])
    if found is None:
        staff_operations.create_administrator(entry["email"], entry["given"], entry["family"])
        found = _account(entry["email"])
    if found is None:
        raise NotFound
    return found


def found_agencies(by: str) -> dict[str, str]:
    """Add the agencies and functions; returns the agencies' ids by code."""
    installation = queries.data("installation")
    there = {agency.code for agency in accounts.agencies()}
    for position, one in enumerate(installation["agencies"]):
        if one["code"] not in there:
            facts = AgencyFacts(one["short"], one["name"], one["colour"], position)
            agency_operations.add_agency(one["code"], facts, by=by)
    known = {function.code for function in people.functions()}
    for position, one in enumerate(installation["functions"]):
        if one["code"] not in known:
            words = FunctionFacts(one["name"], one["hint"], position)
            agency_operations.add_function(one["code"], words, by=by)
    return {agency.code: agency.id for agency in accounts.agencies()}


def employ_staff(agencies: Mapping[str, str], by: str) -> dict[str, str]:
    """Invite the demo's staff with their roles; returns account ids by the codes in the data."""
    employed: dict[str, str] = {}
    for one in queries.data("people")["staff"]:
        employed[one["code"]] = _account(one["email"]) or _employ(one, agencies, by)
    return employed


def _employ(one: Mapping[str, Any], agencies: Mapping[str, str], by: str) -> str:
    who = Invited(one["given"], one["family"], one["email"], one["language"])
    agency = agencies[one["agency"]] if "agency" in one else None
    scope = Scope(agency_id=agency, country=one.get("country"))
    return staff_operations.invite(who, Role(one["role"]), scope, by=by)


def _account(mail: str) -> str | None:
    found = accounts.staff_with_mail(mail_index(mail) or "")
    return found.id if found is not None else None
