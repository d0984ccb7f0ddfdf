"""Text that people type: what is welcome, what is refused, which names are the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainings.core import text
from trainings.core.text import clean, name_words, normalised_name, same_name

WELCOME = [
    "O",
    "Ó",
    "N'Djamena O’Higgins",
    "D’Angelo-Núñez y Peña",
    "María de los Ángeles",
    "Nguyễn Thị Ánh",
    "Željko Đặng",
    "Ольга Сергеевна",
    "محمد بن عبد الله",
    "مُحَمَّدٌ",  # vowelled
    "שָׁלוֹם",  # pointed
    "王小明",
    "葛\U000e0100城",  # a Japanese family name with its variant form
    "김민준",
    "สมชาย ใจดี",
    "किरण",
    "ཀརྨ",
    "Ჯავახიშვილი",
    "𐐀𐐁",
    "Jr., 3rd (née O'Neil) & Co. / №5",
]


@pytest.mark.parametrize("name", WELCOME)
def test_names_of_any_script_pass_unchanged(name):
    assert clean(name, 60) == unicodedata.normalize("NFC", name)


def test_composed_trimmed_and_with_plain_spaces():
    assert clean("  Jose\u0301 \u00a0\u2003 Nu\u0301n\u0303ez\u3000", 60) == "José Núñez"
    assert clean("   ", 60) == ""


REFUSED = {
    text.ControlCharacter: [
        "\x00",
        "\x07",
        "\t",
        "\n",
        "\r",
        "\x1b",
        "\x7f",
        "\x85",
        "\u2028",
        "\u2029",
        "\ud800",
        "\ufffe",
        "\uffff",
        "\U0001ffff",
    ],
    text.DirectionCharacter: [
        "\u202a",
        "\u202b",
        "\u202c",
        "\u202d",
        "\u202e",
        "\u2066",
        "\u2067",
        "\u2068",
        "\u2069",
        "\u200e",
        "\u200f",
        "\u061c",
    ],
    text.InvisibleCharacter: [
        "\u200b",
        "\u200c",
        "\u200d",
        "\u2060",
        "\ufeff",
        "\u00ad",
        "\u180e",
        "\u2061",
        "\u034f",
        "\u115f",
        "\u1160",
        "\u3164",
        "\uffa0",
        "\u2800",
        "\u17b4",
        "\U000e0041",
        "\ufff9",
    ],
}


@pytest.mark.parametrize(
    ("refusal", "character"), [(key, one) for key, many in REFUSED.items() for one in many]
)
def test_hidden_and_steering_characters_are_refused_wherever_they_stand(refusal, character):
    for value in (f"Ana{character}María", f"{character}Ana", f"Ana{character}", character):
        with pytest.raises(refusal) as refused:
            clean(value, 60)
        assert f"U+{ord(character):04X}" in str(refused.value)


def test_three_accents_in_a_row_pass_and_four_do_not():
    assert clean("x\u0323\u0332\u0330", 10)
    with pytest.raises(text.TooManyMarks):
        clean("x\u0323\u0332\u0330\u0325", 10)
    assert clean("x\u0323\u0332\u0330y\u0323\u0332\u0330", 10)  # counted letter by letter


def test_the_length_is_counted_after_composing_and_trimming():
    assert clean("e\u0301" * 5 + "   ", 5) == "é" * 5
    with pytest.raises(text.TextTooLong) as refused:
        clean("abcdef", 5)
    assert "6" in str(refused.value)
    assert "5" in str(refused.value)


def test_a_huge_text_is_refused_before_any_work():
    with pytest.raises(text.TextTooLong):
        clean(" " * 1_000_000, 5)


def test_several_lines_only_where_asked_for():
    assert clean(" one\ttwo \r\n\r\nthree\rfour\n", 60, lines=True) == "one two\n\nthree\nfour"
    with pytest.raises(text.ControlCharacter):
        clean("one\x0btwo", 60, lines=True)
    with pytest.raises(text.DirectionCharacter):
        clean("one\n\u202etwo", 60, lines=True)


@given(st.text(max_size=40))
def test_cleaning_twice_is_cleaning_once(value):
    try:
        once = clean(value, 200)
    except text.TextRefused:
        return
    assert clean(once, 200) == once
    assert once == once.strip()
    assert unicodedata.is_normalized("NFC", once)


SAME = [
    ("María Núñez", "MARIA NUNEZ"),
    ("Núñez, María", "María Núñez"),
    ("Jean-Luc O'Brien", "jean luc obrien"),
    ("Jean‐Luc O’Brien", "O'BRIEN Jean–Luc"),
    ("Weiß", "WEISS"),
    ("İnci", "inci"),
    ("Ｍａｒｉａ", "maria"),
    ("Ёлкина Ольга", "ольга елкина"),
    ("مُحَمَّد علي", "محمد علـي"),
    ("王 小明", "小明 王"),
    ("김 민준", "김 민준"),
    ("Σοφός", "ΣΟΦΟΣ"),
]
DIFFERENT = [
    ("María Núñez", "María"),
    ("María", "María Núñez"),
    ("Ana Ana", "Ana"),
    ("Ana María", "Anamaría"),
    ("Ana", "Anna"),
    ("王小明", "王小红"),
    ("", ""),
    ("-", "'"),
    (" ", "Ana"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_that_people_read_as_the_same(one, other):
    assert same_name(one, other)
    assert same_name(other, one)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_that_are_not_the_same(one, other):
    assert not same_name(one, other)
    assert not same_name(other, one)


def test_the_blind_index_takes_a_whole_name_in_either_order():
    key = normalised_name("María José", "Núñez O'Neil")
    assert key == "jose maria nunez oneil"
    assert normalised_name("NUNEZ ONEIL", "Maria Jose") == key
    assert normalised_name("María", "Núñez O'Neil") != key


@given(st.text(max_size=30))
def test_folding_a_folded_name_changes_nothing(name):
    words = name_words(name)
    assert name_words(" ".join(words)) == words
