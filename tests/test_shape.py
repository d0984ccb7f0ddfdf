"""The shape of the house: what docs/architecture.md asks and import-linter cannot see."""

import ast
import configparser
import re
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "trainings"
TEMPLATES = ROOT / "templates"
PAPER = {"printing"}  # templates that only the PDF engine reads

NOT_DOMAINS = {"core", "serving", "migrations", "translations", "__pycache__"}
LISTED_FROM, REFUSED_FROM = 300, 400
LONGEST_VIEW = 40
MOST_FILES = 16
DUST = 40
LAYERS = {"views", "cli", "forms", "operations", "writes", "queries", "models", "rules"}
# Small files that stand for their name: a stranger looks for them by it.
SMALL_BUT_NAMED = {
    "trainings/certificates/revocation_operations.py": "revoking: no other file's name says it"
}


@cache
def adapters() -> set[str]:
    """The files that wrap a library, as setup.cfg names them beside the queries."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    lines = config["importlinter:contract:files"]["layers"].splitlines()
    (line,) = (line for line in lines if "queries" in line)
    return set(re.findall(r"\w+", line)) - {"queries"}


@cache
def modules() -> tuple[tuple[Path, ast.Module], ...]:
    """Each file of the package, read once."""
    return tuple(
        (path, ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(PACKAGE.rglob("*.py"))
        if "migrations" not in path.relative_to(PACKAGE).parts
    )


@cache
def walked(tree: ast.Module) -> tuple[ast.AST, ...]:
    """All that a file says, gone through once."""
    return tuple(ast.walk(tree))


@pytest.fixture(scope="module", autouse=True)
def _forgotten() -> Iterator[None]:
    """What was read takes a hundred megabytes, and no other file of tests needs it."""
    yield
    modules.cache_clear()
    walked.cache_clear()


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in walked(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def expect_none(faults: list[str], why: str) -> None:
    assert not faults, why + "\n  " + "\n  ".join(faults)


def test_there_is_something_to_look_at() -> None:
    names = {shown(path) for path, _ in modules()}
    assert {"trainings/app.py", "trainings/core/db.py"} <= names
    assert any(TEMPLATES.rglob("*.html"))


def test_no_file_is_too_long() -> None:
    sources = [path for path, _ in modules()] + sorted((ROOT / "tests").rglob("*.py"))
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources}
    long = sorted(
        (f"{size:4} {shown(path)}" for path, size in sizes.items() if size > LISTED_FROM),
        reverse=True,
    )
    if long:
        listing = f"Files over {LISTED_FROM} lines, to be split by noun:\n  " + "\n  ".join(long)
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            warnings.warn(listing, UserWarning, stacklevel=1)
    expect_none(
        [line for line in long if int(line.split()[0]) > REFUSED_FROM],
        f"Files over {REFUSED_FROM} lines: split them by noun.",
    )


def test_one_place_commits() -> None:
    faults = [
        f"{shown(path)}:{number}"
        for path, _ in modules()
        if path != PACKAGE / "core" / "db.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\.commit\s*\(", line)
    ]
    expect_none(faults, "Only core.db commits; open a transaction() in an operation.")


def test_only_adapters_import_inside_functions() -> None:
    def is_indented_import(node: ast.AST) -> bool:
        return isinstance(node, ast.Import | ast.ImportFrom) and node.col_offset > 0

    faults = [
        f"{shown(path)}:{node.lineno} in {function.name}"
        for path, tree in modules()
        if path.stem.split("_")[-1] not in adapters() and any(map(is_indented_import, walked(tree)))
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    expect_none(faults, "Imports stand at the top; only an adapter may defer a heavy library.")


def test_views_are_short() -> None:
    def is_view(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        return any(
            isinstance(mark, ast.Call)
            and isinstance(mark.func, ast.Attribute)
            and mark.func.attr in {"route", "get", "post"}
            for mark in function.decorator_list
        )

    faults = [
        f"{shown(path)}:{view.lineno} {view.name} has {length} lines"
        for path, tree in modules()
        for view in functions(tree)
        if is_view(view)
        and (length := (view.end_lineno or view.lineno) - view.lineno + 1) > LONGEST_VIEW
    ]
    expect_none(faults, f"A view loads, guards, parses, calls, answers: {LONGEST_VIEW} lines.")


def test_a_layer_is_never_a_folder() -> None:
    faults = [
        shown(path)
        for folder in sorted(PACKAGE.iterdir())
        if folder.is_dir() and folder.name not in NOT_DOMAINS
        for path in sorted(folder.rglob("*.py"))
        if path.parent != folder
    ]
    expect_none(faults, "A domain has files, no folders of code; split it by noun.")


def test_a_domain_can_be_taken_in_at_a_glance() -> None:
    faults = [
        f"{shown(folder)} holds {number} files"
        for folder in sorted(PACKAGE.iterdir())
        if folder.is_dir()
        and folder.name not in NOT_DOMAINS
        and (number := sum(1 for path in folder.glob("*.py") if path.stem != "__init__"))
        > MOST_FILES
    ]
    expect_none(faults, f"A folder holds at most {MOST_FILES} files: it splits by noun.")


def test_no_file_is_dust() -> None:
    """A few lines with one function or class join the neighbour that they serve."""
    faults = {
        shown(path): f"{shown(path)} has {lines} lines"
        for path, tree in modules()
        if path.stem not in LAYERS | adapters() | {"__init__"}
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) < DUST
        and sum(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.body) == 1
    }
    expect_none(
        [fault for name, fault in faults.items() if name not in SMALL_BUT_NAMED],
        f"Under {DUST} lines, and one thing in it: move it into the neighbour it serves.",
    )
    expect_none(sorted(set(SMALL_BUT_NAMED) - set(faults)), "Not small any more: take it out.")


def test_the_formatter_lays_out_every_line() -> None:
    off = re.compile(r"#\s*fmt:\s*(?:skip|off)")
    faults = [
        f"{shown(path)}:{number}"
        for folder in ("trainings", "tests", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if off.search(line)
    ]
    expect_none(faults, "ruff lays out all lines: make the line one that reads well laid out.")


def test_every_package_stands_in_the_layers() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    domains = config["importlinter:contract:domains"]
    assert domains.getboolean("exhaustive")
    named = set(re.findall(r"\w+", domains["layers"])) | {"migrations"}
    there = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    expect_none(sorted(there - named), "A package without a layer: give it one in setup.cfg.")


def test_one_word_stands_for_one_thing() -> None:
    """Four classes were called Standing, two each Move, Page and Look: which one was meant?"""
    named: dict[str, list[str]] = {}
    for path, tree in modules():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and node.name in {"Standing", "Move", "Page", "Look"}:
                named.setdefault(node.name, []).append(shown(path))
    faults = [f"{name}: {', '.join(paths)}" for name, paths in named.items() if len(paths) > 1]
    expect_none(faults, "Name each class by what it is.")


def test_no_drawers_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "common", "misc", "services"}
    faults = [shown(path) for path, _ in modules() if {path.stem, path.parent.name} & drawers]
    expect_none(faults, "Name a file for what it holds.")


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"<[^>]*\sstyle\s*=", "no inline style: the content security policy refuses it"),
        (r"<[^>]*\son[a-z]+\s*=", "no inline handler: the content security policy refuses it"),
        (r"<style[\s>]", "no style block: put it into a stylesheet"),
        (r"<script(?![^>]*\ssrc=)[\s>]", "no inline script: put it into static/"),
        (r"""(?:src|href)\s*=\s*["'](?:https?:)?//""", "nothing from another host"),
    ],
)
def test_templates_are_plain(pattern: str, why: str) -> None:
    faults = [
        f"{shown(path)}:{text.count(chr(10), 0, found.start()) + 1}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        if not PAPER & set(path.relative_to(TEMPLATES).parts)
        for text in [path.read_text(encoding="utf-8")]
        for found in re.finditer(pattern, text, re.IGNORECASE)
    ]
    expect_none(faults, why)


def test_public_names_say_first_what_they_are() -> None:
    faults = []
    for path, tree in modules():
        public = [
            node
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
        ]
        named: list[tuple[str, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]]
        named = [(node.name, node) for node in public]
        if tree.body:
            named.append(("the module", tree))
        for name, node in named:
            lines = (ast.get_docstring(node) or "").splitlines()
            line = getattr(node, "lineno", 1)
            if not lines:
                faults.append(f"{shown(path)}:{line} {name} has no docstring")
            elif not lines[0].endswith((".", "?", ":")) or (len(lines) > 1 and lines[1].strip()):
                faults.append(f"{shown(path)}:{line} {name}: one whole sentence on the first line")
    expect_none(faults, "A docstring says in its first line what it is, in the user's words.")


def test_no_stored_text_is_run_as_a_template() -> None:
    """Organisers' texts know a fixed list of words in braces, replaced in one pass; nothing else.

    ``format`` may fill a constant of the program, written in capitals, and nothing that was read.
    """
    faults = []
    for path, tree in modules():
        for node in walked(tree):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            constant = isinstance(called, ast.Attribute) and (
                isinstance(called.value, ast.Constant)
                or (isinstance(called.value, ast.Name) and called.value.id.isupper())
            )
            if name in {"render_template_string", "from_string", "Template"} or (
                name in {"format", "format_map", "safe_substitute"} and not constant
            ):
                faults.append(f"{shown(path)}:{node.lineno} {name}")
    expect_none(faults, "texts are filled by a template engine:")


def test_no_text_to_be_translated_hides_in_an_f_string() -> None:
    """Python 3.11's f-strings are one token, in which the catalogues' tool finds no text."""
    marks = {"_", "_l", "gettext", "ngettext", "pgettext", "npgettext"}
    expect_none(
        [
            f"{shown(path)}:{call.lineno}"
            for path, tree in modules()
            for text in walked(tree)
            if isinstance(text, ast.JoinedStr)
            for call in ast.walk(text)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id in marks
        ],
        "Texts to be translated within an f-string: say them before it.",
    )


def test_what_must_not_be_readable_is_sought_by_words_long_enough() -> None:
    """Three given letters stand in half a million random bytes once in 34 times: six never do."""
    sought = re.compile(r"""\bb(["'])((?:\\x..|\\.|(?!\1).){1,5})\1 not in """)
    assert sought.search(r'assert b"Ana" not in x') and sought.search(r"b'\x89PNG' not in y")
    assert not sought.search('assert b"Ana Ejemplo" not in x')
    expect_none(
        [
            f"{shown(path)}:{number} {found[2]}"
            for path in sorted((ROOT / "tests").rglob("*.py"))
            if path != Path(__file__)
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            for found in [sought.search(line)]
            if found
        ],
        "sealed bytes hold these by chance; seek six bytes or more:",
    )
