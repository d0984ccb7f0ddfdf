"""What may be done with an email that is not sent yet, and which may go out once more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l
from trainings.mail.rules import NO_RECIPIENT, MailState, mark, marks_in
from trainings.registrations.rules import State

_LINK = re.compile(r"\{link (\d{1,3})\}")


class OnHoldChanged(Refusal):
    """More emails are on hold than the page said, or fewer: none of them is sent."""

    sentence = _l(
        "In the meantime the number of emails on hold has changed: it is %(number)s now. Read the "
        "page again and decide."
    )


class MailAct(StrEnum):
    """What an organiser does with one email."""

    HOLD = "hold"
    RELEASE = "release"
    EDIT = "edit"
    CANCEL = "cancel"
    AGAIN = "again"

    @property
    def label(self) -> LazyText:
        """The words of its button."""
        return _WORDS[self]

    @property
    def done(self) -> str:
        """What is said once it is done."""
        return str(_DONE[self])


_WORDS: Mapping[MailAct, LazyText] = {
    MailAct.HOLD: _l("Put on hold"),
    MailAct.RELEASE: _l("Send now"),
    MailAct.EDIT: _l("Change the text"),
    MailAct.CANCEL: _l("Cancel this email"),
    MailAct.AGAIN: _l("Send again"),
}

_DONE: Mapping[MailAct, LazyText] = {
    MailAct.HOLD: _l("The email is on hold."),
    MailAct.RELEASE: _l("The email is on its way."),
    MailAct.EDIT: _l("Saved. The email is still on hold."),
    MailAct.CANCEL: _l("The email is cancelled. Nobody gets it."),
    MailAct.AGAIN: _l("The email goes out once more."),
}

# An email goes out once more only while what it says is true.
TRUE_WHILE: Mapping[str, frozenset[State]] = {
    "registration_offer": frozenset({State.OFFERED}),
    "registration_reminder": frozenset({State.OFFERED}),
    "registration_reserve": frozenset({State.RESERVE}),
    "registration_confirmed": frozenset({State.CONFIRMED}),
    "registration_name": frozenset({State.CONFIRMED, State.ATTENDED}),
    "registration_nominated": frozenset({State.NOMINATED}),
    "registration_applied": frozenset({State.APPLIED}),
    "registration_endorsed": frozenset({State.ENDORSED}),
}
_OVER = frozenset({MailState.SENT, MailState.BOUNCED, MailState.CANCELLED, MailState.FAILED})


def may_again(event: str, state: MailState, standing: State) -> bool:
    """Whether an email about a registration may go out once more."""
    return state in _OVER and standing in TRUE_WHILE.get(event, ())


def tried_as_it_is(state: MailState, fault: str | None, *, has_text: bool) -> bool:
    """Whether an email that was given up still has its text, and an address to send it to."""
    return state is MailState.FAILED and has_text and fault != NO_RECIPIENT


class NotWaiting(Refusal):
    """It is sent, on hold or cancelled by now."""

    sentence = _l("This email no longer waits. The page shows what became of it.")


class NotOnHold(Refusal):
    """Only an email on hold can be changed or let go."""

    sentence = _l("This email is not on hold any more. The page shows what became of it.")


class NotAgain(Refusal):
    """What it says is no longer true, or nobody keeps what it said."""

    sentence = _l("This email cannot be sent again: what it says is no longer true.")


class LinkLacking(Refusal):
    """A changed text has to keep each link once."""

    sentence = _l("The text has to contain “%(token)s” exactly once: a link is put in there.")
    field = "text"


class LinkUnknown(LinkLacking):
    """A link that the email does not have."""

    sentence = _l("This email has no “%(token)s”.")


def to_words(body: str) -> str:
    """A stored text as it is changed: “{link 1}” in the place of the first link."""
    for number in marks_in(body):
        body = body.replace(mark(number), f"{{link {number + 1}}}")
    return body.strip()


def to_marks(text: str) -> str:
    """A changed text as it is stored."""
    return _LINK.sub(lambda found: mark(int(found[1]) - 1), text) + "\n"


def check_links(text: str, stored: str) -> None:
    """Check that a changed text has the links of the stored one. Raises ``LinkLacking``."""
    wanted = [number + 1 for number in marks_in(stored)]
    found = [int(number) for number in _LINK.findall(text)]
    for number in wanted:
        if found.count(number) != 1:
            raise LinkLacking(token=f"{{link {number}}}")
    for number in found:
        if number not in wanted:
            raise LinkUnknown(token=f"{{link {number}}}")
