"""What a decision about several candidates will do, explained before it is done."""

from __future__ import annotations

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import _, _l, ngettext
from trainings.core.permissions import Permission
from trainings.registrations.rules import Act, Performer

DECISIONS: dict[Performer, frozenset[Act]] = {
    Performer.ORGANISER: frozenset(
        {
            Act.SELECT,
            Act.UNSELECT,
            Act.WALK_IN,
            Act.OVERRIDE,
            Act.RECALL,
            Act.REJECT,
            Act.RECONSIDER,
        }
    ),
    Performer.FOCAL_POINT: frozenset(
        {Act.ENDORSE, Act.RECALL, Act.REJECT, Act.RECONSIDER, Act.REPLACE}
    ),
}
# in which role somebody with this right acts on a registration
PERFORMERS = {
    Permission.REGISTRATION_SELECT: Performer.ORGANISER,
    Permission.REGISTRATION_NOMINATE: Performer.FOCAL_POINT,
}


class NobodyChosen(Refusal):
    """The button for chosen candidates was pressed with none chosen."""

    sentence = _l("Choose at least one candidate.")


class Decision(Struct, frozen=True):
    """The text of the confirmation page and its button."""

    title: str
    button: str
    sentences: tuple[str, ...]
    with_reason: bool = False
    danger: bool = False


def decision(
    act: Act, number: int, performer: Performer, *, seats: int = 0, until: str = ""
) -> Decision:
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
                    _("Each of them gets an email."),
                    _("Organisers can select them from now on."),
                    _("You can undo an endorsement until the organisers have decided."),
                ),
            )
        case Act.WALK_IN:
            return Decision(
                ngettext("Seat one person who came", "Seat %(num)s people who came", number),
                ngettext("Seat the person", "Seat %(num)s people", number),
                (
                    _("Each of them has a confirmed seat at once, and gets an email."),
                    _("They are on the attendance lists from now on."),
                ),
            )
        case Act.OVERRIDE:
            return _override(number)
        case Act.RECALL:
            return _recall(number) if performer is Performer.FOCAL_POINT else _unadmission(number)
        case Act.REPLACE:
            return Decision(
                ngettext("Offer a held seat", "Offer %(num)s held seats", number),
                ngettext("Offer the seat", "Offer %(num)s seats", number),
                (
                    ngettext(
                        "One candidate is offered a seat by email and has until %(until)s to "
                        "reply.",
                        "%(num)s candidates are offered a seat by email and have until %(until)s "
                        "to reply.",
                        number,
                        until=until,
                    ),
                ),
            )
        case _:
            return _reconsideration(number)


def _override(number: int) -> Decision:
    return Decision(
        ngettext(
            "Admit one candidate without endorsement",
            "Admit %(num)s candidates without endorsement",
            number,
        ),
        ngettext("Admit the candidate", "Admit %(num)s candidates", number),
        (
            _("You can select them from now on, although their country has not endorsed them."),
            _("Each of them gets an email. The focal point sees it in their list."),
            _("You can undo it until they are selected."),
        ),
        with_reason=True,
    )


def _unadmission(number: int) -> Decision:
    return Decision(
        ngettext(
            "Undo the admission of one candidate",
            "Undo the admission of %(num)s candidates",
            number,
        ),
        ngettext("Undo one admission", "Undo %(num)s admissions", number),
        (
            _("They wait for the endorsement of their country again, and are told."),
            _("You can undo only what the organisers admitted, not an endorsement."),
        ),
    )


def _recall(number: int) -> Decision:
    return Decision(
        ngettext(
            "Undo the endorsement of one candidate",
            "Undo the endorsement of %(num)s candidates",
            number,
        ),
        ngettext("Undo the endorsement", "Undo %(num)s endorsements", number),
        (
            _("They wait for your endorsement again, and each of them gets an email."),
            _("The organisers cannot select them until you endorse them again."),
        ),
    )


def _selection(number: int, seats: int, until: str) -> Decision:
    waiting = number - seats
    sentences = []
    if seats:
        sentences.append(
            ngettext(
                "One candidate is offered a seat by email and has until %(until)s to reply.",
                "%(num)s candidates are offered a seat by email and have until %(until)s to reply.",
                seats,
                until=until,
            )
        )
    if waiting:
        sentences.append(
            ngettext(
                "One candidate goes on the reserve list because no suitable seat is free, and is "
                "told.",
                "%(num)s candidates go on the reserve list because no suitable seat is free, and "
                "are told.",
                waiting,
            )
        )
    if seats:
        button = ngettext("Offer one seat", "Offer %(num)s seats", seats)
        if waiting:
            button = _("%(offer)s, %(number)s on the reserve list", offer=button, number=waiting)
    else:
        button = ngettext("Put one on the reserve list", "Put %(num)s on the reserve list", waiting)
    title = ngettext("Select one candidate", "Select %(num)s candidates", number)
    return Decision(title, button, tuple(sentences))


def _unselection(number: int) -> Decision:
    return Decision(
        ngettext(
            "Undo the selection of one candidate",
            "Undo the selection of %(num)s candidates",
            number,
        ),
        ngettext("Undo one selection", "Undo %(num)s selections", number),
        (
            _("They are endorsed candidates again, and each of them gets an email."),
            _("Seats that become free are offered at once to the next people on the reserve list."),
        ),
        danger=True,
    )


def _rejection(number: int) -> Decision:
    return Decision(
        ngettext("Reject one candidate", "Reject %(num)s candidates", number),
        ngettext("Reject the candidate", "Reject %(num)s candidates", number),
        (
            _("Each of them is told by email that they were not selected, but not why."),
            _("You can undo a rejection later."),
        ),
        with_reason=True,
        danger=True,
    )


def _reconsideration(number: int) -> Decision:
    return Decision(
        ngettext("Reconsider one candidate", "Reconsider %(num)s candidates", number),
        ngettext("Undo the rejection", "Undo %(num)s rejections", number),
        (_("Each of them goes back to the status their country gave them, and gets an email."),),
    )


def selected_words(offered: int, reserve: int) -> str:
    """The outcome of a selection in words: *9 offered, 3 in reserve*."""
    if offered and reserve:
        return _(
            "%(offered)s offered, %(reserve)s on the reserve list.",
            offered=offered,
            reserve=reserve,
        )
    if offered:
        return ngettext("One seat offered.", "%(num)s seats offered.", offered)
    return ngettext("One put on the reserve list.", "%(num)s put on the reserve list.", reserve)


def done_words(act: Act, number: int) -> str:
    """The outcome of an act in words, for acts that have one outcome."""
    match act:
        case Act.UNSELECT:
            return ngettext("One selection undone.", "%(num)s selections undone.", number)
        case Act.REJECT:
            return ngettext("One candidate rejected.", "%(num)s candidates rejected.", number)
        case Act.ENDORSE:
            return ngettext("One candidate endorsed.", "%(num)s candidates endorsed.", number)
        case Act.WALK_IN:
            return ngettext("One person seated.", "%(num)s people seated.", number)
        case Act.REPLACE:
            return ngettext("One seat offered.", "%(num)s seats offered.", number)
        case Act.OVERRIDE:
            return ngettext(
                "One candidate admitted without endorsement.",
                "%(num)s candidates admitted without endorsement.",
                number,
            )
        case Act.RECALL:
            return ngettext("One endorsement undone.", "%(num)s endorsements undone.", number)
        case _:
            return ngettext("One rejection undone.", "%(num)s rejections undone.", number)
