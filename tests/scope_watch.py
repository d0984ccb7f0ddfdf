"""Watches every select of the house: people are read only through a query that says why it may.

A ``select()`` over a scoped table carries ``.execution_options(scope="…")``. What tests themselves
ask the database is not watched, nor what a relationship loads for a row that was found in scope.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Select, event
from sqlalchemy.engine import Compiled, Engine, ExecutionContext
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql.selectable import Alias, CompoundSelect, FromClause, Join, Subquery

SCOPED = frozenset({"person", "registration", "certificate"})
# viewer: filtered by the viewer's grants; own: the viewer's own person; operation: after the
# operation's scoped load; job: the worker, which has no viewer; reading: the read log's door;
# token: what the holder of a secret link or paper may ask; count: numbers, no person.
WORDS = frozenset(
    {"viewer", "own", "operation", "job", "reading", "token", "count", "relationship"}
)

# What reads one of them says its name; most statements do not, and need no closer look.
_SAID = re.compile(rf"\b(?:{'|'.join(sorted(SCOPED))})\b")

_ROOT = Path(__file__).parent.parent
_OURS = str(_ROOT / "trainings")
_ENGINE = str(_ROOT / "trainings" / "core" / "db.py")
_TESTS = str(_ROOT / "tests")

faults: list[str] = []
# What a statement reads is worked out once for each text: it takes longer than asking.
_known: dict[str, frozenset[str]] = {}


def _tables(source: FromClause) -> set[str]:
    if isinstance(source, Join):
        return _tables(source.left) | _tables(source.right)
    if isinstance(source, Subquery):
        return _selected(source.element)
    if isinstance(source, Alias):
        return _tables(source.element)
    return {getattr(source, "name", "")}


def _selected(statement: Any) -> set[str]:
    if isinstance(statement, CompoundSelect):
        return set().union(*(_selected(part) for part in statement.selects))
    if isinstance(statement, Select):
        return set().union(*(_tables(source) for source in statement.get_final_froms()))
    return set()


def asked_by() -> str | None:
    """The line of the house that sends a statement, or None where a test itself does."""
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(_TESTS) and not name.endswith("_watch.py"):
            return None
        if name.startswith(_OURS) and name != _ENGINE:  # which sends what others wrote
            return f"{Path(name).relative_to(_ROOT)}:{frame.f_lineno}"
        frame = frame.f_back
    return None


def _found(asked: Compiled, text: str) -> frozenset[str]:
    if text not in _known:
        read = _selected(asked.statement) if _SAID.search(text) else set()
        _known[text] = frozenset(read & SCOPED)
    return _known[text]


def _look(asked: Compiled, text: str, scope: str | None) -> None:
    found = _found(asked, text)
    if not found or scope in WORDS:
        return
    line = asked_by()
    if line is not None:
        faults.append(f"{line} reads {', '.join(sorted(found))}, scope={scope!r}")


def _note_relationship(state: ORMExecuteState) -> None:
    if state.is_relationship_load or state.is_column_load:
        state.update_execution_options(scope="relationship")


def _before(
    _conn: Any, _cursor: Any, text: str, _params: Any, context: ExecutionContext, _many: bool
) -> None:
    if context.compiled is not None:
        _look(context.compiled, text, context.execution_options.get("scope"))


def start() -> None:
    """Watch from now on; what is found lies in ``faults``."""
    event.listen(Session, "do_orm_execute", _note_relationship)
    event.listen(Engine, "before_cursor_execute", _before)
