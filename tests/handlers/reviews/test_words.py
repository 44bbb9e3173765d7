"""The words of a post, and its names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reviews.words import LETTERS, find_name, is_furniture, read_words, shown_form


@pytest.mark.parametrize(
    ("text", "words", "names"),
    [
        ("The ferry sails to Lisvik", {"ferri", "sail", "lisvik"}, {"lisvik"}),
        ("Lisvik waits. Ferries wait", {"lisvik", "wait", "ferri"}, set()),
        ("В порту Энска бастуют паромы", {"порт|порту", "энск", "бастовать", "паром"}, {"энск"}),
        ("Паромы! Паромов", {"паром"}, set()),
        ("After 25 percent in May, on Monday, two days", set(), set()),
        ("В январе, во вторник, пять процентов", set(), set()),
        ("See https://example.org/Ferry or @ferry_news", {"see"}, set()),
        ("Says «Lisvik»", {"lisvik"}, set()),
        ("ЕС и ЦБ", {"ес", "цб"}, {"цб"}),
        ("it is up to us", set(), set()),
        ("", set(), set()),
    ],
)
def test_words_are_lexemes_and_names_stand_in_capitals(
    text: str, words: set[str], names: set[str]
) -> None:
    said = read_words(text)
    assert set(said.words) == words
    assert set(said.names) == names


@pytest.mark.parametrize(
    ("lexeme", "texts", "shown"),
    [
        ("паром", ["Парома нет", "о пароме", "паромов"], "паром"),
        ("москва", ["Власти Москвы", "в Москве"], "Москва"),
        ("нато", ["Страны НАТО"], "НАТО"),
        ("ferri", ["two ferries", "no ferry", "the ferry", "a ferry"], "ferry"),
        ("lisvik", ["to Lisvik"], "Lisvik"),
        ("паром", [], "паром"),
    ],
)
def test_a_word_is_shown_as_the_dictionary_has_it(
    lexeme: str, texts: list[str], shown: str
) -> None:
    assert shown_form(lexeme, texts) == shown


@pytest.mark.parametrize(
    ("lexeme", "texts", "name"),
    [
        ("brandt", ["Harbour master Ida Brandt says", "as Ida Brandt said"], "Ida Brandt"),
        ("brandt", ["the brandt", "a brandt", "by Brandt"], None),
        ("brandt", ["THE BRANDT SAILS AGAIN TODAY", "THE BRANDT"], None),
        ("brandt", ["Brandt sails", "Brandt is late"], None),
        ("примеров", ["капитан Анна Примерова", "Капитан Анна Примерова"], "Анна Примерова"),
        ("рыбинск", ["в Рыбинске", "из Рыбинска"], "Рыбинск"),
        ("фуксмен", ["президент Франции Жан Фуксмен"], "Жан Фуксмен"),
    ],
)
def test_a_name_is_whole_and_is_one(lexeme: str, texts: list[str], name: str | None) -> None:
    assert find_name(lexeme, texts) == name


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    said = read_words(text)
    assert said.names <= said.words
    for word in said.words:
        assert shown_form(word, [text])
        find_name(word, [text])


def test_the_beginning_of_a_long_text_is_read() -> None:
    assert read_words("ferry " * LETTERS + "crane").words == {"ferri"}


@pytest.mark.parametrize(
    ("texts", "is_one"),
    [
        ([f"Crane {n} fell\nThe Ferry Club: join" for n in range(4)], True),
        ([f"Ferry {n} is late\nThe Ferry Club: join" for n in range(4)], False),
        (["A ferry is late today"] * 5, False),  # an alarm that recurs whole
        ([f"Ferry {n} is late" for n in range(4)], False),
        ([f"Crane {n} fell\nThe Ferry Club: join" for n in range(2)], False),
    ],
)
def test_what_stands_below_all_posts_is_furniture(texts: list[str], is_one: bool) -> None:
    assert is_furniture("ferri", texts) == is_one
