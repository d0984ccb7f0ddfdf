"""When a session ends, and how its browser is named."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from trainings.core.permissions import Role

IDLE = timedelta(minutes=30)  # without use
IDLE_STAYING = timedelta(hours=8)  # without use, on one's own device
ABSOLUTE = timedelta(hours=12)  # whatever its use
LEFT_FOR = timedelta(hours=1)  # so long a form can still be sent that was open at a sign-out
COOKIE = ABSOLUTE + timedelta(days=1)  # a form sent the next morning shows whose it was

_FEW_PEOPLE = frozenset({Role.TRAINER})  # roles over the people of one course alone


def may_stay(roles: Iterable[Role]) -> bool:
    """Whether an account may stay signed in on its own device: never one that sees many people."""
    return set(roles) <= _FEW_PEOPLE


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """Browser and system in words (``Firefox, Android``); empty if they are not known."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return ", ".join(word for word in (browser, system) if word)
