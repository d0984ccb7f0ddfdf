"""HiGHS, which solves mixed-integer programs; loaded only where something is to be solved."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from msgspec import Struct

from trainings.solving.rules import EXACT, Effort, Program


class Solved(Struct, frozen=True):
    """The value of each column, and whether the clock ended the search.

    No values: there are none; or, where the clock ended it, none was found.
    """

    values: list[float]
    by_clock: bool


def solve(program: Program, seconds: float, seed: int = 1, effort: Effort = EXACT) -> Solved:
    """Solve a program on one thread: with the same seed the same way, unless the clock ends it."""
    import highspy

    if not program.costs:
        return Solved([], False)
    solver = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("parallel", "off"),
        ("random_seed", seed),
        ("mip_rel_gap", effort.gap),
        ("mip_abs_gap", effort.enough),
        ("mip_max_nodes", effort.nodes),
        ("time_limit", float(seconds)),
    ):
        solver.setOptionValue(option, value)
    with _silent():
        solver.passModel(_model(program))
        solver.run()
    by_clock = solver.getModelStatus() == highspy.HighsModelStatus.kTimeLimit
    solution = solver.getSolution()
    found = bool(solution.value_valid)
    return Solved(list(solution.col_value) if found else [], by_clock)


@contextmanager
def _silent() -> Iterator[None]:
    """Nothing on the standard output: the library prints a line there though told not to.

    A command prints JSON there.
    """
    library = ctypes.CDLL(None)
    library.fflush(None)
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        library.fflush(None)  # what it printed is in its buffer still
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _model(program: Program) -> Any:
    """The program as the library takes it."""
    import highspy

    starts: list[int] = [0]
    columns: list[int] = []
    factors: list[float] = []
    for _low, _high, terms in program.rows:
        columns.extend(terms)
        factors.extend(terms.values())
        starts.append(len(columns))
    kinds = highspy.HighsVarType
    model = highspy.HighsLp()
    _set(
        model,
        num_col_=len(program.costs),
        num_row_=len(program.rows),
        col_cost_=program.costs,
        col_lower_=[0.0] * len(program.costs),
        col_upper_=program.highs,
        row_lower_=[low for low, _high, _terms in program.rows],
        row_upper_=[high for _low, high, _terms in program.rows],
        integrality_=[kinds.kInteger if one else kinds.kContinuous for one in program.whole],
    )
    by_row = highspy.MatrixFormat.kRowwise
    _set(model.a_matrix_, format_=by_row, start_=starts, index_=columns, value_=factors)
    return model


def _set(thing: object, **values: object) -> None:
    """Give a thing of the library its values: it takes whole lists only."""
    for name, value in values.items():
        setattr(thing, name, value)
