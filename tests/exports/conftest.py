"""Encryption that takes no two seconds, where a test does not say otherwise."""

from __future__ import annotations

import pytest

from trainings.exports import age


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is encrypted is only marked with its passphrase."""
    monkeypatch.setattr(
        age, "locked", lambda content, passphrase: b"locked:" + passphrase.encode() + content
    )
