"""What the steps of planning a course are answered with in tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask.testing import FlaskClient

from tests.factories import agency_id
from trainings.core import clock

ZONE = "America/Lima"


def first_day() -> date:
    return clock.today(ZONE) + timedelta(days=90)


def values(code: str = "LIM28", **more: Any) -> dict[str, Any]:
    """Everything a course is set up with, by name."""
    starts = first_day()
    return {
        "code": code,
        "titles": {"en": "Course in Lima", "es": "Curso en Lima"},
        "texts": {"en": "About it."},
        "programme_id": None,
        "lead_agency_id": agency_id("IOM"),
        "agency_ids": [agency_id("UNODC")],
        "module_ids": [],
        "languages": ["es"],
        "venue": "Casa",
        "city": "Lima",
        "country": "PE",
        "zone": ZONE,
        "starts_on": starts,
        "ends_on": starts + timedelta(days=3),
        "registration_opens_on": clock.today(ZONE),
        "registration_closes_on": starts - timedelta(days=30),
        "release_on": starts - timedelta(days=20),
        "offer_days": 7,
        "visibility": "public",
        "days_shown_to": "involved",
        "placing": "by_selection",
        "separate_endorsement": False,
        "changes_days": None,
        "second_sender": False,
        "countries": ["PE", "BO"],
        "functions": ["police", "judge"],
        "capacity": 40,
        "threshold": 80,
        "needs_test": False,
        "needs_evaluation": False,
        "signatories": [{"agency_id": agency_id("IOM"), "titles": {"en": "Regional Director"}}],
        "contact": "lima@trainings.example",
        "instructions": "",
        **more,
    }


def typed(section: str, **more: Any) -> dict[str, Any]:
    """A step's form as a browser sends it."""
    plain = values()
    forms: dict[str, dict[str, Any]] = {
        "basics": {
            "code": "LIM28",
            "title_en": "Course in Lima",
            "title_es": "Curso en Lima",
            "text_en": "About it.",
            "programme_id": "",
            "lead_agency_id": agency_id("IOM"),
            "agency_ids": [agency_id("UNODC")],
            "languages": ["es"],
        },
        "place": {
            "city": "Lima",
            "country": "PE",
            "venue": "Casa",
            "zone": ZONE,
            "starts_on": plain["starts_on"].isoformat(),
            "ends_on": plain["ends_on"].isoformat(),
        },
        "registration": {
            "registration_opens_on": plain["registration_opens_on"].isoformat(),
            "registration_closes_on": plain["registration_closes_on"].isoformat(),
            "release_on": plain["release_on"].isoformat(),
            "offer_days": "7",
            "visibility": "public",
            "placing": "by_selection",
        },
        "invited": {"functions": ["police", "judge"], "countries": ["PE", "BO"], "capacity": "40"},
        "certificates": {
            "threshold": "80",
            "contact": "lima@trainings.example",
            "signatory0_agency": agency_id("IOM"),
            "signatory0_title_en": "Regional Director",
        },
    }
    return {**forms[section], **more}


def begin(client: FlaskClient, **typed: Any) -> str:
    """Begin a plan; gives its id."""
    answer = client.post("/courses/new", data={"source": "", **typed})
    assert answer.status_code == 303
    return answer.location.split("/")[-2]
