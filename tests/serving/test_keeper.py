"""What dies is started again after growing pauses; only a fault of the settings ends all."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.running import ROOT, free_port
from trainings.core import deaths
from trainings.serving import places

# A part that notes when it was started, then does what the test says.
PART = """
import os, signal, sys, time
with open("started", "a") as file:
    file.write(f"{sys.argv[1]} {os.getpid()} {time.monotonic()}\\n")
"""
STAY = "time.sleep(600)"


class Kept:
    """A keeper of a web server and a job worker that are programs of the test."""

    def __init__(
        self,
        folder: Path,
        web: str = STAY,
        jobs: str = STAY,
        before: Callable[[], object] | None = None,
        **settings: float,
    ) -> None:
        """``before``: what is done in its process before it is the keeper."""
        self.folder = folder
        commands = {
            part: ["-c", PART + program, part] for part, program in (("web", web), ("jobs", jobs))
        }
        program = (
            "import json, sys\n"
            "from trainings.serving import keeper, places\n"
            "keeper.COMMANDS.update(json.loads(sys.argv[1]))\n"
            "settings = json.loads(sys.argv[2])\n"
            "vars(keeper).update(settings)\n"
            "vars(places).update(settings)\n"
            "sys.exit(keeper.main([]))\n"
        )
        quick = {"HEAD_START": 0.0, **settings}
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, json.dumps(commands), json.dumps(quick)],
            cwd=folder,
            env=os.environ
            | {
                "TRAININGS_INSTANCE": str(folder),
                "PYTHONPATH": str(ROOT),
                "HOST": "127.0.0.1",
                "PORT": str(free_port()),
            },
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=before,
            close_fds=False,
        )

    def started(self, part: str) -> list[tuple[int, float]]:
        """Process and moment of each start of a part so far."""
        try:
            lines = (self.folder / "started").read_text(encoding="ascii").splitlines()
        except FileNotFoundError:
            return []
        found = [line.split() for line in lines]
        return [(int(pid), float(at)) for name, pid, at in found if name == part]

    def until(self, part: str, times: int) -> list[tuple[int, float]]:
        limit = time.monotonic() + 30
        while len(found := self.started(part)) < times:
            assert time.monotonic() < limit, found
            assert self.process.poll() is None
            time.sleep(0.005)
        return found

    def end(self) -> str:
        """Tell it to stop; what it said."""
        self.process.terminate()
        said = self.process.communicate(timeout=30)[1]
        assert self.process.returncode == 0
        return said


@pytest.fixture
def keep(tmp_path: Path) -> Iterator[Callable[..., Kept]]:
    made: list[Kept] = []

    def start(**values: object) -> Kept:
        made.append(Kept(tmp_path, **values))  # type: ignore[arg-type]
        return made[-1]

    yield start
    for one in made:
        one.process.kill()
        one.process.communicate()


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_pauses_grow_up_to_a_limit() -> None:
    pauses = [places.pause(times) for times in range(1, 2000)]
    assert pauses[0] <= 0.5
    assert pauses[:4] == [pauses[0] * 2**times for times in range(4)]
    assert max(pauses) == pauses[-1] == places.LONGEST


def test_each_part_that_is_killed_is_started_again(keep: Callable[..., Kept]) -> None:
    kept = keep()
    (job, _), *_ = kept.until("jobs", 1)
    (web, _), *_ = kept.until("web", 1)
    for pid in (job, web):
        os.kill(pid, signal.SIGKILL)
    kept.until("jobs", 2)
    kept.until("web", 2)
    said = kept.end()
    assert said.count("A web server was killed by signal 9; it is started again in 0.2 s.") == 1
    assert said.count("A job worker was killed by signal 9; it is started again in 0.2 s.") == 1
    noted = deaths.noted(kept.folder)
    assert sorted(one.part for one in noted) == ["jobs", "web"]
    assert {(one.status, one.how) for one in noted} == {(-9, "SIGKILL")}
    assert all(gone(pid) for part in ("web", "jobs") for pid, _ in kept.started(part))


def test_what_keeps_dying_waits_longer_and_the_others_go_on(keep: Callable[..., Kept]) -> None:
    kept = keep(jobs="sys.exit(3)", FIRST=0.05)
    moments = [at for _, at in kept.until("jobs", 5)]
    gaps = [after - before for before, after in pairwise(moments)]
    for number, gap in enumerate(gaps):
        assert gap >= 0.05 * 2**number
    assert len(kept.started("web")) == 1
    assert "A job worker ended with status 3; it is started again in 0.4 s." in kept.end()


def test_after_a_settled_life_the_pause_is_short_again(keep: Callable[..., Kept]) -> None:
    kept = keep(jobs="time.sleep(0.2); sys.exit(3)", FIRST=0.05, SETTLED=0.1)
    kept.until("jobs", 4)
    assert kept.end().count("started again in 0.05 s.") >= 3


def test_a_fault_of_the_settings_ends_all(keep: Callable[..., Kept]) -> None:
    kept = keep(jobs="sys.exit(78)")
    said = kept.process.communicate(timeout=30)[1]
    assert kept.process.returncode == os.EX_CONFIG
    assert "started again" not in said
    assert all(gone(pid) for pid, _ in kept.started("web"))
    assert deaths.noted(kept.folder) == []


def test_what_is_deaf_is_killed_with_what_it_started(keep: Callable[..., Kept]) -> None:
    child = (
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = os.fork()\n"
        "if not child: signal.pause()\n"
        "open('child', 'w').write(f'{child}\\n')\n"
        "signal.pause()"
    )
    kept = keep(jobs=child, PATIENCE=0.1)
    limit = time.monotonic() + 30
    while not (found := (kept.folder / "child").exists() and (kept.folder / "child").read_text()):
        assert time.monotonic() < limit
        time.sleep(0.005)
    kept.end()
    (job, _), *_ = kept.started("jobs")
    assert gone(job)
    while not gone(int(found)):
        assert time.monotonic() < limit
        time.sleep(0.005)


def test_who_is_handed_to_it_is_let_go(keep: Callable[..., Kept]) -> None:
    """As process 1 of a container it gets the children of all that ended, which it did not fork."""
    orphan = (
        "if not os.fork():\n"
        "    if not os.fork():\n"
        "        with open('orphan', 'w') as file: file.write(str(os.getpid()))\n"
        "        os._exit(0)\n"
        "    os._exit(0)\n"
    )
    adopts = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)
    kept = keep(jobs=orphan + STAY, before=lambda: ctypes.CDLL(None).prctl(adopts, 1))
    limit = time.monotonic() + 30
    while not (found := _number_in(kept.folder / "orphan")) or not gone(found):
        assert time.monotonic() < limit
        time.sleep(0.005)
    (job, _), *_ = kept.until("jobs", 1)
    os.kill(job, signal.SIGKILL)
    kept.until("jobs", 2)
    assert len(kept.started("web")) == 1
    kept.end()


def _number_in(path: Path) -> int:
    return int(path.read_text() or 0) if path.exists() else 0


def test_deaths_are_noticed_where_whoever_started_it_ignored_them(
    keep: Callable[..., Kept],
) -> None:
    kept = keep(before=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
    (job, _), *_ = kept.until("jobs", 1)
    os.kill(job, signal.SIGKILL)
    kept.until("jobs", 2)
    assert "A job worker was killed by signal 9" in kept.end()


def test_parts_get_no_files_of_whoever_started_it(keep: Callable[..., Kept]) -> None:
    says = "open('files', 'w').write(repr(sorted(os.listdir('/proc/self/fd'))) + '\\n')\n"
    reads = "open('input', 'w').write(os.readlink('/proc/self/fd/0') + '\\n')\n"

    def before() -> None:
        os.dup2(2, 7)  # as a lock that a wrapper holds
        os.close(0)

    kept = keep(jobs=says + reads + STAY, before=before)
    limit = time.monotonic() + 30
    while not ((path := kept.folder / "input").exists() and path.read_text().endswith("\n")):
        assert time.monotonic() < limit
        time.sleep(0.005)
    assert path.read_text() == "/dev/null\n"
    assert "'7'" not in (kept.folder / "files").read_text()
    kept.end()


def test_the_notes_are_bounded_and_survive_a_torn_line(tmp_path: Path) -> None:
    assert deaths.noted(tmp_path) == []
    (tmp_path / "deaths").write_text('{"at": 1, "part": "web"\n[]\nnull\n{"at": "x"}\n')
    for number in range(2 * deaths.KEPT + 10):
        deaths.note(tmp_path, deaths.WEB, number % 200)
    found = deaths.noted(tmp_path)
    assert deaths.KEPT <= len(found) <= 2 * deaths.KEPT
    assert found[-1].how == str((2 * deaths.KEPT + 9) % 200)
    deaths.note(tmp_path / "missing", deaths.WEB, 1)  # a full or missing disk stops nobody
