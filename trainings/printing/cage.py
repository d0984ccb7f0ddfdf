"""Warm renderers in a cage: documents in, PDF files out, and a bomb takes nobody with it."""

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from trainings.printing.paper_rules import Document
from trainings.printing.renderer import Gone, Renderer
from trainings.printing.rules import Failure, Reason

PROCESSES = 2
SECONDS = 12  # of the processor for one document; of the wall's half as many again
DOCUMENTS_PER_LIFE = 2000  # then a fresh process, whatever the libraries kept
AHEAD = 3  # documents asked for, per renderer

Key = TypeVar("Key")


class _Place:
    """A place in the cage: the renderer that sits there is replaced when it dies."""

    def __init__(self, fonts_folder: Path, seconds: int) -> None:
        self._folder = fonts_folder
        self._seconds = seconds
        self._renderer: Renderer | None = None
        self._drawn = 0
        self._busy = threading.Lock()  # a job and a page of one process may both want it

    def draw(self, document: Document, width: int = 0) -> bytes | Failure:
        """The PDF of ``document`` (with a width: its picture), or why there is none."""
        with self._busy:
            return self._draw(document, width)

    def _draw(self, document: Document, width: int) -> bytes | Failure:
        try:
            answer = self.renderer().draw(document, width)
        except Gone as gone:
            self.clear()
            return gone.failure
        self._drawn += 1
        spent = isinstance(answer, Failure) and answer.reason is Reason.TOO_LARGE
        if spent or self._drawn >= DOCUMENTS_PER_LIFE:
            self.clear()
        return answer

    def renderer(self) -> Renderer:
        """A living one; raises :class:`Gone` where none can be started."""
        if self._renderer is None or not self._renderer.alive:
            self.clear()
            self._renderer = Renderer(self._folder, self._seconds)
        return self._renderer

    def clear(self) -> None:
        """End whoever sits here."""
        renderer, self._renderer, self._drawn = self._renderer, None, 0
        if renderer is not None:
            renderer.stop()


class Workers:
    """Some warm renderers. Kept by a long-lived process they stay warm between its jobs.

    Use as a context manager, or call :meth:`close`. They start at the first document, or at
    :meth:`warm_up`. Several threads may draw at once: each renderer takes one after another.
    """

    def __init__(
        self, fonts_folder: Path, processes: int = PROCESSES, seconds: int = SECONDS
    ) -> None:
        self._places = [_Place(fonts_folder, seconds) for _ in range(processes)]

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
            renderers = [place.renderer() for place in self._places]
        except Gone as gone:
            raise RuntimeError(gone.failure.detail or gone.failure.reason) from None
        return all(renderer.offline for renderer in renderers)

    def processes(self) -> list[int]:
        """The process numbers of the living renderers."""
        return [place.renderer().pid for place in self._places]

    def render(
        self, documents: Iterable[tuple[Key, Document]]
    ) -> Iterator[tuple[Key, bytes | Failure]]:
        """Draw each document; give its key with the PDF, or with why there is none.

        Results come as they are ready, not in order. ``documents`` is drawn from as the work
        proceeds, in the caller's thread, a few ahead: ten thousand need no more memory than
        sixty.
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
    """Drop what nobody waits for any more."""
    with suppress(queue.Empty):
        while True:
            asked.get_nowait()
