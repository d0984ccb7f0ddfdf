"""The web server forks its workers: one that dies is forked again, and all end together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.running import ROOT
from trainings.core import deaths

PROGRAM = """
import os, signal, sys, time
from pathlib import Path
from trainings.serving import forking
loaded = os.getpid()
def answer():
    with open("answering", "a") as file:
        file.write(f"{os.getpid()} {loaded}\\n")
    ANSWER
forking.keep(answer, Path("."))
"""
STAY = "signal.pause()"


class Web:
    """A web server whose workers do what the test says."""

    def __init__(self, folder: Path, answer: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM.replace("ANSWER", answer)],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )

    def answering(self, times: int) -> list[int]:
        """The workers forked so far, as soon as there are so many; all of one loaded process."""
        limit = time.monotonic() + 30
        while len(lines := self._lines()) < times:
            assert time.monotonic() < limit, lines
            assert self.process.poll() is None
            time.sleep(0.005)
        assert {loaded for _, loaded in lines} == {self.process.pid}
        return [pid for pid, _ in lines]

    def _lines(self) -> list[tuple[int, int]]:
        try:
            lines = (self.folder / "answering").read_text(encoding="ascii").splitlines()
        except FileNotFoundError:
            return []
        return [(int(pid), int(loaded)) for pid, loaded in (line.split() for line in lines)]

    def until_gone(self) -> None:
        limit = time.monotonic() + 30
        for pid, _ in self._lines():
            while Path(f"/proc/{pid}").exists():
                assert time.monotonic() < limit, pid
                time.sleep(0.005)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Callable[..., Web]]:
    made: list[Web] = []

    def start(answer: str = STAY) -> Web:
        made.append(Web(tmp_path, answer))
        return made[-1]

    yield start
    for one in made:
        one.process.terminate()  # whom it forked ends with it, and what they started
        one.process.communicate(timeout=30)


def test_who_dies_is_forked_again_and_noted(web: Callable[..., Web]) -> None:
    site = web()
    for pid in site.answering(2):
        os.kill(pid, signal.SIGKILL)
    assert len(set(site.answering(4))) == 4
    noted = deaths.noted(site.folder)
    assert [(one.part, one.how) for one in noted] == [(deaths.WEB, "SIGKILL")] * 2
    site.process.terminate()
    said = site.process.communicate(timeout=30)[1]
    assert site.process.returncode == 0
    assert said.count("A web worker was killed by signal 9; it is started again in 0.2 s.") == 2
    assert len(deaths.noted(site.folder)) == 2, "who was told to stop did not die"
    site.until_gone()


def test_who_keeps_dying_waits_longer(web: Callable[..., Web]) -> None:
    site = web("sys.exit(3)")
    site.answering(6)
    site.process.terminate()
    said = site.process.communicate(timeout=30)[1]
    assert said.count("ended with status 3; it is started again in 0.4 s.") == 2


def test_workers_end_with_who_forked_them(web: Callable[..., Web]) -> None:
    site = web()
    site.answering(2)
    site.process.kill()
    site.until_gone()


def test_what_a_worker_started_ends_with_it(web: Callable[..., Web], tmp_path: Path) -> None:
    child = "child = os.fork()\n    if child: Path(f'child-of-{os.getpid()}-{child}').touch()\n    "
    site = web(child + STAY)
    dying = site.answering(2)[0]
    limit = time.monotonic() + 30
    while not (started := list(tmp_path.glob(f"child-of-{dying}-*"))):
        assert time.monotonic() < limit
        time.sleep(0.005)
    os.kill(dying, signal.SIGKILL)
    child = started[0].name.rpartition("-")[2]
    while Path(f"/proc/{child}").exists():
        assert time.monotonic() < limit
        time.sleep(0.005)


def test_what_is_loaded_is_not_looked_through_again(tmp_path: Path) -> None:
    program = (
        "import gc; from trainings.serving import forking; forking.settle();"
        "print(gc.get_threshold()[0], gc.get_freeze_count() > 1000)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["10000", "True"]
