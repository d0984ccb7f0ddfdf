"""What a file is called when it leaves, whatever it was called when it came."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainings.uploads import rules
from trainings.uploads.rules import FileKind


@pytest.mark.parametrize(
    ("given", "called"),
    [
        ("Módulo 1.pdf", "Módulo 1"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ana\\plan.docx", "plan"),
        ("a/b\\c.pptx", "c"),
        ("x\u202efdp.exe.pdf", "x fdp.exe"),
        ("  .  hidden .pdf", "hidden"),
        ("con.pdf", "con_"),
        ('"quoted"\r\nSet-Cookie: a.pdf', "quoted Set-Cookie a"),
        ("v1.2 final.xlsx", "v1.2 final"),
    ],
)
def test_a_name_is_safe_in_any_folder(given: str, called: str) -> None:
    assert rules.safe_name(given) == called


@pytest.mark.parametrize("given", ["", ".pdf", "///", " . ", "\x00.png", "…/"])
def test_a_name_with_nothing_in_it_is_refused(given: str) -> None:
    with pytest.raises(rules.NameMissing):
        rules.safe_name(given)


@given(st.text(min_size=1, max_size=300))
def test_whatever_is_typed_becomes_no_path(given: str) -> None:
    try:
        name = rules.safe_name(given)
    except rules.NameMissing:
        return
    assert 0 < len(name) <= rules.LONGEST_NAME + 1
    assert not set(name) & set('/\\<>:"|?*\r\n\t\x00')
    assert name == name.strip(". ")
    assert unicodedata.normalize("NFC", name) == name


def test_two_files_of_one_name_are_told_apart() -> None:
    names = ["a/Plan.pdf", "a/plan.PDF", "a/Plan.pdf", "b/Plan.pdf", "a/Plan (2).pdf"]
    found = rules.unique(names)
    assert found[0] == "a/Plan.pdf"
    assert found[3] == "b/Plan.pdf"
    assert len({one.casefold() for one in found}) == len(names)


def test_each_kind_has_an_ending_of_its_own() -> None:
    assert len(rules.ENDINGS) == len(set(rules.ENDINGS))
    assert set(rules.MEDIA_TYPES) == set(FileKind)
