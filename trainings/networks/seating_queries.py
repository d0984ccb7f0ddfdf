"""What the first wave tells the tables of a course: which groups know each other already."""

from __future__ import annotations

from trainings.networks import queries
from trainings.networks.count_rules import network_of
from trainings.networks.group_rules import OTHERS
from trainings.networks.rules import WaveKind
from trainings.tables.knowing_rules import Known


def known_in(course_id: str) -> Known | None:
    """How likely people of a course know each other; None while the first wave is not counted.

    It rests on what everybody may see, because everybody sees who sits where.
    """
    wave = queries.wave(course_id, WaveKind.START)
    network = network_of(wave.counted, OTHERS) if wave is not None else None
    if network is None:
        return None
    size = range(len(network.blocks))
    return Known(
        {cell: place for place, block in enumerate(network.blocks) for cell in block},
        [[network.share(one, other) for other in size] for one in size],
    )
