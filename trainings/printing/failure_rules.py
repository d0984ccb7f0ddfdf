"""Why something was not printed, said to a human."""

from trainings.core.i18n import LazyText, _l
from trainings.printing.rules import Reason

SENTENCES: dict[Reason, LazyText] = {
    Reason.TOO_LONG: _l("The page took too long to set and was given up."),
    Reason.TOO_LARGE: _l("The page needed too much memory and was given up."),
    Reason.CRASHED: _l("The printing process ended unexpectedly at this page."),
    Reason.FOREIGN_ADDRESS: _l("The page asked for a file that is not part of this system."),
    Reason.DOES_NOT_FIT: _l(
        "The text is longer than one page holds. Shorten the title, the modules or the"
        " signatories' lines."
    ),
    Reason.NO_GLYPH: _l("The fonts of this system lack a character of this text."),
    Reason.NOT_DRAWN: _l("The page could not be set."),
    Reason.NOT_STARTED: _l(
        "The printing process does not start; ask who runs this system to check it."
    ),
}
