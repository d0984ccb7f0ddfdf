"""Keeps the web server and the job worker running: ``script/server`` starts it.

What dies is started again; a part that keeps dying, after pauses that grow. Of the application it
loads the notes of deaths alone, so that it stays small and little in it can fail.

    python -m trainings.serving.keeper          web server and job worker
    python -m trainings.serving.keeper web      that alone (or: jobs)

See docs/decisions/2026-11-27-what-dies-comes-back.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from pathlib import Path

from trainings.core import deaths

FINISH = 10  # seconds a web worker has to finish running requests once it is told to stop
PATIENCE = 15.0  # seconds until a part that was told to stop is killed
FIRST, LONGEST = 0.2, 30.0  # seconds of pause before a part is started again
SETTLED = 10.0  # seconds after which a running part counts as well
HEAD_START = 10.0  # seconds that the job worker waits at most for the first page to be served

COMMANDS = {
    deaths.WEB: ("-m", "trainings.serving.start"),
    deaths.JOBS: ("-m", "flask", "--app", "wsgi", "jobs", "run"),
}
NAMES = {deaths.WEB: "web server", deaths.JOBS: "job worker"}


class Refused(Exception):
    """A part does not start with these settings, and would not the next time."""


def pause(times: int) -> float:
    """Seconds until a part is started again that has died this many times in a row."""
    return float(min(FIRST * 2 ** min(times - 1, 20), LONGEST))


async def keep(parts: list[str]) -> None:
    """Keep the parts running until told to stop, then let them finish; may raise ``Refused``."""
    loop, keeping = asyncio.get_running_loop(), asyncio.current_task()
    stops = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    def stop() -> None:
        for number in stops:
            loop.add_signal_handler(number, lambda: None)  # told once, it is ending
        if keeping:
            keeping.cancel()

    for number in stops:
        loop.add_signal_handler(number, stop)
    async with asyncio.TaskGroup() as group:
        if deaths.WEB in parts:
            group.create_task(_keep(deaths.WEB))
        if deaths.JOBS in parts:
            if deaths.WEB in parts:
                await _served()
            group.create_task(_keep(deaths.JOBS))


async def _keep(part: str) -> None:
    instance = Path(os.environ.get("TRAININGS_INSTANCE") or "instance")
    times = 0
    while True:
        begun = time.monotonic()
        status = await _run(part)
        if status == os.EX_CONFIG:
            raise Refused
        times = 1 if time.monotonic() - begun >= SETTLED else times + 1
        deaths.note(instance, part, status)
        say(NAMES[part], status, pause(times))
        await asyncio.sleep(pause(times))


async def _run(part: str) -> int:
    """Run a part, in a group of its own with what it starts; its exit status once it has ended."""
    process = await asyncio.create_subprocess_exec(
        *("setpriv", "--pdeathsig", "TERM", sys.executable, *COMMANDS[part]),
        stdin=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return await process.wait()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await process.wait()
        raise
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def _served() -> None:
    """Return once the site answers: the job worker must not slow down the first page."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(HEAD_START):
            while True:
                with contextlib.suppress(OSError):
                    address = os.environ["HOST"], int(os.environ["PORT"])
                    _reader, writer = await asyncio.open_connection(*address)
                    writer.close()
                    return
                await asyncio.sleep(0.05)


def say(what: str, status: int, after: float) -> None:
    """Say in the log that a part died, how, and after how many seconds it is started again."""
    how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
    words = f"A {what} {how}; it is started again in {after:g} s."
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {words}\n")
        sys.stderr.flush()


def main(arguments: list[str]) -> int:
    """Keep the parts named, or all; returns the exit status: 78 if the settings ended it."""
    status = 0
    try:
        asyncio.run(keep(arguments or list(COMMANDS)))
    except* Refused:
        status = os.EX_CONFIG
    except* asyncio.CancelledError:  # told to stop
        pass
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
