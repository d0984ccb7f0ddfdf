"""A row of a table: what was measured, and its ratio to a plain baseline of the same minute.

Times and rates travel badly from one machine to another; a ratio to the same plain thing, taken in
turns, does not. ``script/bench --check`` fails by ratio alone.
"""

import os
import platform
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ratio:
    """How one measurement compares with a baseline, once for each turn."""

    values: Sequence[float]
    to: str  # the baseline
    most: float | None = None  # it may be at most so much
    least: float | None = None  # it may be at least so much

    @property
    def middle(self) -> float:
        """The median of the turns."""
        return statistics.median(self.values)

    @property
    def held(self) -> bool:
        """Whether it is what was promised; where nothing was, yes."""
        return (self.most is None or self.middle <= self.most) and (
            self.least is None or self.middle >= self.least
        )

    @property
    def aim(self) -> str:
        """What is promised, in words."""
        if self.most is not None:
            return f"≤ {self.most:g}"
        return "" if self.least is None else f"≥ {self.least:g}"

    def __str__(self) -> str:
        return f"{spread(self.values)} × {self.to}"


@dataclass(frozen=True)
class Row:
    """One line of a table; ``aim`` is for what is not promised as a ratio."""

    what: str
    measured: str
    aim: str = ""
    ratio: Ratio | None = None

    def markdown(self) -> str:
        """The line as it stands in ``docs/benchmarks.md``."""
        aims = [one for one in (self.ratio.aim if self.ratio else "", self.aim) if one]
        cells = self.what, self.measured, str(self.ratio or ""), "; ".join(aims)
        return f"| {' | '.join(cells)} |"

    @property
    def held(self) -> bool:
        """Whether the ratio is what was promised."""
        return self.ratio is None or self.ratio.held


HEAD = "| what | measured | ratio to its baseline | aim |\n|---|---|---|---|"


def of_each(measured: Sequence[float], baseline: Sequence[float]) -> list[float]:
    """The ratio of each turn."""
    return [one / bound for one, bound in zip(measured, baseline, strict=True)]


def spread(values: Sequence[float], unit: str = "") -> str:
    """The median of several values, and the least and the most of them."""
    shown = [_short(one) for one in (statistics.median(values), min(values), max(values))]
    if len(set(shown)) == 1:
        return f"{shown[0]}{unit}"
    return f"{shown[0]}{unit} ({shown[1]} to {shown[2]})"


def _short(value: float) -> str:
    """Three digits of a number, all of a large one."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def machine() -> str:
    """What it was measured on: processors, their kind, system, Python, and how busy it was."""
    names = re.findall(r"model name\s*: (.+)", _read("/proc/cpuinfo"))
    system = re.findall(r'PRETTY_NAME="(.+)"', _read("/etc/os-release"))
    busy, *_rest = os.getloadavg()
    return (
        f"{os.cpu_count()} × {names[0] if names else platform.machine()}, "
        f"{system[0] if system else platform.system()}, Python {platform.python_version()}; "
        f"load before: {busy:.1f}"
    )


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""
