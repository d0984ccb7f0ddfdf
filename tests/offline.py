"""The room without a network, walked through inside a network namespace of its own.

``python -m tests.offline`` is started there by ``test_offline.py``; it prints what it found.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.visitor import Browser

ROOT = Path(__file__).parent.parent
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1


def main(mail: str, code: str, people: int) -> None:
    """Start the server, issue, print and check; end it again."""
    bring_loopback_up()
    found: dict[str, Any] = {"outside": outside()}
    began = time.monotonic()
    server = subprocess.Popen(
        [ROOT / "script" / "server"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        found["said"] = until_ready(server)
        found["start"] = time.monotonic() - began
        found |= walk(os.environ["BASE_URL"], mail, code, people)
    finally:
        server.send_signal(signal.SIGTERM)
        found["ended"] = server.wait(30)
    print(json.dumps(found))


def bring_loopback_up() -> None:
    """What ``ip link set lo up`` does."""
    with socket.socket() as any_socket:
        asked = struct.pack("16sh", b"lo", 0)
        flags = struct.unpack("16sh", fcntl.ioctl(any_socket, SIOCGIFFLAGS, asked))[1]
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", flags | IFF_UP))


def outside() -> str:
    """What a way out of this room says: there is none."""
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=5).close()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, type(error).__name__)
    return "reached"


def until_ready(server: subprocess.Popen[str]) -> str:
    """What the server printed up to its last word."""
    said = ""
    assert server.stdout is not None
    for line in server.stdout:
        said += line
        if "Ctrl-C" in line:
            return said
    raise AssertionError(said)


def walk(url: str, mail: str, code: str, people: int) -> dict[str, Any]:
    """Sign in by a link from the command line, issue, print, check by the code on the paper."""
    browser, page = Browser(url), f"/courses/{code}/certificates"
    flask = [Path(sys.executable).parent / "flask", "--app", "wsgi"]
    link = subprocess.run(
        [*flask, "accounts", "sign-in-link", mail],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"https?://[^/\s]+(/\S+)", link.stdout)
    assert found, link.stdout
    browser.follow_link(found.group(1))
    browser.get(page)
    began = time.monotonic()
    browser.post(page)
    assert browser.status == 303, browser.status
    slowest = 0.0
    while True:
        asked = time.monotonic()
        bar = browser.get(f"{page}/progress")
        slowest = max(slowest, time.monotonic() - asked)
        assert browser.status == 200, browser.status
        if f'aria-valuenow="{people}"'.encode() in bar:
            break
        assert time.monotonic() - began < 60, bar
        time.sleep(0.05)
    stored = time.monotonic() - began
    browser.get(page)
    printed = browser.post(f"{page}.pdf")
    return {
        "stored": stored,
        "slowest": slowest,
        "printed": printed[:5].decode("latin-1"),
        "checks": check(url, flask, code),
        "ready": json.loads(browser.get("/readyz")),
    }


def check(url: str, flask: list[Path | str], code: str) -> dict[str, Any]:
    """A stranger checks one certificate by its code, by serial and name, and by its file."""
    instance = Path(os.environ["TRAININGS_INSTANCE"])
    with closing(sqlite3.connect(instance / "trainings.sqlite")) as database:
        token, serial = database.execute("SELECT token, serial FROM certificate").fetchone()
    run = {"cwd": ROOT, "capture_output": True, "text": True, "check": True}
    subprocess.run(
        [*flask, "certificates", "export", "--course", code, "--to", instance / "out"], **run
    )
    verified = subprocess.run(
        [*flask, "certificates", "verify", instance / "out" / f"{serial}.pdf"], **run
    )
    stranger = Browser(url)
    by_code = stranger.get(f"/verify/{token}")
    stranger.get("/verify")
    by_name = stranger.post("/verify", serial=serial, name="Nobody At All")
    return {
        "code": stranger.status == 200 and serial.encode() in by_code,
        "wrong name": b"No certificate has both this serial number and this name." in by_name,
        "file": verified.stdout.strip(),
    }


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
