"""Which spellings of a name people read as the same, and in which order lists stand."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainings.core.names import folded, name_words, normalised_name, same_name

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
    ("Yıldız", "YILDIZ"),
    ("Łukasz Đặng", "lukasz dang"),
    ("Søren Ħal", "SOREN HAL"),
    ("Þórður Æsa", "thordur aesa"),
    ("Cœur", "COEUR"),
    ("Ɓala Ɗan", "bala dan"),
    ("علي الكعبي", "علی الکعبی"),  # the Arabic and the Persian keyboard
    ("أحمد إبراهيم آدم", "احمد ابراهيم ادم"),
    ("على", "علي"),
    ("ﻋﻠﻲ", "علي"),  # as shapes, which some files hold
    ("שָׁלוֹם", "שלום"),
    ("علی\u200cرضا", "علیرضا"),
    ("ශ්\u200dරී", "ශ්රී"),
    ("രാജന്\u200d", "രാജൻ"),  # the older and the newer way to write it
    ("がとう", "か\u3099とう"),
    ("ｶﾞ", "ガ"),
    ("葛\U000e0100城", "葛城"),
    ("Ольга\u0301", "Ольга"),  # with its stress
    ("٣", "3"),
    ("Ana\tMaría", "Ana María"),
    ("A\u034fna\u200b", "Ana"),
    ("ჯავახი", "ᲯᲐᲕᲐᲮᲘ"),
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
    ("सीता राम", "सती रोम"),
    ("किरण", "करण"),
    ("မောင်မောင်", "မင်းမင်း"),
    ("かか", "がか"),
    ("ハハ", "パパ"),
    ("สมชาย", "สมชย"),
    ("އަހުމަދު", "އހމދ"),  # Thaana writes all its vowels
    ("កុមារ", "កមរ"),
    ("ཀརྨ", "ཀརམ"),
    ("Сергей", "Сергеи"),
    ("Їжак", "Іжак"),
    ("ئازاد", "یازاد"),  # Kurdish: the hamza is a letter's own
    ("مؤمن", "مومن"),
    ("김민준", "김민주"),
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


@given(st.text(max_size=30))
def test_a_folded_name_keeps_its_order(name):
    assert folded(folded(name)) == folded(name)


def test_names_are_ordered_without_accents_and_case():
    names = ["Zapata", "Ñandú", "álvarez", "Nuñez", "Oliva", "Łukasz", "Ærø", "Lima", "de la Cruz"]
    wanted = ["Ærø", "álvarez", "de la Cruz", "Lima", "Łukasz", "Ñandú", "Nuñez", "Oliva", "Zapata"]
    assert sorted(names, key=folded) == wanted
    assert folded("ÁÉÍ") == folded("aei") == "aei"
    assert folded("Дарья") == "дарья"


def test_no_letter_is_lost():
    """Whatever has a sound of its own is still there: only points and accents go."""
    lost = {
        f"U+{code:04X}"
        for code in range(0x110000)
        if unicodedata.category(chr(code)) in ("Lu", "Ll", "Lt", "Lo")
        and not unicodedata.decomposition(chr(code))
        and not name_words(chr(code))
    }
    assert lost == set()
