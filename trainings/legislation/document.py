"""The register of laws in the reader's language: answers, side by side, drawn, as a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from trainings.core import clock
from trainings.core.dates import in_full
from trainings.core.i18n import _, language, localized
from trainings.legislation import compare_rules, queries
from trainings.legislation.import_rules import as_list
from trainings.legislation.models import LawTopic, LawVersion
from trainings.legislation.queries import Entry, Place
from trainings.legislation.rules import Mark
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


class Said(NamedTuple):
    """An answer in the reader's language, or in another, which the page then names."""

    text: str
    lang: str  # as HTML writes it; empty: that of the page


def answer_of(said: Mapping[str, str]) -> Said:
    """An answer in the current language, or in another, which is then named as HTML writes it."""
    text = localized(said)
    if not text or said.get(language()) == text:
        return Said(text, "")
    other = next(code for code, there in said.items() if there == text)
    return Said(text, other.replace("_", "-"))


def place_of(version: LawVersion) -> str:
    """Where to find it: *Penal Code, art. 145 bis (2012)*."""
    article = _("art. %(article)s", article=version.article) if version.article else ""
    place = ", ".join(filter(None, (version.law, article)))
    return f"{place} ({version.year})" if version.year else place


class Card(NamedTuple):
    """What one country says on a topic, beside the others."""

    country: str
    name: str
    said: Said
    pieces: Sequence[tuple[str, bool]]  # the answer; those marked differ from the chosen country's
    place: str
    mark: Mark
    note: str
    differs: bool


def cards(
    found: dict[Place, Entry],
    topic: LawTopic,
    names: dict[str, str],
    chosen: Sequence[str],
    base: str,
) -> list[Card]:
    """The answers of the chosen countries on a topic, in their order."""
    entries = {code: found.get((code, topic.code), Entry()) for code in chosen}
    said = {
        code: answer_of(one.shown.said if one.shown is not None else {})
        for code, one in entries.items()
    }
    differing = compare_rules.differing({code: one.text for code, one in said.items()})
    beside = []
    for code, one in entries.items():
        text = said[code].text
        against = base and code != base
        beside.append(
            Card(
                code,
                names[code],
                said[code],
                compare_rules.marked(text, said[base].text) if against else [(text, False)],
                place_of(one.shown) if one.shown is not None else "",
                one.mark,
                one.current.note if one.current is not None else "",
                code in differing,
            )
        )
    return beside


def terms(entries: dict[str, Entry]) -> dict[str, Any]:
    """Prison terms by country, read from one language so that the picture is the same in all."""
    by = {
        code: compare_rules.terms_of(localized(one.shown.said, "en")) if one.shown else []
        for code, one in entries.items()
    }
    scale = compare_rules.scale_for(term for some in by.values() for term in some)
    return {"by": by, "scale": scale, "ticks": compare_rules.ticks(0, scale)}


def line(found: dict[Place, Entry], shown: Sequence[str], timed: Sequence[str]) -> dict[str, Any]:
    """The years that the laws of each country name, by topic."""
    years = {
        code: [
            (topic, compare_rules.years_of(localized(one.said, "en"), one.year))
            for topic in timed
            if (one := found.get((code, topic), Entry()).shown) is not None
        ]
        for code in shown
    }
    whole = [year for some in years.values() for _topic, each in some for year in each]
    ticks = compare_rules.ticks(min(whole), max(whole)) if whole else []
    titles = {one.code: localized(one.titles) for one in queries.topics()}
    return {"by": years, "ticks": ticks, "titles": {code: titles[code] for code in timed}}
