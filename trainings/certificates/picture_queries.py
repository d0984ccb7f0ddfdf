"""Looks up the pictures that certificates were issued with."""

from __future__ import annotations

from sqlalchemy import select

from trainings.certificates.models import Picture
from trainings.core import sealed
from trainings.core.db import db


def is_kept(digest: str) -> bool:
    """Whether there are pictures under a digest; they stay closed."""
    return db.session.scalar(select(Picture.digest).where(Picture.digest == digest)) is not None


def kept(digest: str) -> bytes:
    """The pictures kept under a digest, opened; empty where there are none."""
    content = db.session.scalar(select(Picture.content).where(Picture.digest == digest))
    if content is None:
        return b""
    return sealed.open_bytes(content, f"certificate_picture|content|{digest}")
