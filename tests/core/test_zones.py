"""The time zone of a course follows from its country and city; the list says cities, each once."""

from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from trainings.core.i18n import LANGUAGES, speaking
from trainings.core.names import folded
from trainings.core.zones import (
    ZoneElsewhere,
    ZoneUnknown,
    ZoneWanted,
    check_zone,
    zone_choices,
    zone_of,
    zones_by_country,
)

NOW = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "city", "zone"),
    [
        ("PE", "Lima", "America/Lima"),
        ("PE", "Cusco", "America/Lima"),
        ("AT", "Graz", "Europe/Vienna"),
        ("DE", "Bonn", "Europe/Berlin"),  # Büsingen has the same clocks
        ("AR", "Rosario", "America/Argentina/Buenos_Aires"),  # all its zones agree
        ("AR", "Mendoza", "America/Argentina/Mendoza"),
        ("BR", "São Paulo", "America/Sao_Paulo"),
        ("BR", "sao paulo", "America/Sao_Paulo"),
        ("BR", "Manaos", "America/Manaus"),  # Spanish
        ("BR", "Manaus, Centro", "America/Manaus"),
        ("MX", "Ciudad de México", "America/Mexico_City"),
        ("MX", "Mexico City", "America/Mexico_City"),
        ("US", "Nueva York", "America/New_York"),
        ("ES", "Madrid", "Europe/Madrid"),
    ],
)
def test_it_follows_from_country_and_city(app: Flask, country: str, city: str, zone: str) -> None:
    assert zone_of(country, city, NOW) == zone


@pytest.mark.parametrize(
    ("country", "city"), [("BR", "Rio de Janeiro"), ("ES", "Las Palmas"), ("US", "Washington")]
)
def test_it_is_asked_for_where_the_country_has_several(app: Flask, country: str, city: str) -> None:
    with pytest.raises(ZoneWanted) as refused:
        zone_of(country, city, NOW)
    assert city in str(refused.value)


def test_a_zone_of_another_country_is_a_leftover(app: Flask) -> None:
    check_zone("America/Santiago", "CL")
    with speaking("es"), pytest.raises(ZoneElsewhere) as refused:
        check_zone("America/Lima", "CL")
    assert "Lima" in str(refused.value) and "Chile" in str(refused.value)
    for zone in ("", "America/Atlantis", "../etc/passwd"):
        with pytest.raises(ZoneUnknown):
            check_zone(zone, "CL")
    with pytest.raises(ZoneUnknown):
        zone_of("XK", "Pristina", NOW)
    check_zone("Europe/Belgrade", "XK")  # the database has no zone for it: any is accepted


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_list_says_cities_each_once_in_order(app: Flask, code: str) -> None:
    with speaking(code):
        found = zone_choices("")
    words = [label for _zone, label in found]
    assert [label for label, number in Counter(words).items() if number > 1] == []
    assert len(dict(found)) == len(found) > 400
    assert words == sorted(words, key=folded)
    assert not [label for label in words if "/" in label or "_" in label]
    for zone, _label in found:
        ZoneInfo(zone)


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("en", "Vienna (Austria)"),
        ("es", "Viena (Austria)"),
        ("fr", "Vienne (Autriche)"),
        ("pt_BR", "Viena (Áustria)"),
    ],
)
def test_cities_are_in_the_readers_language(app: Flask, code: str, label: str) -> None:
    with speaking(code):
        assert dict(zone_choices(""))["Europe/Vienna"] == label


def test_those_of_the_country_come_first(app: Flask) -> None:
    first = [zone for zone, _label in zone_choices("BR")][: len(zones_by_country()["BR"])]
    assert set(first) == set(zones_by_country()["BR"])


def test_an_older_name_of_a_zone_is_not_on_the_list(app: Flask) -> None:
    listed = dict(zone_choices(""))
    assert "America/Argentina/Buenos_Aires" in listed
    assert "America/Buenos_Aires" not in listed
