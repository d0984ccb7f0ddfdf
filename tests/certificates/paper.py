"""Quick paper, for tests that are not about its looks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trainings.printing.rules import CertificateDocument, Failure, Reason


class Paper:
    """Stands in for the warm renderers: draws quickly, fails for those it is told to."""

    def __init__(self, *refuse: str) -> None:
        self.refuse = refuse
        self.drawn: list[str] = []

    def render(
        self, pairs: Iterable[tuple[str, CertificateDocument]]
    ) -> Iterator[tuple[str, bytes | Failure]]:
        for key, paper in pairs:
            self.drawn.append(paper.holder_name)
            if paper.holder_name in self.refuse:
                yield key, Failure(Reason.TOO_LONG)
            else:
                yield key, f"%PDF {paper.holder_name} {paper.serial}".encode()
