"""Sixty certificates in the warm cage, against WeasyPrint as its manual says, same template."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from tests.printing.samples import CERTIFICATE
from trainings.printing.assets import Page
from trainings.printing.cage import Workers
from trainings.printing.fonts import prepare
from trainings.printing.pdf import SHEETS, Engine
from trainings.printing.rules import CertificateDocument
from trainings.printing.typesetting import TEMPLATES

TITLE = "Sixty certificates as PDF/A-3 and PDF/UA"
BATCH = 60
ROUNDS = 3
TICKS = os.sysconf("SC_CLK_TCK")


def rows() -> Iterator[tuple[str, str, str]]:
    """What was measured, and what was aimed at."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        fonts = Path(folder)
        prepare(fonts)
        plain = _plain(fonts)
        ours = _caged(fonts)
    yield "plain loop, wall", f"{plain[0]:.2f} s", ""
    yield "plain loop, processor", f"{plain[1]:.2f} s", ""
    yield "warm cage, wall", f"{ours[0]:.2f} s", "≤ 2.5 s"
    yield "warm cage, processor", f"{ours[1]:.2f} s", ""
    yield "wall, cage to plain", f"{ours[0] / plain[0]:.2f}", "≤ 0.5"
    yield "processor, cage to plain", f"{ours[1] / plain[1]:.2f}", "≤ 0.85"


def documents() -> list[CertificateDocument]:
    """A batch: each its own name and code."""
    return [
        replace(
            CERTIFICATE,
            holder_name=f"María José Núñez {chr(65 + number % 26)}. de la Peña",
            serial=f"BUE27-{number:06d}-4",
            verify_url=f"https://trainings.example/c/{number:022d}",
        )
        for number in range(BATCH)
    ]


def _median(act: Callable[[], object], processor: Callable[[], float]) -> tuple[float, float]:
    """Wall and processor seconds of ``act``: the medians of some rounds, after a first one."""
    act()
    walls, processors = [], []
    for _ in range(ROUNDS):
        began, used = time.perf_counter(), processor()
        act()
        walls.append(time.perf_counter() - began)
        processors.append(processor() - used)
    return statistics.median(walls), statistics.median(processors)


def _plain(fonts: Path) -> tuple[float, float]:
    """``HTML(string=…).write_pdf()``, one after another: style sheet, fonts, pictures each time."""
    engine = Engine(fonts)
    pages = [engine.typesetter.compose(document) for document in documents()]
    style = engine.font_rules + "".join((TEMPLATES / name).read_text() for name in SHEETS["formal"])
    files = {f"house:{path.name}": path for path in fonts.glob("*.ttf")}

    class Fetcher(URLFetcher):
        def __init__(self, page: Page) -> None:
            super().__init__()
            self.page = page

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            if url in files:
                return URLFetcherResponse(url, files[url].read_bytes())
            picture = self.page.pictures[url]
            return URLFetcherResponse(url, picture.data, {"Content-Type": picture.kind})

    def loop() -> None:
        for page in pages:
            html = page.html.replace("</head>", f"<style>{style}</style></head>")
            HTML(string=html, url_fetcher=Fetcher(page)).write_pdf(pdf_variant="pdf/a-3a")

    return _median(loop, time.process_time)


def _caged(fonts: Path) -> tuple[float, float]:
    """The cage, warm: code, typesetting and all."""
    batch = documents()
    with Workers(fonts) as workers:
        workers.warm_up()

        def act() -> None:
            results = list(workers.render(enumerate(batch)))
            assert all(isinstance(result, bytes) for _, result in results)

        def processor() -> float:
            return time.process_time() + sum(map(_processor_of, workers.processes()))

        return _median(act, processor)


def _processor_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
