"""The forms of a page as a browser would send them: each field with what stands in it."""

from __future__ import annotations

from html.parser import HTMLParser

Fields = dict[str, list[str]]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Fields] = []
        self.texts: list[set[str]] = []  # of each form, the names of its fields of text
        self._within: Fields | None = None
        self._text = self._select = ""
        self._first: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self._within = {}
            self.forms.append(self._within)
            self.texts.append(set())
        if self._within is None:
            return
        name, value = found.get("name") or "", found.get("value") or ""
        if tag == "input" and name and found.get("type") not in ("file", "submit"):
            if found.get("type") not in ("checkbox", "radio") or "checked" in found:
                self._within.setdefault(name, []).append(value)
            if found.get("type") in ("text", "email", "tel") and "readonly" not in found:
                self.texts[-1].add(name)
        elif tag == "textarea":
            self._text = name
            self.texts[-1].add(name)
            self._within[name] = [""]
        elif tag == "select":
            self._select, self._first = name, None if "multiple" in found else ""
        elif tag == "option" and self._select:
            if self._first == "":
                self._first = value
                self._within[self._select] = [value]
            if "selected" in found:
                if self._first is not None:
                    self._within[self._select] = []
                self._within.setdefault(self._select, []).append(value)

    def handle_data(self, data: str) -> None:
        if self._within is not None and self._text:
            self._within[self._text][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._within = None
        elif tag == "textarea":
            if self._within is not None and self._text:
                self._within[self._text][0] = (
                    self._within[self._text][0].removeprefix("\n").removeprefix("\r\n")
                )
            self._text = ""
        elif tag == "select":
            self._select = ""


def forms_in(page: str) -> list[tuple[Fields, set[str]]]:
    """The fields of each form, and the names of those of text."""
    parser = _Forms()
    parser.feed(page)
    return list(zip(parser.forms, parser.texts, strict=True))


def form_with(page: str, name: str) -> Fields:
    """The fields of the page's form that has a field of this name."""
    return next(fields for fields, _texts in forms_in(page) if name in fields)
