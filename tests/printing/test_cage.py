"""Nothing written on a page gets out of the cage, holds it up, or takes others down."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from msgspec.structs import replace
from PIL import Image

from tests import racing
from tests.printing.paper_samples import TENTS
from tests.printing.samples import CERTIFICATE, SPANISH
from trainings.core.errors import Refusal
from trainings.core.i18n import _l
from trainings.printing import cage
from trainings.printing.cage import Workers
from trainings.printing.paper_rules import Document
from trainings.printing.pdf import Engine, Undrawable
from trainings.printing.rules import Failure, PageDocument, Reason

SECRET = "file:///etc/hostname"
PIXEL = "data:image/png;base64,iVBORw0KGgo="
FETCHING = {
    "img": f'<img alt="" src="{SECRET}">',
    "img over http": '<img alt="" src="http://127.0.0.1:1/x.png">',
    "img with data": f'<img alt="" src="{PIXEL}">',
    "embed": f'<embed src="{SECRET}">',
    "object": f'<object data="{SECRET}"></object>',
    "colour profile": f"<style>@color-profile --x{{src:url({SECRET})}}</style>x",
    "link to a sheet": f'<link rel="stylesheet" href="{SECRET}">',
    "link to an attachment": f'<link rel="attachment" href="{SECRET}">',
    "anchor to an attachment": f'<a rel="attachment" href="{SECRET}">x</a>',
    "import": f'<style>@import url("{SECRET}");</style>',
    "background": f'<p style="background-image:url({SECRET})">x</p>',
    "background of the page": f"<style>@page{{background:url({SECRET})}}</style>x",
    "border": f'<p style="border:9px solid;border-image-source:url({SECRET})">x</p>',
    "bullet": f'<ul><li style="list-style-image:url({SECRET})">x</ul>',
    "content": f'<style>p::before{{content:url("{SECRET}")}}</style><p>x</p>',
    "content of a margin": f'<style>@page{{@top-left{{content:url("{SECRET}")}}}}</style>x',
    "font": f'<style>@font-face{{font-family:X;src:url("{SECRET}")}}p{{font-family:X}}</style><p>x',
    "svg image": f'<svg width="9" height="9"><image href="{SECRET}" width="9" height="9"/></svg>',
    "svg in a picture": f'<object type="image/svg+xml" data="{SECRET}"></object>',
    "nested import": f'<style media="print">@import url({SECRET}) print;</style>',
    "base": '<base href="file:///etc/"><img alt="" src="hostname">',
}
BOMBS = {
    "colspan": "<table><tr><td colspan=100000000>x</td></tr><tr><td>y</td></tr></table>",
    "grid": '<div style="display:grid"><p style="grid-column:1/100000000">x</p></div>',
    "font size": '<p style="font-size:1e8px">hello world</p>',
    "nesting": "<div>" * 3000 + "x",
    "marks": "<p>a" + "\u0301" * 20000,
    "endless page": '<div style="height:100000000px">x</div>',
    "rows": "<table>" + "<tr><td>x</td></tr>" * 200_000 + "</table>",
}
ENDED_BY = {"colspan": Reason.TOO_LARGE, "rows": Reason.TOO_LONG}  # whatever the machine


SECRETS = "TRAININGS_SECRET"


@pytest.fixture(scope="module")
def impatient(fonts_folder: Path) -> Iterator[Workers]:
    """A cage of one, with little time, so that a loop is ended soon; one bomb after the other."""
    with (
        pytest.MonkeyPatch.context() as patch,
        Workers(fonts_folder, processes=1, seconds=3) as workers,
    ):
        patch.setenv(SECRETS, "do-not-tell")
        workers.warm_up()
        yield workers


@pytest.mark.parametrize("kind", FETCHING)
def test_only_packaged_assets_are_served(workers: Workers, kind: str) -> None:
    drawn = workers.render_one(PageDocument(FETCHING[kind]))
    assert drawn == Failure(Reason.FOREIGN_ADDRESS)


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_fails_alone_and_soon(impatient: Workers, kind: str) -> None:
    batch: list[tuple[str, Document]] = [
        ("before", CERTIFICATE),
        ("bomb", PageDocument(BOMBS[kind])),
        ("after", CERTIFICATE),
    ]
    began = time.monotonic()
    drawn = dict(impatient.render(batch))
    assert time.monotonic() - began < 20
    assert isinstance(drawn["before"], bytes)
    assert isinstance(drawn["after"], bytes)
    # what could be drawn within the limits was no bomb; what could not says why
    bomb = drawn["bomb"]
    if kind in ENDED_BY:
        assert bomb == Failure(ENDED_BY[kind])
    assert isinstance(bomb, bytes) or bomb.reason in (
        Reason.TOO_LONG,
        Reason.TOO_LARGE,
        Reason.CRASHED,
        Reason.NOT_DRAWN,
    )


def test_a_busy_machine_is_no_fault_of_the_document(fonts_folder: Path) -> None:
    """The renderer gets no turn for longer than it may use the processor."""
    with Workers(fonts_folder, processes=1, seconds=4) as workers:
        workers.warm_up()
        (pid,) = workers.processes()
        os.kill(pid, signal.SIGSTOP)
        turn = threading.Timer(5.1, os.kill, (pid, signal.SIGCONT))
        turn.start()
        assert isinstance(workers.render_one(CERTIFICATE), bytes)
        turn.join()


TEMPLATE_STRINGS = "{{ 7 * 7 }} {% include '/etc/passwd' %} ${7*7} %(x)s {0} <b>x</b> & \"'"


@pytest.mark.parametrize("field", [name for name in SPANISH.__struct_fields__ if name != "modules"])
def test_template_strings_and_markup_stay_text(engine: Engine, field: str) -> None:
    words = replace(SPANISH, **{field: TEMPLATE_STRINGS})
    page = engine.typesetter.compose(replace(CERTIFICATE, first=words))
    assert "49" not in page.html
    assert "<b>x</b>" not in page.html
    assert engine.draw(replace(CERTIFICATE, first=words)).startswith(b"%PDF")


@pytest.mark.parametrize("field", ["holder_name", "serial", "short_url", "verify_url"])
def test_template_strings_stay_text_outside_the_wording(engine: Engine, field: str) -> None:
    document = replace(CERTIFICATE, **{field: TEMPLATE_STRINGS})
    assert "<b>x</b>" not in engine.typesetter.compose(document).html
    assert engine.draw(document).startswith(b"%PDF")


def test_a_killed_worker_is_replaced(fonts_folder: Path) -> None:
    with Workers(fonts_folder, processes=1) as workers:
        assert isinstance(workers.render_one(CERTIFICATE), bytes)
        process = workers._places[0].ready()._process
        process.kill()
        process.wait()
        assert isinstance(workers.render_one(CERTIFICATE), bytes)


def test_a_worker_knows_no_secret(impatient: Workers) -> None:
    assert os.environ[SECRETS] == "do-not-tell"
    (pid,) = impatient.processes()
    environ = Path(f"/proc/{pid}/environ").read_bytes()
    assert b"do-not-tell" not in environ
    assert b"PATH=/dev/null" in environ.split(b"\0")  # nor where programs are


def test_a_worker_sees_no_network(impatient: Workers) -> None:
    if not impatient.warm_up():
        pytest.skip("this kernel lets nobody leave the network; doctor warns of it")
    (pid,) = impatient.processes()
    interfaces = Path(f"/proc/{pid}/net/dev").read_text().splitlines()[2:]
    assert [line.split(":")[0].strip() for line in interfaces] == ["lo"]


def test_who_stops_reading_leaves_the_cage_usable(workers: Workers) -> None:
    results = workers.render((n, CERTIFICATE) for n in range(50))
    next(results)
    results.close()
    assert len(dict(workers.render((n, CERTIFICATE) for n in range(3)))) == 3


def test_documents_are_drawn_from_only_a_few_ahead(workers: Workers) -> None:
    taken = []

    def endless() -> Iterator[tuple[int, Document]]:
        for number in range(1000):
            taken.append(number)
            yield number, CERTIFICATE

    results = workers.render(endless())
    next(results)
    results.close()
    assert len(taken) <= 6


def test_the_web_process_does_not_import_the_engine() -> None:
    code = (
        "import sys, trainings.printing.cage, trainings.printing.rules, trainings.printing.joining;"
        "sys.exit(any(m.split('.')[0] in ('weasyprint', 'fontTools') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_page_comes_as_a_picture_too(workers: Workers) -> None:
    drawn = workers.picture(CERTIFICATE, 640)
    assert isinstance(drawn, bytes)
    with Image.open(io.BytesIO(drawn)) as picture:
        assert (picture.format, picture.size) == ("PNG", (640, 453))
        assert len(picture.getcolors(1 << 20) or ()) > 50  # there is something on it
    assert isinstance(workers.render_one(CERTIFICATE), bytes)  # the next one is a PDF again
    refused = workers.picture(PageDocument(f'<img alt="" src="{SECRET}">'), 640)
    assert isinstance(refused, Failure)


def test_a_page_and_a_job_may_draw_at_once(workers: Workers) -> None:
    """Each gets its own papers, though both go through the same renderers."""

    def draw(mark: str) -> list[bool]:
        papers = [PageDocument(f"<title>{mark}{number}</title><p>x") for number in range(12)]
        drawn = dict(workers.render(enumerate(papers)))
        return [
            not isinstance(drawn[number], Failure) and f"{mark}{number}" in _title(drawn[number])
            for number in range(12)
        ]

    with ThreadPoolExecutor(3) as threads:
        assert all(all(found) for found in threads.map(draw, ("job", "page", "other")))


def _title(data: bytes | Failure) -> str:
    assert isinstance(data, bytes)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return str(pdf.docinfo["/Title"])


def test_what_no_typeface_has_fails_alone(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The paper is drawn with a question mark there, and it is said which character it was."""

    def draw_all(documents: Sequence[Document]) -> list[bytes | Failure]:
        found: list[bytes | Failure] = []
        for document in documents:
            try:
                found.append(engine.draw(document))
            except Undrawable as refusal:
                found.append(Failure(refusal.reason, refusal.detail))
        return found

    monkeypatch.setattr(cage, "draw_all", draw_all)
    good, bad = TENTS, replace(TENTS, course_title="Course \U0001f642")
    pages, gaps = cage.drawn_with_gaps([good, bad], Undrawn())
    assert [page[:5] for page in pages] == [b"%PDF-", b"%PDF-"]
    assert gaps == {1: "\U0001f642"}


class Undrawn(Refusal):
    """Nothing was drawn."""

    sentence = _l("Nothing was drawn.")


def test_renderers_start_beside_other_work(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What asks for them first waits until they are there, and starts no others."""
    monkeypatch.setattr(cage, "_kept", {})  # other tests may have started theirs
    cage.warm()
    kept = cage.workers()
    assert isinstance(kept.render_one(CERTIFICATE), bytes)
    assert len(set(kept.processes())) == cage.PROCESSES
    kept.close()


def test_who_asks_for_a_renderer_that_is_starting_gets_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    second, may_go_on = threading.Event(), threading.Event()

    class Starting:
        status = None

        def __init__(self, *_given: object) -> None:
            begun.append(1)
            self.pid = len(begun)
            (second if len(begun) > 1 else may_go_on).set()
            second.wait(racing.HELD_BACK)  # for another, which the lock holds back

        def stop(self) -> None:
            pass

    monkeypatch.setattr(cage, "Renderer", Starting)
    with Workers(tmp_path, processes=1) as pool, ThreadPoolExecutor(2) as together:
        first = together.submit(pool.processes)
        may_go_on.wait(racing.COMES)
        assert together.submit(pool.processes).result() == first.result() == [1]
    assert len(begun) == 1


def test_renderers_that_do_not_start_are_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "fonts").write_text("no folder")
    cage._warm(Workers(tmp_path / "fonts"))
    assert "the renderers do not start: " in caplog.text
