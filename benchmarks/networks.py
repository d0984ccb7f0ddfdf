"""The network of working contacts: 9 × 3 groups counted and drawn, compared with a plain sum."""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from benchmarks.rows import Ratio, Row
from trainings.networks.count_rules import Reply, counted, network_of
from trainings.networks.group_rules import ORGANISERS
from trainings.networks.picture_rules import drawn, most
from trainings.networks.rules import Contacts, Often

TITLE = "Networks: 9 × 3 groups"
COUNTRIES = ("AR", "BO", "BR", "CL", "CO", "EC", "PE", "PY", "UY")
CELLS = [(one, two) for one in COUNTRIES for two in ("judge", "police", "prosecutor")]
EACH, TIMES = 6, 25  # people in each group, so that all 27 are drawn


def rows() -> Iterator[Row]:
    """Milliseconds of a picture, from the kept sums to the page's markup; of counting a wave."""
    seed = random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)
    replies = [
        Reply(cell, Contacts(dict.fromkeys(chance.sample(CELLS, 8), Often.ONCE)))
        for cell in CELLS
        for _ in range(EACH)
    ]
    kept = counted(replies, CELLS, None)
    assert len(kept["blocks"]) == len(CELLS)
    macro = Environment(
        loader=FileSystemLoader("templates"), autoescape=True, extensions=["jinja2.ext.i18n"]
    ).from_string(_MACRO)

    def picture() -> str:
        network = network_of(kept, ORGANISERS)
        assert network is not None
        return macro.render(given=drawn(network, most(network)))

    assert picture().count("<text") == len(CELLS)
    shown, plain = median(picture), median(lambda: plainly(kept["contacts"]))
    yield Row(
        f"a picture of 9 × 3 groups (seed {seed}), {len(picture()) // 1024} KB",
        ms(shown),
        "5 ms on an idle machine",
        Ratio([shown / plain], "adding up the contacts of each two groups", most=25),
    )
    yield Row(
        f"counting a wave of {len(replies)} answers",
        ms(median(lambda: counted(replies, CELLS, None))),
    )


# The macro of templates/networks/_shown.html alone, without the page's other macros.
_PARTS = Path("templates/networks/_shown.html").read_text(encoding="utf-8")
_INNER = _PARTS.split("{%- macro picture_of(picture) -%}")[1].split("{%- endmacro -%}")[0]
_MACRO = f"{{% macro drawing_of(picture) %}}{_INNER}{{% endmacro %}}{{{{ drawing_of(given) }}}}"


def plainly(contacts: list[list[int]]) -> dict[tuple[int, int], int]:
    """The plain way: the contacts of each two groups in a table."""
    size = range(len(contacts))
    return {(a, b): contacts[a][b] + contacts[b][a] for a in size for b in size if a < b}


def median(act: Callable[[], object]) -> float:
    """The median milliseconds of an act, after warming up."""
    taken = []
    for _turn in range(TIMES + 3):
        begun = time.perf_counter()
        act()
        taken.append(1000 * (time.perf_counter() - begun))
    return statistics.median(taken[3:])


def ms(number: float) -> str:
    return f"{number:.1f} ms"
