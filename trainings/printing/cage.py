"""Warm renderers in a cage: documents in, PDFs out; a document that crashes one harms no other.

See docs/decisions/printing.md.
"""

import atexit
import logging
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from trainings.core import config, deaths
from trainings.core.errors import Refusal
from trainings.printing import wire
from trainings.printing.paper_rules import Document
from trainings.printing.renderer import Gone, Renderer
from trainings.printing.rules import Failure, LetterLacking, Reason

PROCESSES = 2
SECONDS = 12  # processor seconds for one document; half as many again of wall-clock time
DOCUMENTS_PER_LIFE = 2000  # then a fresh process, to free what the libraries kept
AHEAD = 3  # documents requested ahead, per renderer

_log = logging.getLogger(__name__)
Key = TypeVar("Key")


class _Place:
    """A slot in the cage: its renderer is replaced when it dies."""

    def __init__(self, fonts_folder: Path, seconds: int, died: Callable[[int], object]) -> None:
        self._folder = fonts_folder
        self._seconds = seconds
        self._died = died
        self._renderer: Renderer | None = None
        self._drawn = 0
        self._busy = threading.Lock()  # a job and a page in the same process may both use it

    def draw(self, document: Document, width: int = 0) -> bytes | Failure:
        """The PDF of ``document`` (with a width: its picture), or the reason there is none."""
        with self._busy:
            return self._draw(document, width)

    def _draw(self, document: Document, width: int, again: bool = True) -> bytes | Failure:
        try:
            answer = self._running().draw(document, width)
        except Gone as gone:
            self.clear()
            if gone.status is not None:
                self._died(gone.status)
            # ended by somebody else, or by the kernel for want of memory: no fault of the document
            if again and gone.status == -signal.SIGKILL:
                return self._draw(document, width, again=False)
            return gone.failure
        self._drawn += 1
        spent = isinstance(answer, Failure) and answer.reason is Reason.TOO_LARGE
        if spent or self._drawn >= DOCUMENTS_PER_LIFE:
            self.clear()
        return answer

    def ready(self) -> Renderer:
        """The same, waiting for a document that is being drawn."""
        with self._busy:
            return self._running()

    def _running(self) -> Renderer:
        """A running renderer; raises :class:`Gone` if none can be started. Holds ``_busy``."""
        if self._renderer is not None and self._renderer.status is not None:
            self._died(self._renderer.status)
            self.clear()
        if self._renderer is None:
            self._renderer = Renderer(self._folder, self._seconds)
        return self._renderer

    def clear(self) -> None:
        """End the renderer in this slot."""
        renderer, self._renderer, self._drawn = self._renderer, None, 0
        if renderer is not None:
            renderer.stop()


class Workers:
    """A pool of renderers; kept by a long-lived process, they stay warm between jobs.

    Use as a context manager, or call :meth:`close`. They start at the first document, or at
    :meth:`warm_up`. Several threads may draw at once: each renderer takes one document at a time.
    """

    def __init__(
        self,
        fonts_folder: Path,
        processes: int = PROCESSES,
        seconds: int = SECONDS,
        died: Callable[[int], object] = lambda _status: None,
    ) -> None:
        """``died`` is called with the exit status of a renderer that ended by itself."""
        self._places = [_Place(fonts_folder, seconds, died) for _ in range(processes)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all renderers."""
        for place in self._places:
            place.clear()

    def warm_up(self) -> bool:
        """Start all renderers now; True where the kernel cut them off from the network.

        Raises :class:`RuntimeError` with the reason where one cannot start.
        """
        try:
            with ThreadPoolExecutor(len(self._places)) as together:
                renderers = list(together.map(_Place.ready, self._places))
        except Gone as gone:
            raise RuntimeError(gone.failure.detail or gone.failure.reason) from None
        return all(renderer.offline for renderer in renderers)

    def processes(self) -> list[int]:
        """The process ids of the running renderers, once those that start are there."""
        return [place.ready().pid for place in self._places]

    def render(
        self, documents: Iterable[tuple[Key, Document]]
    ) -> Iterator[tuple[Key, bytes | Failure]]:
        """Draw each document; yields its key with the PDF, or with the reason there is none.

        Results come as they are ready, not in order. ``documents`` is consumed as the work
        proceeds, in the caller's thread, a few ahead: ten thousand need no more memory than sixty.
        """
        asked: queue.SimpleQueue[tuple[Key, Document] | None] = queue.SimpleQueue()
        answered: queue.SimpleQueue[tuple[Key, bytes | Failure]] = queue.SimpleQueue()

        def serve(place: _Place) -> None:
            while (task := asked.get()) is not None:
                key, document = task
                try:
                    answer = place.draw(document)
                except Exception as fault:
                    place.clear()
                    answer = Failure(Reason.NOT_DRAWN, type(fault).__name__)
                answered.put((key, answer))

        threads = [
            threading.Thread(target=serve, args=(place,), daemon=True) for place in self._places
        ]
        for thread in threads:
            thread.start()
        waiting = 0
        try:
            for task in documents:
                asked.put(task)
                waiting += 1
                if waiting >= AHEAD * len(threads):
                    yield answered.get()
                    waiting -= 1
            while waiting:
                yield answered.get()
                waiting -= 1
        finally:
            _forget(asked)
            for _ in threads:
                asked.put(None)
            for thread in threads:
                thread.join()

    def render_one(self, document: Document) -> bytes | Failure:
        """Draw a single document."""
        return self._places[0].draw(document)

    def picture(self, document: Document, width: int) -> bytes | Failure:
        """The first page of a document as a PNG of this width in pixels."""
        return self._places[0].draw(document, width)


def _forget(asked: "queue.SimpleQueue[Any]") -> None:
    """Drop the results that nobody waits for any more."""
    with suppress(queue.Empty):
        while True:
            asked.get_nowait()


_kept: dict[tuple[int, Path], Workers] = {}  # by process too: a forked process starts its own


_starting = threading.Lock()


def workers() -> Workers:
    """The renderers that this process keeps for the installation."""
    instance: Path = config.settings().instance
    key = (os.getpid(), instance)
    with _starting:
        if key not in _kept:
            _kept[key] = Workers(instance / "fonts", died=partial(_note, instance))
            atexit.register(_kept[key].close)
        return _kept[key]


def warm() -> None:
    """Start the renderers of this process beside its other work, for the first click.

    Where they do not start, the log says why; the first document tries again.
    """
    threading.Thread(target=_warm, args=(workers(),), daemon=True).start()


def _warm(kept: Workers) -> None:
    try:
        kept.warm_up()
    except RuntimeError as fault:
        _log.error("the renderers do not start: %s", fault)


def _note(instance: Path, status: int) -> None:
    _log.warning("a renderer ended with status %s; another takes its place", status)
    deaths.note(instance, deaths.RENDERER, status)


def draw(document: Document) -> bytes | Failure:
    """Draw one document for a page that waits for it. Do not call inside a transaction."""
    return workers().render_one(document)


def picture(document: Document, width: int) -> bytes | Failure:
    """The first page of a document as a PNG of this width in pixels. Not inside a transaction."""
    return workers().picture(document, width)


def draw_all(documents: Sequence[Document]) -> list[bytes | Failure]:
    """Draw several documents, in their order. Do not call inside a transaction."""
    drawn = dict(workers().render(enumerate(documents)))
    return [drawn[number] for number in range(len(documents))]


def drawn(documents: Sequence[Document], otherwise: type[Refusal]) -> list[bytes]:
    """Several documents drawn in their order, or none at all. Do not call inside a transaction.

    Raises ``otherwise``, the caller's own refusal, if the renderer gives up on any of them, and
    ``LetterLacking`` if it is for want of a letter.
    """
    made = draw_all(documents)
    for one in made:
        if isinstance(one, Failure) and one.reason is Reason.NO_GLYPH and one.detail:
            raise LetterLacking(character=one.detail)
    pages = [one for one in made if isinstance(one, bytes)]
    if len(pages) != len(documents):
        raise otherwise
    return pages


def drawn_with_gaps(
    documents: Sequence[Document], otherwise: Refusal
) -> tuple[list[bytes], dict[int, str]]:
    """The same, but characters that no typeface has fail alone: they are drawn as question marks.

    Also gives these characters, by the number of the document.
    """
    pages = draw_all(documents)
    gaps = {
        number: one.detail
        for number, one in enumerate(pages)
        if isinstance(one, Failure) and one.reason is Reason.NO_GLYPH and one.detail
    }
    if gaps:
        again = [wire.without(documents[number], lacking) for number, lacking in gaps.items()]
        for number, page in zip(gaps, draw_all(again), strict=True):
            pages[number] = page
    made = [one for one in pages if isinstance(one, bytes)]
    if len(made) != len(documents):
        raise otherwise
    return made, gaps
