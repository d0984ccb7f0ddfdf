"""Run all benchmarks or those named, and print one table each."""

import importlib
import pkgutil
import sys
import time

import benchmarks

NOT_MEASURES = {"__main__", "control", "installation"}


def main(wanted: list[str]) -> int:
    names = [part.name for part in pkgutil.iter_modules(benchmarks.__path__)]
    names = [name for name in names if name not in NOT_MEASURES]
    unknown = [name for name in wanted if name not in names]
    if unknown:
        print(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join(names)}.")
        return 2
    for name in wanted or names:
        module = importlib.import_module(f"benchmarks.{name}")
        begun = time.monotonic()
        print(f"## {module.TITLE}\n\n| | measured | aim |\n|---|---|---|", flush=True)
        for what, measured, aim in module.rows():
            print(f"| {what} | {measured} | {aim} |", flush=True)
        print(f"\n({name}: {time.monotonic() - begun:.0f} s)\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
