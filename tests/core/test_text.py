"""Text that people type: what is welcome, what goes in silence, what is refused."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainings.core import text
from trainings.core.text import clean, clean_name, pasted

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
    "မြွှေးကျော်ငြိမ်း",  # four marks on one letter
    "ကြွှို့",  # six
    "علی‌رضا",  # Persian, with a joiner that keeps two letters apart
    "ශ්‍රී ලාල්",  # Sinhala, with one that brings them together
    "രാജന്‍",  # Malayalam, with one at the end
    "བསྒྲུབས་",
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
        "\x1b",
        "\x7f",
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
        "\u2061",
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


PASTED = [
    ("Ana\tMaría\n", "Ana María"),
    ("Ana\r\nMaría", "Ana María"),
    ("\ufeffAna\u2028María\u2029", "Ana María"),
    ("Ana\x85\x0b\x0cMaría", "Ana María"),
    ("An\u00ada Ma\u200brí\u2060a", "Ana María"),
    ("Jose\u034f\u0301", "José"),
    ("Ana \u200c \u200dMaría\u200d", "Ana María"),
    ("A\u200dna", "Ana"),
    ("علی\u200c رضا\u200d", "علی رضا"),
    ("علی\u200c\u200c\u200cرضا", "علی\u200cرضا"),
    ("ع\u200cA", "عA"),
    ("ᠠ\u180eA\u180e", "ᠠA"),
]


@pytest.mark.parametrize(("typed", "kept"), PASTED)
def test_what_pasting_brings_along_goes_in_silence(typed, kept):
    assert clean(typed, 60) == clean(kept, 60) == unicodedata.normalize("NFC", kept)
    assert pasted(pasted(typed)) == pasted(typed)
    assert clean(typed.replace("\r", "").replace("\n", "\t"), 60, lines=True).split() == (
        clean(kept, 60).split()
    )


@pytest.mark.parametrize(
    "name", ["Ana 😀", "👍🏽", "\U0001f3fd", "Ana ★", "\uf0b7 Ana", "\u0378", "❤️"]
)
def test_a_name_has_no_pictures(name):
    with pytest.raises(text.PictureInName) as refused:
        clean_name(name, 60)
    assert unicodedata.normalize("NFC", name)[-1] in str(refused.value) or "“" in str(refused.value)


@pytest.mark.parametrize("name", WELCOME)
def test_every_name_passes_as_a_name(name):
    assert clean_name(name, 60) == clean(name, 60)


def test_three_accents_in_a_row_pass_and_four_do_not():
    assert clean("x\u0323\u0332\u0330", 10)
    with pytest.raises(text.TooManyMarks):
        clean("x\u0323\u0332\u0330\u0325", 10)
    assert clean("x\u0323\u0332\u0330y\u0323\u0332\u0330", 10)  # counted letter by letter


PILES = [
    "กิิิิิ",  # one Thai vowel over and over
    "က\u0301\u0301\u0301\u0301",  # Latin accents on a Burmese letter
    "e\u0e34\u0e38\u0e48\u0e4d",  # Thai marks on a Latin letter
    "က" + "\u103b\u103c\u103d\u103e\u102d\u102f\u1037\u1036\u1038",  # more than any word has
    "\u0301\u0302\u0303\u0304",
]


@pytest.mark.parametrize("pile", PILES)
def test_a_pile_of_marks_is_refused_in_every_script(pile):
    with pytest.raises(text.TooManyMarks):
        clean(f"Ana {pile}", 40)


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
    assert clean("one\x0btwo\u2028three", 60, lines=True) == "one\ntwo\nthree"
    with pytest.raises(text.ControlCharacter):
        clean("one\x1btwo", 60, lines=True)
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
