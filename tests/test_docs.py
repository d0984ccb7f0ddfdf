"""The pages for engineers are true: the map, the security numbers, links, and what they name."""

import ast
import configparser
import re
from functools import cache
from pathlib import Path

import pytest

import trainings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md"))]
SECURITY = (DOCS / "security.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`((?:trainings/)?\w+(?:/\w+)*\.py):(\w+)`")


def layers() -> list[set[str]]:
    """The map as the linter keeps it, the top line first."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    text = config["importlinter:contract:domains"]["layers"]
    return [set(re.split(r"\s*\|\s*", line)) for line in text.split("\n") if line]


@cache
def defined(path: Path) -> set[str]:
    """What a module defines at its top level."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names


def missing(file: str, name: str) -> bool:
    """Whether a page names a function or class that its module does not define."""
    path = ROOT / "trainings" / file.removeprefix("trainings/")
    return not path.is_file() or name not in defined(path)


def rows(letter: str) -> dict[str, str]:
    """The rows of the tables of security.md by their number."""
    found = re.findall(rf"^\| ({letter}\d+) \|(.*)$", SECURITY, re.MULTILINE)
    assert len(found) == len(dict(found)), "a number stands twice"
    return dict(found)


def test_the_drawn_map_is_the_one_the_linter_keeps() -> None:
    drawing = (DOCS / "architecture.md").read_text(encoding="utf-8").split("```")[1]
    known = set().union(*layers())
    drawn = []
    for line in re.findall(r"^ │ (.*?)(?:  | │)", drawing, re.MULTILINE):
        names = {name.strip() for name in line.split("|")}
        if names <= known:
            drawn.append(names)
    assert drawn == layers()


def test_the_docstring_of_the_package_shows_the_same_map() -> None:
    text = (trainings.__doc__ or "").split("\n\n")[2]
    drawn = [set(re.split(r"\s*\|\s*", line)) for line in re.split(r"\s*->\s*", text.strip())]
    assert drawn == layers()


@pytest.mark.parametrize(
    "document", PAGES, ids=lambda document: document.relative_to(ROOT).as_posix()
)
def test_what_a_page_links_to_and_names_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    faults = [
        link
        for link in links
        if "://" not in link and not (document.parent / link).resolve().exists()
    ]
    faults += [f"{file}:{name}" for file, name in NAMED.findall(text) if missing(file, name)]
    assert not faults


def test_security_has_a_row_for_each_number() -> None:
    assert list(rows("S")) == [f"S{number}" for number in range(1, 52)]
    assert list(rows("F")) == [f"F{number}" for number in range(1, 18)]


def test_each_rule_names_a_test_or_says_not_yet() -> None:
    silent = [
        number
        for number, row in rows("S").items()
        if "::test_" not in row and "Not yet" not in row and not re.search(r"\bF\d+\b", row)
    ]
    assert not silent


def test_each_test_that_security_names_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", SECURITY)
    assert len(named) > 50
    assert not [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / file).is_file() or name not in defined(ROOT / file)
    ]


def test_each_row_of_security_names_tests_by_path_and_name() -> None:
    text = "\n".join([*rows("S").values(), *rows("F").values()])
    named = re.findall(r"`([^`]*test_\w+\.py[^`]*)`", text)
    assert not [name for name in named if not re.fullmatch(r"tests/[\w/]+\.py::test_\w+", name)]


def test_each_number_that_the_code_cites_is_in_security() -> None:
    known = {*rows("S"), *rows("F")}
    sources = [*(ROOT / "trainings").rglob("*.py"), *(ROOT / "docs" / "decisions").glob("*.md")]
    cited = {
        (path.relative_to(ROOT).as_posix(), number)
        for path in sources
        for number in re.findall(r"\b[SF]\d{1,2}\b", path.read_text(encoding="utf-8"))
    }
    assert ("trainings/verification/rules.py", "S17") in cited
    assert not {(path, number) for path, number in cited if number not in known}


def test_each_decision_is_linked_from_what_it_explains() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "trainings").rglob("*.py")]
    linked = {page for text in sources for page in re.findall(r"docs/decisions/([\w-]+\.md)", text)}
    there = {path.name for path in (DOCS / "decisions").glob("*.md")}
    assert linked == there - {"dependencies.md"}  # that one explains the lock files
