"""Pages of the register of laws: what is there, one country, one entry, laws side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from trainings.core import config, paging
from trainings.core.i18n import countries, country_name, localized
from trainings.legislation import compare_rules, document, import_rules, queries, rules
from trainings.legislation.document import Said, answer_of, taken_list
from trainings.legislation.models import LawTopic, LawVersion
from trainings.legislation.queries import Register
from trainings.legislation.rules import Mark, Picture
from trainings.spreadsheets import workbook
from trainings.web.access import ask_to_sign_in, public, viewer
from trainings.web.forms import Form

bp = Blueprint("legislation", __name__, url_prefix="/legislation")

A_PAGE = 40  # countries
MOST_FOUND = 100


@bp.app_template_global()
def law_said(version: LawVersion | None) -> Said:
    """What a version says to the reader; nothing where nothing was found."""
    return answer_of(version.said if version is not None else {})


def _closed() -> ResponseReturnValue | None:
    """Leads visitors to sign in, unless the installation shows the register to everyone."""
    if viewer().is_anonymous and not config.settings().laws_public:
        return ask_to_sign_in()
    return None


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """Which countries are there, and how far each entry can be relied on; or what was searched."""
    if (closed := _closed()) is not None:
        return closed
    own = rules.own_countries(viewer(), rules.EDIT)
    shown = [code for code, _name in countries([*{*queries.countries_there(), *own}])]
    words = compare_rules.words_of(request.args.get("q", ""))
    mark = request.args.get("mark", "")
    looked_at = queries.register() if words or mark in list(Mark) else None
    if looked_at is not None and mark in list(Mark):
        shown = [code for code in shown if any(m == mark for m in _marks(looked_at, code))]
    page = paging.within(request.args.get("page", 1, type=int), len(shown), A_PAGE)
    here = shown[(page - 1) * A_PAGE : page * A_PAGE]
    found = looked_at or queries.register(here or ["-"])
    return render_template(
        "legislation/index.html",
        register=found,
        shown=here,
        page=page,
        pages=paging.pages(len(shown), A_PAGE),
        counts={code: _counts(found, code) for code in here},
        names={code: country_name(code) for code in here},
        titles={one.code: localized(one.titles) for one in found.topics},
        words={one: str(one.label) for one in Mark},
        mark=mark,
        marks=list(Mark),
        mark_choices=[(one.value, one.label) for one in Mark],
        searched=request.args.get("q", ""),
        results=_search(found, words) if words else None,
        own=own,
        keeps=bool(own) or rules.keeps_all(viewer()),
        keeps_all=rules.keeps_all(viewer()),
        may_name=bool(rules.own_countries(viewer(), rules.NAME)),
    )


def _marks(found: Register, country: str) -> list[Mark]:
    return [found.at(country, one.code).mark for one in found.topics]


def _counts(found: Register, country: str) -> dict[str, int]:
    marks = _marks(found, country)
    return {one.value: marks.count(one) for one in Mark} | {
        "waiting": sum(found.at(country, one.code).proposed is not None for one in found.topics)
    }


def _search(found: Register, words: Sequence[str]) -> list[tuple[str, LawTopic, LawVersion]]:
    """The entries in which all words stand, whatever their accents; the first hundred."""
    titles = {one.code: localized(one.titles) for one in found.topics}
    hits = []
    for country in found.countries:
        name = country_name(country)
        for topic in found.topics:
            current = found.at(country, topic.code).current
            if current is None:
                continue
            parts = (current.law, current.article, current.source_title, current.note)
            whole = " ".join((name, titles[topic.code], *current.said.values(), *parts))
            if compare_rules.has_words(whole, words):
                hits.append((country, topic, current))
                if len(hits) == MOST_FOUND:
                    return hits
    return hits


@bp.get("/<country>")
@public
def country(country: str) -> ResponseReturnValue:
    """What the law of one country says, topic by topic."""
    if (closed := _closed()) is not None:
        return closed
    return render_template(
        "legislation/country.html",
        country=queries.country_there(country),
        register=queries.register([country]),
        keeps=rules.keeper_of(viewer(), country) is not None,
    )


@bp.get("/<country>/<topic>")
@public
def entry(country: str, topic: str) -> ResponseReturnValue:
    """One entry with its source, the change that waits, and every earlier version."""
    if (closed := _closed()) is not None:
        return closed
    about = queries.topic(topic)
    versions = queries.versions_of(queries.country_there(country), topic)
    here = queries.entry_of(versions)
    keeper = rules.keeper_of(viewer(), country)
    waiting = here.proposed if keeper is not None else None
    return render_template(
        "legislation/entry.html",
        country=country,
        topic=about,
        here=here,
        mark=here.mark,
        keeper=keeper,
        waiting=waiting,
        own=waiting is not None and waiting.by == viewer().account_id,
        changes=_changes(here.current, waiting) if waiting is not None else [],
        history=_history(versions, keeper is not None),
        labels=rules.LABELS,
        button=Form() if keeper is not None else None,
        is_own=here.current is not None and here.current.by == viewer().account_id,
    )


def _changes(before: LawVersion | None, after: LawVersion) -> list[rules.Differing]:
    return rules.differences(before.text if before else rules.LawText(), after.text)


def _history(versions: Sequence[LawVersion], keeps: bool) -> list[dict[str, Any]]:
    """Each version that ever counted, the newest first, with what it changed.

    Who keeps the entry sees what was not taken, too.
    """
    taken = [one for one in versions if keeps or one.standing in rules.COUNTED]
    found = []
    for number, one in enumerate(taken):
        counted = (other for other in taken[number + 1 :] if other.standing in rules.COUNTED)
        before = next(counted, None)
        found.append({"version": one, "changes": _changes(before, one) if before else []})
    return found


@bp.get("/compare")
@public
def compare() -> ResponseReturnValue:
    """Two to nine countries side by side, topic by topic, with what differs."""
    if (closed := _closed()) is not None:
        return closed
    topics = queries.topics()
    there = queries.countries_there()
    args = request.args
    asked = compare_rules.asked_of(
        args.getlist("countries"), args.getlist("topics"), there, [one.code for one in topics]
    )
    found = queries.entries(asked.countries, asked.topics)
    base = args.get("base", "").upper()
    base = base if base in asked.countries else ""
    names = dict(countries(asked.countries))
    return render_template(
        "legislation/compare.html",
        asked=asked,
        parts=[
            (one, document.cards(found, one, names, asked.countries, base))
            for one in topics
            if one.code in asked.topics
        ],
        names=names,
        all_topics=topics,
        there=countries(there),
        base=base,
        named=bool(args.getlist("topics")),
        enough=len(asked.countries) >= compare_rules.FEWEST,
        left_out=[name for _code, name in countries(asked.left_out)],
    )


@bp.get("/topics/<topic>")
@public
def topic(topic: str) -> ResponseReturnValue:
    """One topic in all countries: drawn, where it can be, and as a table."""
    if (closed := _closed()) is not None:
        return closed
    about = queries.topic(topic)
    drawn = about.picture
    there = [code for code, _name in countries()]
    wished = compare_rules.asked_of(request.args.getlist("countries"), (), there, ()).countries
    timed = [one.code for one in queries.topics() if one.picture is Picture.TIME]
    found = queries.entries(wished, timed if drawn is Picture.TIME else [topic])
    shown = [code for code, _name in countries([place[0] for place in found if place[1] == topic])]
    entries = {code: found[code, topic] for code in shown}
    return render_template(
        "legislation/topic.html",
        topic=about,
        topics=queries.topics(),
        wished=wished,
        entries=entries,
        terms=document.terms(entries) if drawn is Picture.RANGE else None,
        may_edit=rules.keeps_all(viewer()),
        line_drawn=document.line(found, shown, timed) if drawn is Picture.TIME else None,
    )


@bp.get("/laws.<any(csv,xlsx):kind>")
@public
def taken(kind: str) -> ResponseReturnValue:
    """The register as a file, in the columns that can be read in again."""
    if (closed := _closed()) is not None:
        return closed
    found = queries.register()
    if kind == "xlsx":
        body, mimetype = workbook.xlsx(taken_list(found)), workbook.XLSX
    else:
        head, rows = import_rules.as_list(queries.listed(found))
        body, mimetype = workbook.plain_csv(head, rows), "text/csv"
    name = {"Content-Disposition": f'attachment; filename="laws.{kind}"'}
    return Response(body, mimetype=mimetype, headers=name)
