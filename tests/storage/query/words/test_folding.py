"""Names and capitals in a text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.query.words import folding


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#Harbour_News now", [(0, 13, "harbour_news")]),
        ("see (#Ёлка)", [(5, 10, "елка")]),
        ("#one#two", [(0, 4, "one"), (4, 8, "two")]),
        ("#2024 #9may", [(6, 11, "9may")]),
        ("https://dock.example/a#mooring", []),
        ("https://dock.example/a #mooring", [(23, 31, "mooring")]),
        ("www.dock.example#mooring", []),
        ("dock.example/a#mooring", []),
        ("dock.example\n#mooring", [(13, 21, "mooring")]),
    ],
)
def test_hashtags(text: str, found: list[tuple[int, int, str]]) -> None:
    assert list(folding.hashtags(text)) == found


@pytest.mark.parametrize(
    ("surface", "form"),
    [
        ("US", f"us{folding.CAPITAL}"),
        ("U.S", f"us{folding.CAPITAL}"),
        ("US's", f"us{folding.CAPITAL}"),
        ("us", ""),
        ("Us", ""),
        ("A", ""),
        ("F16", ""),
        ("HARBOURMASTERS", ""),
    ],
)
def test_the_form_of_a_word_in_capitals(surface: str, form: str) -> None:
    assert folding.capital_form(surface) == form


def test_a_word_is_found_in_its_capitals() -> None:
    text = "Tell us: US, Us and U.S."
    assert [text[a:b] for a, b in folding.find_cased(text, "US")] == ["US", "U.S."]
    assert [text[a:b] for a, b in folding.find_cased(text, "Us")] == ["Us"]


RINGED = ("\u24b6", "\u24d0", "\U0001f150", "\U0001f170")
"""A in each set of letters in rings and squares."""


@pytest.mark.parametrize("first", RINGED)
def test_letters_in_rings_are_letters(first: str) -> None:
    word = "".join(chr(ord(first) + ord(letter) - ord("a")) for letter in "azure")
    assert folding.find_words(f"{word},") == [word]
    assert folding.fold(word) == "azure"


@pytest.mark.parametrize(
    ("surface", "form"),
    [
        ("Ferry", "ferry"),
        ("Ёлка", "елка"),
        ("FERRY's", "ferry"),
        ("ferry’s", "ferry"),
        ("o'clock", "oclock"),
        ("d’Olda", "olda"),
        ("l'État", "etat"),
        ("l'E\u0301tat", "etat"),
        ("L'viv", "lviv"),
        ("D'Souza", "dsouza"),
        ("N'Djamena", "ndjamena"),
        ("Sana'a", "sanaa"),
        ("Olda'ya", "olda"),
        ("Marby'nin", "marby"),
        ("PKS'nin", "pks"),
        ("İzmir'de", "izmir"),
        ("Natal'ya", "natalya"),
        ("F16s", "f16"),
        ("H2S", "h2s"),
        ("Erdoğan", "erdogan"),
        ("Łódź", "lodz"),
        ("Øre", "ore"),
        ("Маи\u0306ский", "майский"),
        ("пор\u200bтовое", "портовое"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ﬁsh", "fish"),
        ("１５", "15"),
        ("м²", "m2"),
        ("лоцман¹", "лоцман"),
        ("U.S.", "us"),
        ("Ph.D", "phd"),
        ("👍🏽", "👍"),
        ("🏽", "🏽"),
        ("भारत", "भारत"),
        ("שָׁלוֹם", "שלום"),
        ("كـتاب", "كتاب"),
    ],
)
def test_a_word_has_one_form_however_it_is_typed(surface: str, form: str) -> None:
    assert folding.fold(surface) == form
    assert folding.fold(form) == form


@pytest.mark.parametrize(
    ("name", "form"),
    [("Harbour_News", "harbour_news"), ("Ёлка_2", "елка_2"), ("маи\u0306ский", "майский")],
)
def test_in_a_name_underscores_stay(name: str, form: str) -> None:
    assert folding.fold_name(name) == form


@pytest.mark.parametrize(
    ("surface", "form"),
    [
        ("US", "US"), ("U.S.", "US"), ("US's", "US"), ("Us", "Us"), ("ЁЖ", "ЕЖ"), ("Ёж", "Еж"),
        ("Łódź", "Łodz"), ("лоцман¹", "лоцман"),
    ],
)  # fmt: skip
def test_capitals_are_compared_without_accents(surface: str, form: str) -> None:
    assert folding.cased(surface) == form


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tell the U.S. and G. H. Larch", ["U.S."]),
        ("note_U.S..pdf and U.S._note", ["U.S.", "U.S."]),
        ("С.Ш.А. и А.Б. порт", ["С.Ш.А."]),
        ("at 5 p.m. or later", ["p.m."]),
        ("example.org", []),
    ],
)
def test_words_with_a_full_stop_after_each_letter(text: str, found: list[str]) -> None:
    assert folding.find_dotted(text) == found


@pytest.mark.parametrize(
    ("form", "held"),
    [("us", ("us", "us·")), ("a", ("a",)), ("f16", ("f16",)), ("harbour", ("harbour",)),
     ("harbor", ("harbor", "harbor·"))],
)  # fmt: skip
def test_a_form_may_be_held_in_capitals(form: str, held: tuple[str, ...]) -> None:
    assert folding.as_held(form) == held


SIGNS = ("#a", "#", "a", ".", "://", "http://", "www.", "x.com/", " ", "\n", "é", "/", "#Grain")
ADDRESS = re.compile(r"(?:://|\bwww\.|\w\.[a-z]{2,}/)\S*\Z", re.IGNORECASE)


@given(st.lists(st.sampled_from(SIGNS), max_size=25))
def test_a_number_sign_within_an_address_begins_no_tag(parts: list[str]) -> None:
    """As looking back from each of them tells."""
    text = "".join(parts)
    found = [match.start() for match in folding.find_tags(text)]
    signs = [match.start() for match in re.finditer(r"#(?=\w)", text)]
    assert found == [at for at in signs if ADDRESS.search(text[:at]) is None]
