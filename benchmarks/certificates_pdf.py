"""Sixty signed certificates in the warm cage, compared with WeasyPrint's own loop, unsigned.

Both use the same template and the same cut typefaces, which each reads once, in the same run.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from tests.printing.samples import CERTIFICATE
from trainings.printing.assets import Picture
from trainings.printing.cage import Workers
from trainings.printing.fonts import prepare
from trainings.printing.pdf import SHEETS, Engine
from trainings.printing.rules import CertificateDocument
from trainings.printing.typesetting import TEMPLATES
from trainings.signing.issuer import create_key
from trainings.signing.signing import open_signer

TITLE = "Sixty signed certificates as PDF/A-3 and PDF/UA"
BATCH = 60
MANY = 600
ROUNDS = 3
TICKS = os.sysconf("SC_CLK_TCK")


def rows() -> Iterator[tuple[str, str, str]]:
    """The measurements and their targets."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        fonts, keys = Path(folder, "fonts"), Path(folder, "keys")
        prepare(fonts)
        create_key(keys, "Joint trainings", datetime.now(UTC))
        plain = median(plain_loop(fonts, documents()), time.process_time)
        ours, memory = _caged(fonts, keys)
    yield "plain loop, unsigned, wall", f"{plain[0]:.2f} s", ""
    yield "plain loop, unsigned, processor", f"{plain[1]:.2f} s", ""
    yield "warm cage, signed, wall", f"{ours[0]:.2f} s", "≤ 2.5 s"
    yield "warm cage, signed, processor", f"{ours[1]:.2f} s", ""
    yield "a renderer's memory after 240, and 840", f"{memory[0]} MB, {memory[1]} MB", "flat"
    yield "wall, cage to plain", f"{ours[0] / plain[0]:.2f}", "≤ 0.5"
    yield "processor, cage to plain", f"{ours[1] / plain[1]:.2f}", "≤ 0.85"


def documents(signed: bool = False, count: int = BATCH) -> list[CertificateDocument]:
    """A batch of documents, each with its own name and code."""
    return [
        replace(
            CERTIFICATE,
            holder_name=f"María José Núñez {chr(65 + number % 26)}. de la Peña",
            serial=f"BUE27-{number:06d}-4",
            verify_url=f"https://trainings.example/c/{number:022d}",
            to_be_signed=signed,
        )
        for number in range(count)
    ]


def median(act: Callable[[], object], processor: Callable[[], float]) -> tuple[float, float]:
    """Wall and processor seconds of ``act``: the medians of several rounds, after a warm-up."""
    act()
    walls, processors = [], []
    for _ in range(ROUNDS):
        began, used = time.perf_counter(), processor()
        act()
        walls.append(time.perf_counter() - began)
        processors.append(processor() - used)
    return statistics.median(walls), statistics.median(processors)


def plain_loop(fonts: Path, wanted: list[CertificateDocument]) -> Callable[[], None]:
    """``HTML(string=…).write_pdf()``, one after another; style sheet and fonts are read once."""
    engine = Engine(fonts)
    pages = [engine.typesetter.compose(document) for document in wanted]
    files = {f"house:{path.name}": path for path in fonts.glob("*.ttf")}

    class Fetcher(URLFetcher):
        pictures: Mapping[str, Picture] = {}

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            if url in files:
                return URLFetcherResponse(url, files[url].read_bytes())
            picture = self.pictures[url]
            return URLFetcherResponse(url, picture.data, {"Content-Type": picture.kind})

    fetcher, letters = Fetcher(), FontConfiguration()
    words = engine.font_rules + "".join((TEMPLATES / name).read_text() for name in SHEETS["formal"])
    style = CSS(string=words, font_config=letters, url_fetcher=fetcher)

    def loop() -> None:
        for page in pages:
            fetcher.pictures = page.pictures
            HTML(string=page.html, url_fetcher=fetcher).write_pdf(
                stylesheets=[style], font_config=letters, pdf_variant="pdf/a-3a"
            )

    return loop


def _caged(fonts: Path, keys: Path) -> tuple[tuple[float, float], tuple[int, int]]:
    """The warm cage, with signing; then a long batch, to measure its memory."""
    signer = open_signer(keys)
    batch = documents(signed=True)
    with Workers(fonts) as workers:
        workers.warm_up()

        def act(documents: list[CertificateDocument] = batch) -> None:
            for _, result in workers.render(enumerate(documents)):
                assert isinstance(result, bytes)
                signer.sign(result, datetime.now(UTC))

        def processor() -> float:
            return time.process_time() + sum(map(processor_of, workers.processes()))

        times = median(act, processor)
        before = max(map(memory_of, workers.processes()))
        act(documents(signed=True, count=MANY))
        return times, (before, max(map(memory_of, workers.processes())))


def memory_of(pid: int) -> int:
    """Megabytes of memory used by a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def processor_of(pid: int) -> float:
    """Processor seconds used by a process."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
