"""What can become of an email, and when it is tried again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from trainings.core.i18n import LazyText, _, _l, _lp, speaking
from trainings.core.states import Tone, Worded


class MailState(Worded):
    """What became of an email."""

    WAITING = "waiting", _lp("mail", "Waiting")
    ON_HOLD = "on_hold", _lp("mail", "On hold"), Tone.AMBER  # until an organiser lets it go
    SENT = "sent", _lp("mail", "Sent"), Tone.GREEN
    FAILED = "failed", _lp("mail", "Failed"), Tone.RED  # given up
    BOUNCED = "bounced", _lp("mail", "Bounced"), Tone.RED  # there is no such address
    CANCELLED = "cancelled", _lp("mail", "Cancelled")  # by an organiser, before it was sent
    # never sent: from a demo, or to somebody who has since been erased
    HELD = "held", _lp("mail", "Not sent")


class Attachment(NamedTuple):
    """A file that goes with an email; its name names nobody."""

    name: str
    content: bytes
    media_type: str
    parameters: Mapping[str, str] = {}


# In a stored body a mark stands for each personal link: letters that no text of ours contains.
_MARK = re.compile("\ue000([0-9]+)\ue001")


def mark(number: int) -> str:
    """The mark that stands for a personal link until the email is sent."""
    return f"\ue000{number}\ue001"


def marks_in(body: str) -> list[int]:
    """The numbers of the links for which marks stand in a body, each once, in their order."""
    return list(dict.fromkeys(int(found) for found in _MARK.findall(body)))


def with_links(body: str, links: Sequence[str]) -> str:
    """The text as it is sent: each link in the place of its mark."""
    return _MARK.sub(lambda found: links[int(found[1])] if int(found[1]) < len(links) else "", body)


def without_links(body: str, language: str) -> str:
    """The text as it is shown to others: words in its language in the place of each link."""
    with speaking(language):
        return _MARK.sub(_("[personal link]"), body)


# States in which an email has not left yet.
BEFORE_SENDING = frozenset({MailState.WAITING, MailState.ON_HOLD})

ATTEMPTS = 8  # when the server refuses it; while no server answers, there is no limit
NO_SERVER = 600  # seconds until the next try while no mail server is configured
_RESTS = (30, 60, 120, 300, 600)


def rest_after(failures: int) -> int:
    """For how many seconds no email is tried after so many failures to reach a server."""
    return _RESTS[min(failures, len(_RESTS) - 1)]


def next_try_after(attempts: int) -> int:
    """In how many seconds an email is tried again that the server has refused so often."""
    return int(min(30 * 2**attempts, 3600))


NO_RECIPIENT, UNREACHABLE = "NoRecipient", "Unreachable"

# What is said of a fault; of others the name of the error is shown.
FAULTS: dict[str, LazyText] = {
    NO_RECIPIENT: _l("There is no address to send it to."),
    UNREACHABLE: _l("The mail server does not answer."),
    "AddressRefused": _l("The mail server says that there is no such address."),
    "SMTPAuthenticationError": _l("The mail server refuses the user name or the password."),
}
