"""What the worker does for accounts."""

from __future__ import annotations

from collections.abc import Callable

from trainings.accounts import operations


def mail_links(mail_index: str, leads_to: str) -> None:
    """Mail everyone behind an address a sign-in link."""
    operations.mail_links(mail_index, leads_to)


TASKS: dict[str, Callable[..., None]] = {"accounts.mail_links": mail_links}
ROUNDS = {"accounts.tidy": (3600.0, operations.tidy)}
