"""The glossary is what it says: a meaning a line, in order, no word of it twice in a line."""

import re

from storage.languages import glossary

WORD = {"ru": re.compile("[а-яё]+(?:-[а-яё]+)*"), "en": re.compile("[A-Za-z]+(?:-[A-Za-z]+)*")}


def test_every_line_has_words_of_both_languages_each_once() -> None:
    lines = glossary.FILE.read_text(encoding="utf-8").splitlines()
    for line in lines:
        russian, english = (part.split() for part in line.split("\t"))
        assert russian and english, line
        assert all(WORD["ru"].fullmatch(word) for word in russian), line
        assert all(WORD["en"].fullmatch(word) for word in english), line
        assert len({*russian}) == len(russian) and len({*english}) == len(english), line
    assert lines == sorted(lines)
    assert len({*lines}) == len(lines)


def test_names_are_told_by_their_capital_letter() -> None:
    by_russian = {meaning.russian[0]: meaning for meaning in glossary.list_meanings()}
    assert by_russian["беженец"] == (("беженец",), ("refugee",), False)
    assert by_russian["сеул"].is_name and by_russian["сеул"].english == ("seoul",)


def test_it_has_some_two_thousand_words() -> None:
    words = {word for meaning in glossary.list_meanings() for word in meaning.russian}
    assert len(words) > 2000
