"""Walks the demo as its people do, and knows what must stand nowhere outside its pages."""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from flask.testing import FlaskClient

from trainings.demo import queries

_KEY = re.compile(r"[\w-]{22}|R-[A-Z0-9]{6}|[A-Z0-9]+-[A-Z0-9]{7}|\d+|(?<==)[^&]+")
_EACH = 1  # pages of one kind that a walk opens
_LONG = 6  # letters that do not stand together by chance among sealed bytes


class Page(NamedTuple):
    """What the browser and the server's log would show of a page, and the page itself."""

    path: str
    status: int
    title: str
    file_name: str
    text: str


def people() -> list[dict[str, Any]]:
    """Everybody whom the demo's data names."""
    found = [*queries.data("people").values(), *queries.data("nominations").values()]
    return [one for group in found if isinstance(group, list) for one in group if "family" in one]


def identifying() -> set[str]:
    """Words that tell who somebody is: mails, phones, documents, whole names, long name parts."""
    words: set[str] = set()
    for one in people():
        given, family = one["given"], one["family"]
        words |= {f"{given} {family}", f"{family}, {given}"}
        words |= {part for part in re.findall(r"\w+", f"{given} {family}") if len(part) >= _LONG}
        words |= {str(one[key]) for key in ("email", "phone", "document") if one.get(key)}
    return words


def found_in(content: bytes, words: set[str]) -> set[str]:
    """Which of the words stand in a file, in the encodings in which programs write them."""
    if not _all_at_once(frozenset(words)).search(content):
        return set()
    return {word for word in words if any(form in content for form in _forms(word))}


def _forms(word: str) -> set[bytes]:
    return {word.encode(one, "replace") for one in ("utf-8", "utf-16-le", "latin-1")}


@cache
def _all_at_once(words: frozenset[str]) -> re.Pattern[bytes]:
    return re.compile(_any_of(set().union(*map(_forms, words))))


def _any_of(forms: set[bytes]) -> bytes:
    """A pattern that each of them meets; what several begin with is looked at once."""
    if b"" in forms:
        return b""
    rest: dict[bytes, set[bytes]] = defaultdict(set)
    for one in forms:
        rest[one[:1]].add(one[1:])
    ways = [re.escape(first) + _any_of(rest[first]) for first in sorted(rest)]
    return ways[0] if len(ways) == 1 else b"(?:" + b"|".join(ways) + b")"


def files_of(folder: Path) -> Iterator[Path]:
    """Every file of a folder of data; typefaces hold no data."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "fonts" not in path.relative_to(folder).parts:
            yield path


def walk(client: FlaskClient, start: str = "/") -> Iterator[Page]:
    """Every page that links lead to from the start; of pages of one kind only the first few."""
    waiting, seen, kinds = deque([start]), {start}, Counter[str]()
    while waiting:
        path = waiting.popleft()
        kinds[kind := _KEY.sub("*", path)] += 1
        if kinds[kind] > _EACH:
            continue
        answer = client.get(path, follow_redirects=True)
        file_name = answer.headers.get("Content-Disposition", "")
        text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        answer.close()
        title = html.unescape(text.partition("<title>")[2].partition("</title>")[0])
        yield Page(path, answer.status_code, title, file_name, text)
        for link in re.findall(r'<a\b[^>]*\bhref="(/[^"#]*)', text):
            to = html.unescape(link)
            paper = to.partition("?")[0].endswith(".pdf")  # drawn elsewhere, and slowly
            if to not in seen and not paper and not to.startswith(("/static/", "/outbox")):
                seen.add(to)
                waiting.append(to)
