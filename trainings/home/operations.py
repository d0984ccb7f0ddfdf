"""What the administrator does on the page of health."""

from __future__ import annotations

from trainings.core.db import transaction
from trainings.core.i18n import language
from trainings.core.permissions import Viewer
from trainings.home.rules import NoAddress
from trainings.mail.writes import enqueue
from trainings.people import reading


def send_test_mail(by: Viewer) -> None:
    """Email yourself, the way all emails go: through the outbox and the worker.

    Raises ``NoAddress``.
    """
    person_id = by.person_id or ""
    identity = reading.opened([person_id]).get(person_id)
    if identity is None or not identity.mail:
        raise NoAddress
    with transaction() as session:
        enqueue(session, "test", to=identity.mail, language=language(), person_id=person_id)
