"""Run all benchmarks or those named, and print one table each; ``--check`` fails by ratio."""

import importlib
import pkgutil
import sys
import time
from datetime import UTC, datetime

import benchmarks
from benchmarks.rows import HEAD, Row, machine

NOT_MEASURES = {"__main__", "control", "installation", "rows", "turns"}


def main(arguments: list[str]) -> int:
    """Print the tables; with ``--check``, 1 where a ratio is not what was promised."""
    check = "--check" in arguments
    wanted = [name for name in arguments if name != "--check"]
    names = [part.name for part in pkgutil.iter_modules(benchmarks.__path__)]
    names = [name for name in names if name not in NOT_MEASURES]
    unknown = [name for name in wanted if name not in names]
    if unknown:
        print(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join(names)}.")
        return 2
    print(f"{datetime.now(UTC):%-d %B %Y}, {machine()}\n", flush=True)
    missed = [row for name in wanted or names for row in table(name) if not row.held]
    for row in missed:
        print(f"Not what was promised: {row.markdown()}", flush=True)
    return 1 if check and missed else 0


def table(name: str) -> list[Row]:
    """Run one benchmark and print its rows as they come."""
    module = importlib.import_module(f"benchmarks.{name}")
    begun, rows = time.monotonic(), []
    print(f"## {module.TITLE}\n\n{HEAD}", flush=True)
    for found in module.rows():
        row = found if isinstance(found, Row) else Row(*found)
        rows.append(row)
        print(row.markdown(), flush=True)
    print(f"\n({name}: {time.monotonic() - begun:.0f} s)\n", flush=True)
    return rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
