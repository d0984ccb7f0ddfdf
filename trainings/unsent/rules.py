"""What is kept of a form whose session had ended, and for how long."""

from __future__ import annotations

from datetime import timedelta

LIFETIME = timedelta(hours=1)
MOST_FORMS = 5  # of one account: as many pages as somebody has open


def place(unsent_id: str, account_id: str, session_id: str) -> str:
    """Where the content of a form belongs: it opens for this account and ended session alone."""
    return f"unsent_form|content|{unsent_id}|{account_id}|{session_id}"
