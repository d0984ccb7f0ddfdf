"""The register of laws as a list to be taken out; an answer in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from trainings.core import clock
from trainings.core.dates import in_full
from trainings.core.i18n import _, language, localized
from trainings.legislation import queries
from trainings.legislation.import_rules import as_list
from trainings.legislation.models import LawVersion
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
            (_("An empty answer"), _("Nothing was found. It never means “no”.")),
        ],
        name=_("Laws"),
        head=head,
        rows=rows,
    )


def answer_of(said: Mapping[str, str]) -> tuple[str, str]:
    """An answer in the current language, or in another, which is then named as HTML writes it."""
    text = localized(said)
    if not text or said.get(language()) == text:
        return text, ""
    other = next(code for code, there in said.items() if there == text)
    return text, other.replace("_", "-")


def place_of(version: LawVersion) -> str:
    """Where it stands: *Penal Code, art. 145 bis (2012)*."""
    article = _("art. %(article)s", article=version.article) if version.article else ""
    place = ", ".join(filter(None, (version.law, article)))
    return f"{place} ({version.year})" if version.year else place
