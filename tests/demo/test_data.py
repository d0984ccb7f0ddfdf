"""The demo's data holds together before anybody loads it."""

import json
import re
from collections import Counter
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from email_validator import validate_email

LANGUAGES = {"en", "es", "fr", "pt_BR"}
EXAMPLE = re.compile(r"(\.example|\.example\.(ar|bo|br|cl|co|ec|pe|py|uy))$")


def read(name: str) -> Any:
    return json.loads(files("trainings.demo").joinpath("data", f"{name}.json").read_text("utf-8"))


INSTALLATION = read("installation")
PROGRAMME = read("programme")
COURSES = read("courses")
PEOPLE = read("people")
NOMINATIONS = read("nominations")
ALL = {
    "installation": INSTALLATION,
    "programme": PROGRAMME,
    "courses": COURSES,
    "people": PEOPLE,
    "nominations": NOMINATIONS,
    "evaluations": read("evaluations"),
}
SESSIONS = {s["code"]: s for s in COURSES["agenda"]}
PLANNED = [s for s in COURSES["agenda"] if s["kind"] in {"module", "test"}]
PAST, AHEAD = COURSES["courses"]


def walk(value: Any, path: str) -> Any:
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from walk(inner, f"{path}[{index}]")


def minutes(session: dict[str, str]) -> int:
    def clock(text: str) -> int:
        hour, minute = text.split(":")
        return int(hour) * 60 + int(minute)

    return clock(session["end"]) - clock(session["start"])


def everybody() -> list[dict[str, Any]]:
    return [
        *PEOPLE["staff"],
        *PEOPLE["trainers"],
        *PEOPLE["past"],
        *NOMINATIONS["nominated"],
        *NOMINATIONS["applied"],
    ]


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_text_is_there_in_every_language(name: str) -> None:
    texts = 0
    for path, value in walk(ALL[name], name):
        if isinstance(value, str):
            assert value.strip() == value != "", path
        if isinstance(value, dict) and LANGUAGES & value.keys():
            assert value.keys() == LANGUAGES, path
            texts += 1
    assert texts or name in {"people", "nominations", "evaluations"}


def test_the_seats_add_up_to_the_capacity() -> None:
    for course in COURSES["courses"]:
        assert sum(block["seats"] for block in course["blocks"]) == course["capacity"] == 60
        keys = [(block["country"], block["function"]) for block in course["blocks"]]
        assert len(set(keys)) == len(keys)
        assert {c for c, _ in keys if c} == set(course["countries"])
        assert len(keys) == 28


def test_the_agenda_is_sixteen_sessions_in_28_hours_without_overlap() -> None:
    assert len(PLANNED) == 16
    assert sum(minutes(s) for s in PLANNED) == 28 * 60
    assert Counter(s["day"] for s in PLANNED) == {1: 4, 2: 4, 3: 4, 4: 4}
    hours = Counter[str]()
    for session in PLANNED:
        hours[session["module"]] += minutes(session)
    assert hours == {"investigation": 600, "victims": 480, "cooperation": 360, "legislation": 240}
    for day in range(1, 5):
        slots = sorted((s["start"], s["end"]) for s in COURSES["agenda"] if s["day"] == day)
        assert all(start < end for start, end in slots)
        assert all(a[1] <= b[0] for a, b in pairwise(slots))


def test_what_is_named_exists() -> None:
    rooms = {room["code"]: room["capacity"] for room in INSTALLATION["rooms"]}
    modules = {module["code"]: module for module in PROGRAMME["modules"]}
    agencies = {agency["code"] for agency in INSTALLATION["agencies"]}
    trainers = {trainer["code"]: trainer for trainer in PEOPLE["trainers"]}
    for module in modules.values():
        assert 3 <= len(module["objectives"]) <= 4
        assert set(module["exploitation"]) <= set(PROGRAMME["exploitation"])
    for session in PLANNED:
        assert session["module"] in modules
        assert rooms[session["room"]] >= 60
    for programme in PROGRAMME["programmes"]:
        for phase in programme["phases"]:
            for lesson in phase["lessons"]:
                assert lesson["module"] in modules
    for course in COURSES["courses"]:
        assert course["lead"] in course["agencies"]
        assert set(course["agencies"]) == agencies
        assert course["trainers"].keys() == {s["code"] for s in PLANNED}
        for code, names in course["trainers"].items():
            for name in names:
                assert SESSIONS[code]["module"] in trainers[name]["modules"], (code, name)


def test_nine_trainers_of_three_agencies() -> None:
    assert Counter(t["agency"] for t in PEOPLE["trainers"]) == {"IOM": 3, "INTERPOL": 3, "UNODC": 3}
    iom = {t["country"] for t in PEOPLE["trainers"] if t["agency"] == "IOM"}
    assert iom == {"BO", "EC", "CO"}
    assert {name for names in PAST["trainers"].values() for name in names} == {
        t["code"] for t in PEOPLE["trainers"]
    }


def test_staff_covers_every_role_and_country() -> None:
    roles = Counter(account["role"] for account in PEOPLE["staff"])
    assert roles == {
        "organiser": 3,
        "focal_point": 9,
        "data_protection": 1,
        "administrator": 1,
        "analyst": 1,
    }
    assert {a["country"] for a in PEOPLE["staff"] if "country" in a} == set(PAST["countries"])


def test_57_of_60_meet_the_rule_counted_in_integers() -> None:
    attended = [p for p in PEOPLE["past"] if p["becomes"] == "attended"]
    planned = sum(minutes(s) for s in PLANNED)
    meets = 0
    for person in attended:
        missed = person.get("absent", []) + person.get("excused", [])
        assert len(set(missed)) == len(missed)
        assert not set(missed) & set(person.get("late", []))
        present = planned - sum(minutes(SESSIONS[code]) for code in missed)
        meets += present * 100 >= PAST["rule"]["threshold"] * planned
    assert (len(attended), meets) == (60, 57)


def test_the_sixty_fit_the_seats_and_26_are_women() -> None:
    attended = [p for p in PEOPLE["past"] if p["becomes"] == "attended"]
    assert sum(p["sex"] == "F" for p in attended) == 26
    held = Counter((p["country"], p["function"]) for p in attended)
    kept = {(b["country"], b["function"]): b["seats"] for b in PAST["blocks"] if b["country"]}
    assert all(held[key] >= seats for key, seats in kept.items())
    assert sum(held[key] - seats for key, seats in kept.items()) == 6


def test_those_seated_ahead_need_no_more_than_the_open_seats() -> None:
    """What the data says of each person can come true under the rules of placing."""
    people = NOMINATIONS["nominated"] + NOMINATIONS["applied"]
    kept = {(b["country"], b["function"]): b["seats"] for b in AHEAD["blocks"] if b["country"]}
    seated = Counter(
        (p["country"], p["function"])
        for p in people
        if p["becomes"] in {"confirmed", "offered", "promoted"}
    )
    over = sum(max(0, count - kept[key]) for key, count in seated.items())
    assert over == 6
    for person in people:
        if person["becomes"] == "reserve":
            key = (person["country"], person["function"])
            assert seated[key] >= kept[key], "someone would wait beside a seat that is theirs"
    states = Counter(p["becomes"] for p in people)
    assert states["confirmed"] >= 30
    assert states["offered"] >= 5
    assert states["reserve"] >= 5
    assert states["nominated"]
    assert states["endorsed"]
    assert states["applied"]


def test_mails_are_valid_unique_and_on_example_domains() -> None:
    mails = [p["email"] for p in everybody()] + [c["contact"] for c in COURSES["courses"][:1]]
    for mail in mails:
        validate_email(mail, check_deliverability=False)
        assert EXAMPLE.search(mail), mail
        assert mail == mail.lower()
    assert len(set(mails)) == len(mails)


def test_names_are_unique_and_odd_ones_are_among_them() -> None:
    names = [(p["given"], p["family"]) for p in everybody()]
    assert len(set(names)) == len(names)
    assert any("'" in family for _, family in names)
    assert any(len(family) == 1 for _, family in names)
    assert any(len(family.split()) >= 5 for _, family in names)
