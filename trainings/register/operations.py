"""Compares the register with the records kept alongside it: the trail and the file of endings."""

from __future__ import annotations

from itertools import groupby

from sqlalchemy.orm import Session

from trainings.audit import queries as trail
from trainings.core.db import transaction
from trainings.core.i18n import _
from trainings.register import endings, queries
from trainings.register import register_mac as vouching
from trainings.register import walk_queries as register_queries
from trainings.register.models import Certificate
from trainings.register.rules import VALID
from trainings.register.trust_rules import Trust


def settle() -> None:
    """Find out what became of endings that a killed process announced (a round of the worker).

    Uses the lock of the certificate's row, which the process that announced the ending holds until
    its transaction is over.
    """
    for key, acts in list(endings.known().pending.items()):
        with transaction() as session:
            word = _what_became_of(session, key, acts)
            if word:
                endings.note(word, {key: acts})


def _what_became_of(session: Session, key: str, acts: int) -> str:
    """Done if the row or the trail has the act, void if neither does.

    Empty if either was tampered with: the ending stays open, and the certificate unconfirmed.
    """
    row = queries.for_update_by_id(session, key)
    if row is None or not vouching.authentic(row):
        return ""
    entries = trail.entries_of("certificate", [key], acts)
    if row.acts >= acts:
        return _word(row)
    if len(entries) > row.acts:
        return endings.DONE
    return endings.VOID if vouching.in_trail(row, entries) else ""


def note_missing() -> None:
    """Record endings that the file lacks (a round of the worker).

    They date from before the file existed, or an older copy of it was restored.
    """
    for rows in register_queries.in_paces(ended=True):
        noted = endings.known().done
        lacking = [row for row in rows if noted.get(row.id, 0) < row.acts]
        found = vouching.standings(lacking)
        sound = [row for row in lacking if found[row.id] is Trust.SOUND]
        for word, its in groupby(sorted(sound, key=_word), _word):
            endings.note(word, {row.id: row.acts for row in its})


def _word(row: Certificate) -> str:
    """The word for an ending in the file: a valid certificate can only have been erased."""
    return endings.WIPED if row.status in VALID else endings.DONE


def put_back() -> str | None:
    """The first certificate with fewer acts than recorded, in one sentence.

    Cheap: reads only certificates that were ended, and checks none of their codes.
    """
    noted = endings.known()
    if noted.damaged:
        return f"{noted.damaged} lines of {endings.path().name} are damaged"
    acts = register_queries.acts_of_ended()
    for key, number in noted.done.items():
        if acts.get(key, 1) < number:
            return _(
                "Certificate %(certificate)s was put back as it was before its end, or taken away.",
                certificate=key,
            )
    return None


def verify() -> str | None:
    """Walk the whole register; returns the first fault in one sentence, or None if all agrees.

    Finds rows that were inserted, changed or put back, and trail entries of a certificate that were
    changed, removed or added.
    """
    for rows in register_queries.in_paces():
        found = vouching.standings(rows, strict=True)
        for row in rows:
            if found[row.id] is not Trust.SOUND:
                return _(
                    "The register entry of %(serial)s does not agree with its code, the trail or "
                    "the file of endings.",
                    serial=row.serial,
                )
    return put_back()
