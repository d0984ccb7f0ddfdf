"""The alumni of the demo's past course: who can be found, and who wrote to whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trainings.core.permissions import Viewer
from trainings.demo import queries
from trainings.demo.candidate_story import Call, People
from trainings.directory import care_operations, contact_operations, contact_queries, operations
from trainings.directory import queries as directory
from trainings.directory.contact_rules import ContactCard, ContactState, ContactSubject
from trainings.directory.rules import Consenting, Sought

_SPEAK = {"AR": "es", "BR": "pt_BR"}  # others speak Spanish, too; Paraguayans also Guaraní


def agree(call: Call, people: People, days: int) -> None:
    """Let most of those who took part agree to be found, each as far as they wish."""
    modules = sorted(directory.taught([call.course_id]))
    moments = call.moments(days, "09:30")
    for number, one in enumerate(people):
        who = queries.participant(one["email"])
        if number % 5 == 4 and not _writes(one):
            continue
        spoken = ("es", "gn") if one["country"] == "PY" else (_SPEAK.get(one["country"], "es"),)
        with next(moments):
            if directory.live(who.person_id or "") is None:
                operations.consent(
                    Consenting(
                        to_others=number % 2 == 0,
                        by_fields=number % 3 != 2,
                        unit=one["unit"] if number % 4 == 0 else "",
                        words=(*modules[number % 3 :: 2], *spoken),
                    ),
                    who,
                )


def _writes(one: Mapping[str, Any]) -> bool:
    """Whether somebody's country and function stand in a contact of the story."""
    kind = [one["country"], one["function"]]
    return any(kind in (row["from"], row["to"]) for row in queries.data("directory")["contacts"])


def propose(call: Call, people: People, days: int, keeper: Viewer) -> None:
    """Two fields are proposed: one has joined the list, one waits."""
    if directory.proposals() or directory.accepted_fields():
        return
    who = queries.participant(people[0]["email"])
    accepted, waiting = queries.data("directory")["fields"]
    with next(call.moments(days, "20:00")):
        operations.propose(accepted["words"], who)
        (field,) = directory.proposals()
        care_operations.keep_field(field.id, accepted["titles"], keeper)
        operations.propose(waiting["words"], who)


def write(call: Call, people: People, since: int, before: int) -> None:
    """The first messages of a time, and what came of each; days count from today."""
    for row in queries.data("directory")["contacts"]:
        sender, recipient = (_first(people, *row[side]) for side in ("from", "to"))
        entry = directory.live(recipient.person_id or "")
        if not since <= row["days"] < before or entry is None:
            continue
        if contact_queries.between(sender.person_id or "", recipient.person_id or ""):
            continue
        country, function = row["to"]
        with next(call.moments(row["days"], "11:00")):
            operations.look_up(Sought(country=country, function=function), "", sender)
            key = contact_operations.write(
                entry.id, ContactSubject(row["subject"]), row["words"], sender
            )
        with next(call.moments(row["days"] + 1, "16:00")):
            _answer(row, key, sender, recipient)


def fall_silent(call: Call, days: int) -> None:
    """Three weeks after a message that nobody answered."""
    with next(call.moments(days, "12:00")):
        contact_operations.tidy()


def _answer(row: Mapping[str, Any], key: str, sender: Viewer, recipient: Viewer) -> None:
    if row["outcome"] == ContactState.ACCEPTED:
        contact_operations.accept(key, row["reply"], ContactCard(**row["card"]), recipient)
        contact_operations.share(key, ContactCard(**row["back"]), sender)
    if row["outcome"] == ContactState.DECLINED:
        contact_operations.decline(key, recipient)


def _first(people: People, country: str, function: str) -> Viewer:
    """The first of a country and function."""
    mails = [
        one["email"] for one in people if (one["country"], one["function"]) == (country, function)
    ]
    return queries.participant(mails[0])
