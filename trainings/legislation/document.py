"""The register of laws as a list to be taken out, with the page that says what it is."""

from __future__ import annotations

from trainings.core import clock
from trainings.core.dates import in_full
from trainings.core.i18n import _
from trainings.legislation import queries
from trainings.legislation.import_rules import as_list
from trainings.spreadsheets.taking_rules import TakenList


def taken_list(found: queries.Register) -> TakenList:
    """What counts in the register, for a workbook."""
    head, rows = as_list(queries.listed(found))
    return TakenList(
        title=_("Register of laws"),
        about_name=_("About"),
        about=[
            (_("Written on"), in_full(clock.now().date())),
            (_("Entries"), str(len(rows))),
            (_("An empty answer"), _("means that nothing was found, never “no”.")),
        ],
        name=_("Laws"),
        head=head,
        rows=rows,
    )
