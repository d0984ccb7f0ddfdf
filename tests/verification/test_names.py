"""Names typed on the check page: few wrong ones, and the holder's own way stays open."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from trainings.accounts.models import Throttle
from trainings.accounts.rules import Patience, wait_after
from trainings.core import clock
from trainings.core.db import db
from trainings.print_room import operations as print_operations
from trainings.register.models import Certificate
from trainings.register.serial_rules import new_serial
from trainings.verification import operations as check_operations
from trainings.verification.rules import (
    NAMES_BY_LINK,
    NAMES_BY_SERIAL,
    NAMES_HERE,
    NUMBERS,
    NoSuchPair,
    TooManyNames,
    TooManyNumbers,
    Verdict,
)

RIGHT = "María José Núñez de la Peña"


def test_names_cannot_be_fished(row: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five wrong names in the first hour, by whichever way, then one an hour."""
    start, heard = clock.now(), []
    for minute in range(200):
        monkeypatch.setattr(clock, "now", lambda at=minute: start + timedelta(minutes=at))
        for guess in range(4):
            with suppress(TooManyNames):
                if guess % 2:
                    check_operations.name_matches(row.id, f"Guess {guess}", "192.0.2.1")
                else:
                    with pytest.raises(NoSuchPair):
                        check_operations.by_serial(row.serial, f"Guess {guess}", "192.0.2.1")
                heard.append(minute)
    assert heard == [0, 0, 0, 10, 30, 70, 130, 190]
    assert check_operations.name_matches(row.id, RIGHT, "198.51.100.7")


@pytest.mark.parametrize(
    ("patience", "most", "window"),
    [
        ([NAMES_HERE], 5, timedelta(hours=1)),
        ([NAMES_BY_SERIAL, NAMES_BY_LINK], 50, timedelta(days=1)),
    ],
)
def test_no_more_wrong_names_than_promised_in_any_window(
    patience: list[Patience], most: int, window: timedelta
) -> None:
    """Whoever tries whenever they may, or rests until all is forgotten and begins again."""
    for rest_after in range(1, 40):
        counts = []
        for one in patience:
            moments, now, tries = [], timedelta(), 0
            while now < 5 * window + one.forgotten_after:
                tries += 1
                moments.append(now)
                now += wait_after(tries, one)
                if tries == rest_after:
                    now, tries = moments[-1] + one.forgotten_after + timedelta(seconds=1), 0
            counts.append(max(sum(at <= m < at + window for m in moments) for at in moments))
        assert sum(counts) <= most, rest_after


def test_strangers_do_not_close_the_way_of_who_has_the_link_or_the_file(
    row: Certificate, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They know the serial and have as many networks as they like."""
    for host in range(60):
        with suppress(TooManyNames), pytest.raises(NoSuchPair):
            check_operations.by_serial(row.serial, "Otra Persona", f"192.0.2.{host}")
    with pytest.raises(TooManyNames):
        check_operations.by_serial(row.serial, RIGHT, "198.51.100.7")
    assert check_operations.name_matches(row.id, RIGHT, "198.51.100.7")
    content = print_operations.content(row)
    assert check_operations.by_file(content, "192.0.2.1").verdict is Verdict.GENUINE
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=11))
    shown = check_operations.by_serial(row.serial, RIGHT, "198.51.100.7")
    assert shown.verdict is Verdict.GENUINE, "minutes, not a day"


def test_whoever_has_to_wait_is_told_how_long_and_what_else_helps(
    row: Certificate, client: FlaskClient
) -> None:
    path = f"/verify/{row.token}"
    said = {
        language: [
            client.post(path, data={"name": "X Y"}, headers={"Accept-Language": language}).get_data(
                as_text=True
            )
            for _ in range(6)
        ][-1]
        for language in ("es", "en")
    }
    assert "dentro de 10 minutos " in said["es"]
    assert "in 10 minutes," in said["en"]
    assert "Check the PDF file instead</a>" in said["en"]


def test_a_right_name_is_not_counted(row: Certificate) -> None:
    for _ in range(12):
        assert check_operations.name_matches(row.id, "María José Núñez de la Peña", "192.0.2.1")


def test_being_told_to_wait_does_not_tell_that_a_serial_is_known(
    row: Certificate, client: FlaskClient
) -> None:
    def answers(serial: str) -> list[bool]:
        pages = [client.post("/verify", data={"serial": serial, "name": "X Y"}) for _ in range(9)]
        return [
            b"No certificate has both this serial number and this name." in page.data
            for page in pages
        ]

    known, unknown = answers(row.serial), answers(new_serial("BUE26"))
    assert known == unknown
    assert not known[-1], "nobody is told to wait"


def test_addresses_of_one_network_have_the_tries_of_one(row: Certificate) -> None:
    with pytest.raises(TooManyNames):
        for host in range(9):
            check_operations.name_matches(row.id, "Someone Else", f"2001:db8:1:2::{host:x}")


def test_one_network_does_not_try_number_after_number(
    row: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would be a row of the database; right ones count for nothing, nor does a link."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    for _ in range(NUMBERS.free):
        assert check_operations.by_serial(row.serial, RIGHT, "192.0.2.1")
        with pytest.raises(NoSuchPair):
            check_operations.by_serial(new_serial("BUE26"), "X Y", "192.0.2.1")
    kept = db.session.scalar(select(func.count()).select_from(Throttle))
    for _ in range(3):
        with pytest.raises(TooManyNumbers):
            check_operations.by_serial(new_serial("BUE26"), "X Y", "192.0.2.1")
    assert db.session.scalar(select(func.count()).select_from(Throttle)) == kept
    assert check_operations.name_matches(row.id, RIGHT, "192.0.2.1")
    assert check_operations.by_serial(row.serial, RIGHT, "198.51.100.7")
