"""Papers that are kept instead of drawn, for tests that are not about their looks."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from trainings.printing import cage, joining
from trainings.printing.paper_rules import PaperDocument


def keep_drawn(monkeypatch: pytest.MonkeyPatch) -> list[PaperDocument]:
    """What was to be drawn last; files of it are empty, and joined one after another."""
    found: list[PaperDocument] = []

    def draw_all(papers: Iterable[PaperDocument]) -> list[bytes]:
        found[:] = papers
        return [b"%PDF"] * len(found)

    monkeypatch.setattr(cage, "draw_all", draw_all)
    monkeypatch.setattr(joining, "join", lambda parts, *_: b"".join(parts))
    return found
