"""The server itself: pages a second, memory of a worker, cold start."""

import http.client
import re
import shutil
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import installation

TITLE = "The server: production settings, SQLite, two workers"
CLIENTS = 8
SECONDS = 5


def rows() -> Iterator[tuple[str, str, str]]:
    """Public course page under load, memory after a thousand pages, cold start."""
    with installation.fresh() as here:
        starts = []
        for _ in range(5):
            begun = time.monotonic()
            with here.served():
                starts.append(time.monotonic() - begun)
        yield "cold start, warm disk", f"{statistics.median(starts):.2f} s", "≤ 1.5 s"
        with here.served() as server:
            page = public_course(server.url)
            get(server.url, page, times=200)
            rates = [requests_per_second(server.url + page) for _ in range(3)]
            rate = f"{statistics.median(rates):.0f} req/s"
            yield f"public course page {page}, {CLIENTS} clients", rate, "≥ 500 req/s"
            get(server.url, page, times=1000)
            memory = max(resident(pid) for pid in server.workers())
            yield "memory of one web worker, after 1,000 pages", f"{memory:.0f} MB", "≤ 120 MB"


def public_course(url: str) -> str:
    """The first course on the front page that anyone may see."""
    text = get(url, "/").decode()
    found = re.search(r'href="(/courses/[^"/?#]+)"', text)
    return found.group(1) if found else "/"


def get(url: str, path: str, times: int = 1) -> bytes:
    """Fetch one page over one connection; raises AssertionError where it is not there."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    body = b""
    for _ in range(times):
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status)
    connection.close()
    return body


def requests_per_second(address: str, seconds: int = SECONDS) -> float:
    """Answers a second to clients that ask without pause (wrk where it is installed)."""
    if shutil.which("wrk"):
        command = ["wrk", "-t2", f"-c{CLIENTS}", f"-d{seconds}s", address]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert "Non-2xx" not in text, text
        return float(re.findall(r"Requests/sec:\s+([\d.]+)", text)[0])
    parts = urlsplit(address)
    counts: list[int] = []
    until = time.monotonic() + seconds

    def ask() -> None:
        done = 0
        while time.monotonic() < until:
            get(address, parts.path, times=20)
            done += 20
        counts.append(done)

    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def resident(pid: int) -> float:
    """Resident memory of a process in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024
