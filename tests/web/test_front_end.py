"""What the pages' stylesheets and scripts promise each other, read from their files."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from trainings.core.config import ROOT

CSS = ROOT / "static" / "css"
JS = ROOT / "static" / "js"
TEMPLATES = ROOT / "templates"
TIMETABLE = "timetable/"
SCREEN = "screen/"  # the page in the lobby, which has a frame of its own
PAGE_PARTS = sorted(path.stem for path in (CSS / "pages").glob("*.css"))
# What a page holds that needs one of the stylesheets of few pages.
HOLDS = {
    "screen": r'class="screen-main"',
    "agenda_import": r"class=\"import-rows",
    "agenda": r"\bday_grid\(|agenda/_days",
    "attendance": r"\bpresence\(|class=\"presences",
    "certificates": r"specimen-place|printed-name",
    "availability": r"availability/_shown\.html",
    "legislation": r"legislation/_laws\.html|law-",
    "materials": r"materials/_(?:files|days)\.html",
    "network": r"networks/_shown\.html|class=\"[^\"]*network-",
    "programme": r"programmes/_lessons\.html|class=\"lesson-",
    "room": r"tables/_table\.html",
    "selection": r"class=\"[^\"]*selection-table|saved_views/_line\.html",
    "timetable": r"agenda/_timetable\.html",
}


def named(folder: Path, ending: str) -> set[str]:
    return {
        path.relative_to(folder).as_posix().removesuffix(ending)
        for path in folder.rglob(f"*{ending}")
    }


def linked(page: str, pattern: str) -> list[str]:
    return re.findall(pattern, page)


@pytest.fixture
def page(client: FlaskClient) -> str:
    return client.get("/sign-in").text


def test_every_page_links_each_stylesheet_once(page: str) -> None:
    links = linked(page, r'rel="stylesheet"[^>]* href="/static/css/([\w/]+)\.css"')
    assert sorted(links) == sorted(
        name for name in named(CSS, ".css") if not name.startswith("pages/")
    )


def test_every_module_is_fetched_ahead_or_is_the_first(page: str) -> None:
    ahead = linked(page, r'rel="modulepreload" href="/static/js/([\w/]+)\.js"')
    first = linked(page, r'<script type="module" src="/static/js/([\w/]+)\.js"')
    assert first == ["start"]
    everywhere = {one for one in named(JS, ".js") if not one.startswith((TIMETABLE, SCREEN))}
    assert sorted(ahead + first) == sorted(everywhere)


def test_the_timetable_is_fetched_where_it_is_shown_and_nowhere_else(page: str) -> None:
    assert TIMETABLE not in page
    shown = (TEMPLATES / "agenda_versions/show.html").read_text(encoding="utf-8")
    ahead = set(re.findall(r"[a-z]+", shown.split("{%- for module in (")[1].split(")")[0]))
    its_own = {one.removeprefix(TIMETABLE) for one in named(JS, ".js") if one.startswith(TIMETABLE)}
    assert ahead == its_own - {"editor"}


def test_the_screens_modules_are_fetched_by_the_screen_alone(page: str) -> None:
    assert SCREEN not in page
    shown = (TEMPLATES / "screens/show.html").read_text(encoding="utf-8")
    asked = set(re.findall(r"filename='js/([\w/]+)\.js'", shown))
    assert asked == {one for one in named(JS, ".js") if one.startswith(SCREEN)}


def test_every_behaviour_is_started() -> None:
    text = (JS / "start.js").read_text(encoding="utf-8")
    imports = dict(re.findall(r'import \* as (\w+) from "\./behaviours/(\w+)\.js"', text))
    assert set(imports.values()) == {path.stem for path in (JS / "behaviours").glob("*.js")}
    found = re.search(r"const behaviours = \[([^]]+)\]", text)
    assert found
    assert set(re.findall(r"\w+", found[1])) == set(imports)


def test_every_rule_lies_in_its_layer() -> None:
    order = re.search(r"@layer ([\w, ]+);", (CSS / "tokens.css").read_text(encoding="utf-8"))
    assert order
    for path in sorted(CSS.rglob("*.css")):
        if path.stem == "fonts":  # typefaces are in no cascade
            continue
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        layer = "pages" if path.parent.name == "pages" else path.stem
        assert layer in order[1].split(", ")
        outside = re.findall(r"^(?!@layer)[^\s}].*", text, re.MULTILINE)
        assert outside == [], path
        assert re.findall(r"^@layer (\w+) \{", text, re.MULTILINE) == [layer]


def test_what_a_stylesheet_names_is_there(client: FlaskClient) -> None:
    found = 0
    for path in sorted(CSS.rglob("*.css")):
        folder = f"/static/{path.parent.relative_to(ROOT / 'static').as_posix()}/"
        text = path.read_text(encoding="utf-8")
        for address in re.findall(r"""url\(["']?(?!data:)([^"')]+)""", text):
            answer = client.get(urljoin(folder, address))
            assert answer.status_code == 200, (path.name, address)
            answer.close()
            found += 1
    assert found > 10


def test_bootstrap_lies_in_the_lowest_layer_and_comes_after_their_order(page: str) -> None:
    links = linked(page, r'rel="stylesheet"[^>]* href="([^"]+)"')
    assert links[:2] == ["/static/css/tokens.css", "/static/vendor/bootstrap/bootstrap.css"]
    tokens = (CSS / "tokens.css").read_text(encoding="utf-8")
    assert re.search(r"^@layer (\w+),", tokens, re.MULTILINE)[1] == "bootstrap"  # type: ignore[index]
    sheet = (ROOT / "static/vendor/bootstrap/bootstrap.css").read_text(encoding="utf-8")
    assert sheet.startswith("@layer bootstrap {\n/*!")
    assert sheet.endswith("\n}\n")
    assert sheet.count("{") == sheet.count("}") > 1000


def test_the_stylesheets_of_few_pages_are_all_asked_after() -> None:
    assert set(HOLDS) == set(PAGE_PARTS)


@pytest.mark.parametrize("part", PAGE_PARTS)
def test_a_page_links_what_it_holds(part: str) -> None:
    holding = 0
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        whole = "extends" in text or "<!DOCTYPE" in text
        partial = path.name.startswith("_") or not whole
        if partial or not re.search(HOLDS[part], text):
            continue
        holding += 1
        assert f'page_styles("{part}")' in text, path
    assert holding
