"""Which kind of certificate a page is about: in its address, and as tabs."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from trainings.certificates.rules import Kind
from trainings.core.errors import NotFound

ORDER = (Kind.COMPLETION, Kind.ATTENDANCE, Kind.TRAINER)


def asked_kind() -> Kind:
    """The kind in the address, completion where there is none. Raises ``NotFound``."""
    try:
        return Kind(request.args.get("kind", Kind.COMPLETION))
    except ValueError:
        raise NotFound from None


def kind_tabs(endpoint: str, code: str, here: Kind) -> list[dict[str, Any]]:
    """A tab for each kind, leading to the same page of it."""
    return [
        {
            "label": kind.label,
            "url": url_for(endpoint, code=code, kind=kind),
            "active": kind is here,
        }
        for kind in ORDER
    ]
