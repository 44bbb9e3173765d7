"""Russian words by the dictionary: names, kinds of words, and what it lacks by its endings."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import asked_pairs
import pytest

from storage.query.words import analysis, russian

FUNCTION_WORDS = """
    благодаря включая весь для из конечно меж мой надо обо:о об:о подобно после посредством при
    сами:сам со:с согласно спустя статью:статья статей:статья три тут уже хотя якобы эх
    всей:весь им:он+они какой кому:кто котором:который моем:мой мою:мой моя:мой нашей:наш нем:он
    нее:она нею:она прочим:прочее+прочий прочую:прочий сей сему:сей сим:сей такой
    тем:тем+тот теми:тот того:тот той:тот том:тот тому:тот чего:что
"""


@pytest.mark.parametrize("row", FUNCTION_WORDS.split())
def test_a_form_that_is_nearly_always_a_function_word_is_none_else(row: str) -> None:
    form, _, lexemes = row.partition(":")
    assert "+".join(russian.readings(form)) == (lexemes or form)


@pytest.mark.parametrize(
    ("form", "kind", "may_be_name"),
    [
        ("иван", "person", True),
        ("аарон", "person", True),
        ("сидоров", "person", True),
        ("иванович", "person", True),
        ("москва", "place", True),
        ("тасс", "noun", True),
        ("ввп", "noun", True),
        ("волга", "noun", True),  # a car, too
        ("стол", "noun", False),
        ("прекрасный", "other", False),
        ("бежать", "other", False),
        ("быстро", "other", False),
        ("а", "other", False),
        ("в", "other", True),
        ("хуситы", None, True),  # what no dictionary has
    ],
)
def test_what_texts_mean_by_a_word(form: str, kind: str | None, may_be_name: bool) -> None:
    assert russian.kind_of(form) == kind
    assert russian.may_be_name(form) is may_be_name
    assert russian.is_word(form) is (kind is not None)


ENDINGS = """
    ыми ими ого его ому ему ый ий ой ая яя ое ее ые ие ых их ым им ую юю ою ею ами ями ах ях ам ям
    ов ев ом ем ей а я у ю е и ы о ь й
"""


@pytest.mark.parametrize("ending", ENDINGS.split())
def test_a_form_that_the_dictionary_lacks_loses_its_ending(ending: str) -> None:
    assert russian.stem(f"глокк{ending}") == "глокк"
    assert russian.stem(f"глокки{ending}") == "глокк"
    assert russian.stem(f"глоккь{ending}") == "глокк"


@pytest.mark.parametrize(("form", "stem"), [("кза", "кза"), ("кзга", "кзг"), ("глокк", "глокк")])
def test_three_letters_are_left_of_a_word(form: str, stem: str) -> None:
    assert russian.stem(form) == stem


@pytest.mark.parametrize(
    ("form", "stems"),
    [
        ("хуситы", {"хусит"}),
        ("хуситов", {"хусит", "хуситов"}),
        ("газпром", {"газпр", "газпром"}),
        ("глокках", {"глокк", "глокках"}),
        ("глокк", {"глокк"}),
        ("кзь", {"кз", "кзь", "кзй"}),
        ("кзй", {"кз", "кзй"}),
        ("ьь", {"ьь", "ььй"}),
    ],
)
def test_who_asks_for_a_name_that_looks_like_a_form_may_mean_itself(
    form: str, stems: set[str]
) -> None:
    assert russian.guess(form) == stems


@pytest.mark.parametrize(
    ("form", "lexemes"),
    [
        ("день", {"день"}),
        ("дела", {"дело"}),
        ("банка", {"банк", "банка"}),
        ("стали", {"сталь", "стать"}),
        ("посол", {"посол"}),
        ("лет", {"год"}),
        ("нем", {"нем", "он"}),
        ("хуситов", {"хусит", "хуситов"}),
    ],
)
def test_what_a_form_means_when_it_is_asked_for(form: str, lexemes: set[str]) -> None:
    assert russian.list_lexemes(form) == lexemes


@pytest.mark.parametrize(
    ("form", "lexemes", "least", "most"),
    [
        ("стали", {"сталь"}, 0.0, 0.1),
        ("стали", {"стать"}, 0.9, 1.0),
        ("стали", {"сталь", "стать"}, 1.0, 1.0),
        ("банка", {"банк"}, 0.8, 1.0),
        ("хуситов", {"хусит"}, 1.0, 1.0),
    ],
)
def test_how_often_a_form_means_a_word(
    form: str, lexemes: set[str], least: float, most: float
) -> None:
    assert least <= russian.share(form, lexemes) <= most


def test_what_a_form_never_means_adds_nothing_to_its_share() -> None:
    steel = russian.share("стали", {"сталь"})
    assert russian.share("стали", {"сталь", "порт", "хусит"}) == steel
    assert russian.share("стали", {"порт"}) == 0.0


def test_a_word_of_the_dictionary_is_known_and_another_is_guessed() -> None:
    ((known, grammemes),) = russian.grammemes("москва")
    assert known
    assert {"Geox", "nomn"} <= grammemes
    assert not any(known for known, _ in russian.grammemes("хуситы"))


def test_forms_are_those_of_the_lexeme_alone() -> None:
    assert {"стали", "сталью"} <= set(russian.list_forms("сталь"))
    assert "станет" not in set(russian.list_forms("сталь"))
    assert "елка" in set(russian.list_forms("елка"))
    assert not list(russian.list_forms("стали"))


@pytest.mark.parametrize(
    ("form", "is_another"),
    [("бали", True), ("балу", False), ("бал", False), ("хуситы", False), ("кххъ", False)],
)
def test_a_form_that_the_dictionary_lacks_may_be_indexed_as_another_word(
    form: str, *, is_another: bool
) -> None:
    assert russian.is_stemmed_to_another(form) is is_another


@pytest.mark.parametrize(
    ("form", "is_place"), [("газа", True), ("тирана", True), ("газ", False), ("газе", False)]
)
def test_places_are_known_by_their_lemma(form: str, *, is_place: bool) -> None:
    assert russian.is_place(form) is is_place


def _asked_words() -> list[str]:
    """The Russian words of what is asked and read in the pairs, folded."""
    pairs = (*asked_pairs.FOUND, *asked_pairs.NOT_FOUND)
    forms = {word.form for pair in pairs for text in pair for word in analysis.words(text)}
    return sorted(form for form in forms if all("а" <= letter <= "я" for letter in form))


def _fold(word: str) -> str:
    return word.replace("ё", "е")


def _forms_by(reader: Any, lexeme: str) -> Iterator[str]:
    """The forms of a lexeme as the dictionary's own reader makes them."""
    words = reader.words
    for word, places in words.similar_items(lexeme, words.compile_replaces({"е": "ё"})):
        for paradigm, index in places:
            if _fold(reader.build_normal_form(paradigm, index, word)) == lexeme:
                stem = reader.build_stem(reader.paradigms[paradigm], index, word)
                for prefix, _, suffix in reader.build_paradigm_info(paradigm):
                    yield _fold(f"{prefix}{stem}{suffix}")


@pytest.mark.slow
def test_forms_and_lemmas_are_those_of_the_dictionarys_own_reader() -> None:
    reader = import_module("pymorphy3").MorphAnalyzer(lang="ru").dictionary
    words = _asked_words()
    assert len(words) > 300
    for lexeme in {lexeme for word in words for lexeme in russian.readings(word)}:
        forms = [*russian.list_forms(lexeme)]
        assert forms == [*_forms_by(reader, lexeme)]
        shared = [form for form in forms if len(russian.readings(form)) > 1]
        assert russian.list_shared_forms(lexeme) == shared
