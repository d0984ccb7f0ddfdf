"""A whole installation for browser tests: web server and worker, on a clock that can be moved."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.serving import make_server

from tests.browsing import whole
from trainings.core import clock
from trainings.core.db import db
from trainings.jobs import operations as jobs

HOST = "127.0.0.1"


class House:
    """An installation that answers at ``url`` and does its background work."""

    def __init__(self) -> None:
        self._server = make_server(HOST, 0, self._answer, threaded=True)
        self.url = f"http://{HOST}:{self._server.server_port}"
        self.app: Flask | None = None
        self.shift = timedelta()
        self.links: dict[str, str] = {}  # of the demo's roles, each to be used once
        self._stop, self._wake = threading.Event(), threading.Event()

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[Any]:
        assert self.app is not None
        with clock.shifted(self.shift):
            answer = whole(self.app)(environ, start_response)
        if environ["REQUEST_METHOD"] == "POST":
            self._wake.set()
        return answer

    def _work(self) -> None:
        """Do what is due: at once after each form, else each second, as looking takes time too."""
        assert self.app is not None
        with self.app.app_context():
            while not self._stop.is_set():
                self._wake.clear()
                with clock.shifted(self.shift):
                    if jobs.run_next(self.app.extensions["work"].tasks):
                        continue
                self._wake.wait(1)
            db.session.remove()

    @contextmanager
    def open(self, app: Flask) -> Iterator[House]:
        """Serve this app, with its worker, until the block ends."""
        self.app = app
        app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600  # a browser asks once, as in production
        threads = [
            threading.Thread(target=work) for work in (self._server.serve_forever, self._work)
        ]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            self._wake.set()
            self._server.shutdown()
            for thread in threads:
                thread.join()
            self._server.server_close()

    def later(self, days: int) -> None:
        """Let so many days go by."""
        self.shift += timedelta(days=days)
        self._wake.set()
