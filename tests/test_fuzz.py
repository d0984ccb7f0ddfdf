"""Whatever is sent, by whomever, the answer is never a fault of ours (5xx).

Every route, each visitor; odd queries, forms, hosts, verbs, headers, bodies and files, drawn from a
seed that is printed: set ``TRAININGS_TEST_SEED`` to draw the same again. It ends after its time.
"""

from __future__ import annotations

import html
import io
import itertools
import os
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.wrappers import Response

from tests import odd, world
from tests.stage import Stage, staged

SEED = int(os.environ.get("TRAININGS_TEST_SEED", random.SystemRandom().randrange(2**32)))
SECONDS = 6.0  # of this process: a busy machine asks no less
AT_LEAST = 400  # requests, however slow the machine
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
FIELD = re.compile(r"<(input|select|textarea|button)\b([^>]*)>(.*?)(?=<)", re.DOTALL)
ATTRIBUTE = re.compile(r'\b([\w-]+)="([^"]*)"')

Fields = dict[str, list[str]]


class Fuzz:
    """Draws what is asked; the forms of the pages make what is sent more than noise."""

    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self.stage, self.chance = stage, chance
        self.routes = sorted(
            {rule.rule for rule in stage.app.url_map.iter_rules() if "static" not in rule.endpoint}
        )
        self.forms: dict[str, list[Fields]] = defaultdict(list)

    def look(self, address: str, page: str) -> None:
        """Keep the forms of a page, by the address they are sent to."""
        for attributes, inside in FORM.findall(page):
            action = html.unescape(dict(ATTRIBUTE.findall(attributes)).get("action", "") or address)
            fields: Fields = defaultdict(list)
            for _kind, attributes, text in FIELD.findall(inside):
                found = dict(ATTRIBUTE.findall(attributes))
                if found.get("name"):
                    fields[html.unescape(found["name"])].append(
                        html.unescape(found.get("value", text))
                    )
            known = self.forms[urlsplit(action).path]
            if fields not in known and len(known) < 5:
                known.append(dict(fields))

    def look_around(self) -> None:
        """First each page as it is, to know its forms."""
        for route in self.routes:
            for visitor in ("organiser_lead", "participant_self", "administrator"):
                address = self.filled(route)
                page = self.ask(visitor, address, {})
                if page.status_code == 200 and page.mimetype == "text/html":
                    self.look(address, page.get_data(as_text=True))
                    break

    def value(self) -> str:
        return self.chance.choice(self.chance.choice((odd.NUMBERS, odd.TEXTS)))

    def query(self) -> str:
        known = [name for fields in self.forms[""] for name in fields]
        names = [self.chance.choice((*odd.NAMES, *known)) for _ in range(self.chance.randint(1, 3))]
        return "&".join(f"{quote(name)}={quote(self.value()[:3000])}" for name in names)

    def address(self, route: str) -> str:
        """The address of a route; now and then with something odd in one of its gaps."""
        gaps = re.findall(r"<[^>]*>", route)
        if gaps and self.chance.random() < 0.2:
            gap = self.chance.choice(gaps)
            before, _, after = route.partition(gap)
            return self.filled(before) + self.chance.choice(odd.PATHS) + self.filled(after, route)
        return self.filled(route)

    def filled(self, part: str, route: str = "") -> str:
        try:
            return self.stage.world.path(part)
        except LookupError:  # what stands in a gap is known by the beginning of its route
            return re.sub(r"<[^>]*>", "x", part)

    def form(self, address: str) -> dict[str, Any]:
        """A form as the page has it, with one to three odd values; files where it takes some."""
        known = self.forms.get(address) or [{}]
        fields: dict[str, Any] = {
            name: list(values) for name, values in self.chance.choice(known).items()
        }
        names = [*fields, *([self.chance.choice(odd.NAMES)] if not fields else [])]
        for name in self.chance.sample(names, min(len(names), self.chance.randint(1, 3))):
            if name in ("file", "picture", "mark", "pdf", "scan"):
                file_name, content = self.chance.choice(odd.FILES)
                fields[name] = (io.BytesIO(content), file_name)
            else:
                fields[name] = [self.value() for _ in range(self.chance.choice((1, 1, 1, 2, 40)))]
        return fields

    def draw(self, route: str) -> tuple[str, dict[str, Any]]:
        """One thing to ask: its address, and what else a client is given."""
        address = self.address(route)
        more: dict[str, Any] = {"method": "GET"}
        kind = self.chance.random()
        if kind < 0.25:
            address += "?" + self.query()
        elif kind < 0.65:
            more |= {"method": "POST", "data": self.form(address)}
            if self.chance.random() < 0.2:
                address += "?" + self.query()
        elif kind < 0.75:
            content_type, body = self.chance.choice(odd.BODIES)
            more |= {"method": "POST", "data": body, "content_type": content_type or None}
        elif kind < 0.85:
            more["method"] = self.chance.choice(odd.VERBS)
        elif kind < 0.9:
            more["headers"] = [("Host", self.chance.choice(odd.HOSTS))]
        else:
            more["headers"] = [self.chance.choice(odd.HEADERS)]
        return address, more

    def ask(self, visitor: str, address: str, more: dict[str, Any]) -> Response:
        """The answer to one request; headers go as they are, past what a client corrects."""
        headers = more.get("headers", [])
        builder = EnvironBuilder(address, **{k: v for k, v in more.items() if k != "headers"})
        environ = builder.get_environ()
        if visitor in self.stage.cookies:
            environ["HTTP_COOKIE"] = f"session_id={self.stage.cookies[visitor]}"
        for name, text in headers:
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = text
        body, status, answered = run_wsgi_app(self.stage.app, environ, buffered=True)
        builder.close()
        return Response(b"".join(body), status, answered)


def test_nothing_that_is_sent_is_a_fault_of_ours(
    make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture
) -> None:
    print(f"TRAININGS_TEST_SEED={SEED}")
    faults = []
    with staged(make_app()) as stage:
        stage.app.config["TESTING"] = False
        fuzz = Fuzz(stage, random.Random(SEED))
        fuzz.look_around()
        pairs = [(route, visitor) for route in fuzz.routes for visitor in world.COLUMNS]
        fuzz.chance.shuffle(pairs)
        asked, ends = 0, time.process_time() + SECONDS
        for route, visitor in itertools.cycle(pairs):
            if asked >= AT_LEAST and time.process_time() > ends:
                break
            address, more = fuzz.draw(route)
            answer = fuzz.ask(visitor, address, more)
            asked += 1
            if answer.status_code >= 500:
                said = [record.getMessage() for record in caplog.records[-1:]]
                faults.append((visitor, address[:200], str(more)[:600], *said))
            if more["method"] not in ("GET", "HEAD") and answer.status_code == 303:
                stage.put_back()
    print(f"{asked} requests")
    assert faults == []
