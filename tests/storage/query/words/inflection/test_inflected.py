"""Forms that words may have in languages without a dictionary."""

import pytest

from storage.query.words import forms
from storage.query.words.inflection import inflected


@pytest.mark.parametrize(
    ("form", "other"),
    [
        ("krakow", "krakowie"),
        ("rynek", "rynku"),
        ("miasto", "miastach"),
        ("praha", "praze"),
        ("secim", "secimlerde"),
        ("sota", "sodan"),
        ("πολεμοσ", "πολεμου"),
        ("ринок", "ринку"),
        ("рука", "руці"),
        ("ממשלה", "ממשלות"),
        ("ضحيه", "ضحايا"),
        ("ضحايا", "ضحيه"),
    ],
)
def test_a_word_has_its_forms(form: str, other: str) -> None:
    assert other in inflected.list_forms(form)


@pytest.mark.parametrize(
    "form",
    ["government", "harbour", "michael", "export", "oil", "x", "42", "covid19", "нефть", "石"],
)
def test_other_words_have_none(form: str) -> None:
    assert inflected.list_forms(form) == ()


def test_the_last_vowel_of_a_short_word_is_not_doubled() -> None:
    assert "sanaa" not in inflected.list_forms("sana")
    assert "hintaa" in inflected.list_forms("hinta")


def test_no_form_is_the_word_itself_or_an_irregular_english_one() -> None:
    for form in ("krakow", "secim", "sal", "fal", "mesto", "talo"):
        found = inflected.list_forms(form)
        assert form not in found
        assert all(len(forms.readings(one)) == 1 for one in found)


def test_forms_are_asked_for_alone_and_never_refused() -> None:
    assert "krakowie" in inflected.list_forms("krakow")
    asked = forms.readings("krakowie")[0]
    assert asked in forms.lexemes_alone("krakow")
    assert asked in forms.expand_alone("krakow")
    assert asked not in forms.lexemes("krakow")
    assert asked not in forms.surely("krakow")
    assert forms.lexemes_alone("government") == forms.lexemes("government")


def test_each_file_s_forms_are_few() -> None:
    words = ("krakow", "secim", "hallitus", "kormany", "orszag", "ministar", "gelir", "asker")
    assert max(len(inflected.list_forms(word)) for word in words) <= 26


@pytest.mark.parametrize(
    ("asked", "strangers"),
    [
        ("orban", "or"),
        ("usa", "use used using"),
        ("ben", "be is was"),
        ("tim", "time times"),
        ("tony", "tons tones"),
        ("diego", "die died"),
        ("victoria", "victory"),
        ("unit", "united unity"),
        ("here", "her he hear"),
        ("matt", "more most matter"),
        ("for", "fan fort"),
        ("biden", "bid bids"),
        ("gaza", "gaz gz"),
        ("iran", "irna"),
        ("abuja", "abu"),
        ("ростех", "рост росте"),
        ("осаго", "оса осы"),
        ("сотрудника", "сотрудница"),
        ("запаха", "запас"),
        ("танка", "танец"),
        ("немка", "немец"),
        ("тгу", "тг"),
    ],
)
def test_a_form_is_no_usual_english_or_russian_word(asked: str, strangers: str) -> None:
    lexemes = forms.lexemes_alone(asked)
    assert [one for one in strangers.split() if not lexemes.isdisjoint(forms.readings(one))] == []
