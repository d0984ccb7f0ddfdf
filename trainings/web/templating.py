"""How templates are rendered, and their small parts, of which a page has a hundred: cells, pills.

These are functions, not macros. See docs/decisions/2026-11-29-any-size.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from functools import lru_cache, partial
from types import FunctionType
from typing import Any

from flask import Flask, current_app
from flask.templating import Environment
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from trainings.core.i18n import LazyText, _, catalogues, figures, in_figures, with_colon
from trainings.core.states import Tone, Worded


class DirectContext(Context):
    """Calls a macro or a plain function at once; Jinja asks each first what else it takes."""

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call what a template names; what takes the context goes Jinja's way."""
        kind = type(called)
        if kind is Macro or kind is FunctionType:
            passes = None if kind is Macro else called.__dict__.get("jinja_pass_arg")
            if passes is None or called in _TEXTS:
                kwargs.pop("_block_vars", None)
                kwargs.pop("_loop_vars", None)
                if passes is not None:
                    return called(self.eval_ctx, *args, **kwargs)
                return called(*args, **kwargs)
        return super().call(called, *args, **kwargs)


class DirectEnvironment(Environment):
    """Templates share one dictionary of what all of them can use.

    Jinja gives each a view of it, to which a template may add; to copy that takes forty times as
    long, and each page, each part with context and each word of an email copies it.
    """

    context_class = DirectContext

    def make_globals(self, more: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What a template can use beside what it is given."""
        return {**self.globals, **more} if more else self.globals


@lru_cache(200)
def _looks(classes: str) -> str:
    return f' class="{escape(classes)}"' if classes else ""


def _escaped(value: Any) -> str:
    """As HTML; what is HTML already stays as it is, and no second copy is made of it."""
    return value if type(value) is Markup else escape(value)


def td(
    column: MutableMapping[str, Any],
    value: Any = None,
    classes: str = "",
    caller: Callable[[], str] | None = None,
) -> Markup:
    """One cell of a table: ``td(c.total, 12)``, or what stands in a call block; nothing is a dash.

    On a phone it shows the label of its column. The column that names the row gives its heading.
    """
    begin, end, number = column.get(_CELL) or _cell(column)
    if caller is not None:
        value = caller()
    elif number:
        value = in_figures(value)
    if caller is None and (value is None or value == ""):
        value = "–"
    if number:
        classes = f"n {classes}" if classes else "n"
    return _safe(f"{begin}{_looks(classes)}>{_escaped(value)}{end}")


_CELL = "cell"  # where a column keeps how each of its cells begins and ends


def _cell(column: MutableMapping[str, Any]) -> tuple[str, str, bool]:
    """How the cells of a column begin and end, and whether they hold numbers; said once a page."""
    begin, end = '<th scope="row" role="rowheader"', "</th>"
    if not column.get("head"):
        label = "" if column.get("hide_label") else column.get("label")
        told = f' data-label="{escape(label)}"' if label else ""
        begin, end = f'<td role="cell"{told}', "</td>"
    column[_CELL] = cell = (begin, end, bool(column.get("number")))
    return cell


def pick(choose: Mapping[str, Any], row: Any) -> Markup:
    """The cell with the box of a row; ``choose``: as ``table`` takes it."""
    read = row.__getitem__ if isinstance(row, Mapping) else partial(getattr, row)
    value = read(choose["value"])
    label = escape(_("Choose %(what)s", what=read(choose["label"])))
    ticked = " checked" if value in (choose.get("marked") or ()) else ""
    named = f'name="{escape(choose["name"])}" value="{escape(value)}" aria-label="{label}"'
    box = f'<input type="checkbox" class="form-check-input" {named} data-row-check{ticked}>'
    return _safe(f'<td role="cell" class="pick">{box}</td>')


def pill(state: Worded, number: int | None = None) -> Markup:
    """A state in its own word and colour; ``number``: its place on a reserve list."""
    return tag(state.with_number(number), state.tone)


def tag(text: str | LazyText, tone: Tone | str = Tone.GREY) -> Markup:
    """A pill for what is no state: a count, a role, a note."""
    return _safe(f'<span class="pill pill-{escape(tone)}">{escape(text)}</span>')


def strip(parts: Iterable[tuple[str, int]], of: int) -> Markup:
    """A bar alone: (fill, number) pairs drawn one after the other on a width of ``of``."""
    at, drawn = 0.0, ['<rect class="fill-free" width="100" height="8"/>']
    for fill, number in parts:
        if number and of:
            width = min(100 * number / of, 100 - at)
            place = f'x="{round(at, 2)}" width="{round(width, 2)}"'
            drawn.append(f'<rect class="fill-{escape(fill)}" {place} height="8"/>')
            at = min(at + 100 * number / of, 100)
    look = 'class="strip" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"'
    return _safe(f"<svg {look}>{''.join(drawn)}</svg>")


def seat_bar(confirmed: int, offered: int, seats: int, url: str | None = None) -> Markup:
    """*3/4* beside a small bar; leads to the list behind it."""
    if not seats and not confirmed and not offered:
        return span("–", "soft")
    words = escape(
        _(
            "%(confirmed)s confirmed, %(offered)s offered, %(seats)s seats",
            confirmed=confirmed,
            offered=offered,
            seats=seats,
        )
    )
    begin, end = _cell_of_bar(url, f' title="{words}"')
    numbers = f"<span>{in_figures(confirmed + offered)}/{in_figures(seats)}</span>"
    drawn = strip((("confirmed", confirmed), ("offered", offered)), seats)
    return _safe(f'{begin}{numbers}{drawn}<span class="visually-hidden">{words}</span>{end}')


def share_bar(part: int, whole: int, text: Any, url: str | None = None) -> Markup:
    """A share of any kind: ``share_bar(42, 60, "42/60")``, or with a text of its own, *70 %*."""
    begin, end = _cell_of_bar(url)
    return _safe(f"{begin}<span>{_escaped(text)}</span>{strip([('confirmed', part)], whole)}{end}")


def _cell_of_bar(url: str | None, more: str = "") -> tuple[str, str]:
    if url:
        return f'<a class="cell" href="{escape(url)}"{more}>', "</a>"
    return f'<span class="cell"{more}>', "</span>"


def span(text: Any, classes: str) -> Markup:
    """A text that looks like a name, a code or a date: ``span(row.number, "code")``."""
    return _safe(f"<span{_looks(classes)}>{_escaped(text)}</span>")


def link_to(text: Any, url: str, classes: str = "") -> Markup:
    """A text that leads somewhere; ``classes``: what it looks like."""
    return _safe(f'<a{_looks(classes)} href="{escape(url)}">{_escaped(text)}</a>')


def part(template: str, **values: Any) -> str:
    """A small part of a page by itself, which shows nothing of the page's frame."""
    return current_app.jinja_env.get_template(template).render(values)


def option(value: str, label: Any, *, chosen: bool = False) -> Markup:
    """One line of a list to choose from."""
    said = "selected " if chosen else ""
    return _safe(f'<option {said}value="{escape(value)}">{escape(label)}</option>')


def _safe(html: str) -> Markup:
    """What is written in this file, with all else in it escaped; or a text of a catalogue."""
    return str.__new__(Markup, html)  # Markup() would first ask whether it is HTML already


@pass_eval_context
def _gettext(where: EvalContext, text: str, /, **values: Any) -> str:
    said = catalogues.get_translations().ugettext(text)
    return (_safe(said) if where.autoescape else said) % figures(values)


@pass_eval_context
def _ngettext(where: EvalContext, one: str, many: str, num: int, /, **values: Any) -> str:
    said = catalogues.get_translations().ungettext(one, many, num)
    filled = figures({"num": num, **values})
    return (_safe(said) if where.autoescape else said) % filled


_TEXTS = (_gettext, _ngettext)  # what of the context they take is known before the call


def init_app(app: Flask) -> None:
    """Give templates these parts and the words of the reader's language."""
    words = {"_": _gettext, "gettext": _gettext, "ngettext": _ngettext}
    parts = {"td": td, "pick": pick, "pill": pill, "tag": tag, "span": span, "link_to": link_to}
    bars = {"strip": strip, "seat_bar": seat_bar, "share_bar": share_bar}
    written = {"in_figures": in_figures, "with_colon": with_colon}
    app.jinja_env.globals.update(**parts, **bars, **written, **words)
