"""What issuing and re-issuing share: the addresses that make a paper checkable."""

from __future__ import annotations

from urllib.parse import urlsplit

from trainings.certificates import document
from trainings.core.web import external_url


def proof(token: str, serial: str) -> document.Proof:
    """Serial, the address in the code, and the short one that a human types."""
    page = urlsplit(external_url("certificates_check.start"))
    return document.Proof(
        serial=serial,
        verify_url=external_url("certificates_check.show", token=token),
        short_url=f"{page.netloc}{page.path}",
    )
