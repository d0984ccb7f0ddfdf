"""What a decision about several candidates will do, said before it is done."""

from __future__ import annotations

from dataclasses import dataclass

from trainings.core.errors import Refusal
from trainings.core.i18n import _, _l, ngettext
from trainings.registrations.rules import Act, Performer

DECISIONS: dict[Performer, frozenset[Act]] = {
    Performer.ORGANISER: frozenset({Act.SELECT, Act.UNSELECT, Act.REJECT, Act.RECONSIDER}),
    Performer.FOCAL_POINT: frozenset({Act.ENDORSE, Act.REJECT, Act.RECONSIDER}),
}


class NobodyChosen(Refusal):
    """A button for the chosen, and none is chosen."""

    sentence = _l("Choose at least one candidate first.")


@dataclass(frozen=True)
class Decision:
    """The words of the page that asks once, and of its button."""

    title: str
    button: str
    sentences: tuple[str, ...]
    with_reason: bool = False
    danger: bool = False


def decision(act: Act, number: int, *, seats: int = 0, until: str = "") -> Decision:
    """What an act will do to a number of candidates.

    ``seats``: how many of the selected get a seat as things stand; ``until``: how long they have.
    """
    match act:
        case Act.SELECT:
            return _selection(number, seats, until)
        case Act.UNSELECT:
            return _unselection(number)
        case Act.REJECT:
            return _rejection(number)
        case Act.ENDORSE:
            return Decision(
                ngettext("Endorse one candidate", "Endorse %(num)s candidates", number),
                ngettext("Endorse the candidate", "Endorse %(num)s candidates", number),
                (
                    _("Each of them gets a mail."),
                    _("The organisers can select them from now on."),
                    _("You can take an endorsement back until they have decided."),
                ),
            )
        case _:
            return _reconsideration(number)


def _selection(number: int, seats: int, until: str) -> Decision:
    waiting = number - seats
    sentences = []
    if seats:
        sentences.append(
            ngettext(
                "One candidate is offered a seat by mail and has until %(until)s to answer.",
                "%(num)s candidates are offered a seat by mail and have until %(until)s to answer.",
                seats, until=until,
            )
        )  # fmt: skip
    if waiting:
        sentences.append(
            ngettext(
                "One goes on the reserve list, because no seat that fits is free, and is told so.",
                "%(num)s go on the reserve list, because no seat that fits is free, "
                "and are told so.",
                waiting,
            )
        )
    if seats:
        button = ngettext("Offer one seat", "Offer %(num)s seats", seats)
        if waiting:
            button = _("%(offer)s, %(number)s in reserve", offer=button, number=waiting)
    else:
        button = ngettext("Put one in reserve", "Put %(num)s in reserve", waiting)
    title = ngettext("Select one candidate", "Select %(num)s candidates", number)
    return Decision(title, button, tuple(sentences))


def _unselection(number: int) -> Decision:
    return Decision(
        ngettext(
            "Take the selection of one candidate back",
            "Take the selection of %(num)s candidates back",
            number,
        ),
        ngettext("Take one selection back", "Take %(num)s selections back", number),
        (
            _("They stand among the endorsed again, and each of them gets a mail."),
            _("Seats that become free are offered to the next on the reserve list at once."),
        ),
        danger=True,
    )


def _rejection(number: int) -> Decision:
    return Decision(
        ngettext("Reject one candidate", "Reject %(num)s candidates", number),
        ngettext("Reject the candidate", "Reject %(num)s candidates", number),
        (
            _("Each of them is told by mail that they were not selected, without the reason."),
            _("A rejection can be taken back later."),
        ),
        with_reason=True,
        danger=True,
    )


def _reconsideration(number: int) -> Decision:
    return Decision(
        ngettext("Reconsider one candidate", "Reconsider %(num)s candidates", number),
        ngettext("Take the rejection back", "Take %(num)s rejections back", number),
        (
            _("Each of them stands where their country had left them, and gets a mail."),
        ),
    )  # fmt: skip


def selected_words(offered: int, reserve: int) -> str:
    """What a selection came to: *9 offered, 3 in reserve*."""
    if offered and reserve:
        return _("%(offered)s offered, %(reserve)s in reserve.", offered=offered, reserve=reserve)
    if offered:
        return ngettext("One seat offered.", "%(num)s seats offered.", offered)
    return ngettext("One put in reserve.", "%(num)s put in reserve.", reserve)


def done_words(act: Act, number: int) -> str:
    """What an act came to, for those that have one outcome."""
    match act:
        case Act.UNSELECT:
            return ngettext(
                "One selection was taken back.", "%(num)s selections were taken back.", number
            )
        case Act.REJECT:
            return ngettext("One candidate rejected.", "%(num)s candidates rejected.", number)
        case Act.ENDORSE:
            return ngettext("One candidate endorsed.", "%(num)s candidates endorsed.", number)
        case Act.RECALL:
            return ngettext(
                "One endorsement taken back.", "%(num)s endorsements taken back.", number
            )
        case _:
            return ngettext(
                "One rejection was taken back.", "%(num)s rejections were taken back.", number
            )
