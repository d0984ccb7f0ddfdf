"""Sixty signed certificates in the warm cage, compared with WeasyPrint's own loop, unsigned.

Both use the same template and the same cut typefaces, which each reads once, in the same run.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from benchmarks.rows import Ratio, Row, of_each, spread
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
ROUNDS = 4
HOLDERS = tuple(
    f"{does} · {country}"
    for does in ("Fiscal", "Jueza", "Oficial de policía")
    for country in ("Argentina", "Bolivia", "Brasil", "Perú")
)
TICKS = os.sysconf("SC_CLK_TCK")


def rows() -> Iterator[Row]:
    """Wall, processor and memory, in turns with the plain loop."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        fonts, keys = Path(folder, "fonts"), Path(folder, "keys")
        prepare(fonts)
        create_key(keys, "Joint trainings", datetime.now(UTC))
        signer, loop = open_signer(keys), plain_loop(fonts, documents())
        with Workers(fonts) as workers:
            workers.warm_up()

            def caged(count: int = BATCH) -> None:
                for _, result in workers.render(enumerate(documents(signed=True, count=count))):
                    assert isinstance(result, bytes)
                    signer.sign(result, datetime.now(UTC))

            def processor() -> float:
                return time.process_time() + sum(map(processor_of, workers.processes()))

            def memory() -> int:
                return max(map(memory_of, workers.processes()))

            loop()
            ours, plain, held = [], [], []
            for _ in range(ROUNDS):
                ours.append(spent(caged, processor))
                plain.append(spent(loop, time.process_time))
            held.append(memory())
            caged(MANY)
            held.append(memory())
    for what, place, most in (("wall", 0, 0.3), ("processor", 1, 0.5)):
        mine, theirs = [one[place] for one in ours], [one[place] for one in plain]
        yield Row(
            f"warm cage, signed: {what}",
            f"{spread(mine, ' s')}; plain loop {spread(theirs, ' s')}",
            ratio=Ratio(of_each(mine, theirs), "plain loop, unsigned", most=most),
        )
    first, last = BATCH * ROUNDS, BATCH * ROUNDS + MANY
    yield Row(
        f"a renderer's memory after {first} and {last}",
        f"{held[0]} and {held[1]} MB",
        ratio=Ratio([held[1] / held[0]], f"after {first}", most=1.05),
    )


def documents(signed: bool = False, count: int = BATCH) -> list[CertificateDocument]:
    """A batch of documents, each with its own name and code."""
    return [
        replace(
            CERTIFICATE,
            first=replace(CERTIFICATE.first, holder_line=HOLDERS[number % len(HOLDERS)]),
            holder_name=f"María José Núñez {chr(65 + number % 26)}. de la Peña",
            serial=f"BUE27-{number:06d}-4",
            verify_url=f"https://trainings.example/c/{number:022d}",
            to_be_signed=signed,
        )
        for number in range(count)
    ]


def spent(act: Callable[[], object], processor: Callable[[], float]) -> tuple[float, float]:
    """Wall and processor seconds of one run."""
    began, used = time.perf_counter(), processor()
    act()
    return time.perf_counter() - began, processor() - used


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


def memory_of(pid: int) -> int:
    """Megabytes of memory used by a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def processor_of(pid: int) -> float:
    """Processor seconds used by a process."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
