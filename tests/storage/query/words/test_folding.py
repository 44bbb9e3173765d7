"""Names and capitals in a text."""

import pytest

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
