"""What stands beside the words of a text: where, and as one word."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.query.words import analysis, beside


@pytest.mark.parametrize(
    ("chunk", "found"),
    [
        ("C-300", [(0, 5, "C300")]),
        ("(Су-57М2)", [(1, 8, "Су57М2")]),
        ("F–16/F-18", [(0, 4, "F16"), (5, 9, "F18")]),
        ("м²", [(0, 2, "м²")]),
        ("km³,m²", [(0, 3, "km³"), (4, 6, "m²")]),
        ("long-term", []),
        ("Harbour-12", []),
        ("C-300-5", []),
        ("1-C-300", []),
        ("лоцман¹", []),
        ("", []),
    ],
)
def test_codes(chunk: str, found: list[tuple[int, int, str]]) -> None:
    assert list(beside.codes(chunk)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("15 000 тонн", [(0, 6, "15000")]),
        ("of 1.000.000 bags", [(3, 12, "1000000")]),
        ("15,000 and 3,14", [(0, 6, "15000")]),
        ("1 234 567,5", [(0, 9, "1234567")]),
        ("15 мая 300", []),
        ("мая 15 300", []),
        ("2024 15 300", []),
        ("№ 21 400", []),
        ("May 21 400", []),
        ("№ 21,400", [(2, 8, "21400")]),
        ("1234 567", []),
        ("0 123", []),
    ],
)
def test_numbers(text: str, found: list[tuple[int, int, str]]) -> None:
    assert list(beside.numbers(text)) == found


MONTHS = """
январь января февраль февраля март марта апрель апреля май мая июнь июня июль июля август августа
сентябрь сентября октябрь октября ноябрь ноября декабрь декабря янв фев апр авг сен сент окт ноя
нояб дек січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
january february march april may june july august september october november december jan feb mar
apr jun jul aug sep sept oct nov dec 1500 1999 2099 номер номера no nr № #
"""


@pytest.mark.parametrize("word", MONTHS.split())
def test_after_a_month_a_year_or_a_number_sign_a_group_is_another_number(word: str) -> None:
    for before in (word, word.upper(), f"в {word}"):
        assert list(beside.numbers(f"{before} 15 300")) == []
    assert not list(beside.numbers(f"{word}. 15 300")) or word in "№#"
    assert [found for _, _, found in beside.numbers(f"{word}, 15 300")] == ["15300"]
    if word not in "№#":
        assert [found for _, _, found in beside.numbers(f"x{word} 15 300")] == ["15300"]


@pytest.mark.parametrize("sign", ".,'\u2019\u066c \u00a0\u2007\u2008\u2009\u202f")
def test_what_stands_between_the_groups_of_a_number(sign: str) -> None:
    text = f"15{sign}300{sign}000"
    assert list(beside.numbers(text)) == [(0, 10, "15300000")]
    assert beside.may_be_part(text) is (not sign.isspace())
    assert list(beside.numbers(f"15{sign}3000")) == []


@pytest.mark.parametrize("dash", "-\u2010\u2011\u2012\u2013\u2212")
def test_what_stands_within_a_code(dash: str) -> None:
    assert list(beside.codes(f"C{dash}300")) == [(0, 5, "C300")]
    assert list(beside.codes(f"C{dash}300{dash}5")) == list(beside.codes(f"1{dash}C{dash}3")) == []


@pytest.mark.parametrize("digit", "²³¹⁰⁴⁵⁶⁷⁸⁹")
def test_a_raised_digit_after_a_unit(digit: str) -> None:
    assert beside.has_raised(f"м{digit}") and beside.may_be_there(digit)
    assert list(beside.codes(f"м{digit}")) == [(0, 2, f"м{digit}")]


@pytest.mark.parametrize(
    ("chunk", "found"),
    [
        ("Abcde-1234", ["Abcde1234"]), ("Abcdef-12", []), ("A-12345", []), ("A-12bc3", ["A12bc3"]),
        ("A-12bcd", []), ("A-12bc34", []), ("xA-1", ["xA1"]), ("_A-1", []), ("A-1_", []),
        ("mmm²", []), ("mm²³", ["mm²³"]), ("xmm²", []), ("m²x", []),
    ],
)  # fmt: skip
def test_how_long_a_code_and_a_unit_are(chunk: str, found: list[str]) -> None:
    assert [word for _, _, word in beside.codes(chunk)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("G. H. Larch", [(0, 5, "GH")]),
        ("in the U. S. A. now", [(7, 15, "USA")]),
        ("G.H. Larch", []),
        ("A. B. C. D.", [(0, 11, "ABCD")]),
        ("G.\u00a0H.", [(0, 5, "GH")]),
        ("xG. H.", []),
        ("G. H.x", []),
        ("A.G. H.", []),
        ("g. h.", []),
    ],
)
def test_initials(text: str, found: list[tuple[int, int, str]]) -> None:
    assert list(beside.initials(text)) == found


@given(st.text("0012 \u00a0\u202f\t,.к\u0663", max_size=20))
@example("15 000")
@example("15\u00a0000")
@example("15\u2009000км")
def test_every_number_in_groups_stands_beside_the_words(text: str) -> None:
    numbers = {form for _, _, form in beside.numbers(text)}
    assert numbers <= {*analysis.column(text).beside}


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("15 000", True),
        ("15\u202f000", True),
        ("15\u00a0000", True),
        ("at 15\u00a0h 15 000", True),
        ("15\u00a00", False),
        ("15  000", False),
        ("in 2024\u00a0and 500 ships", False),
        ("500 ships, 300 ports", False),
        ("", False),
    ],
)
def test_a_text_without_groups_is_not_searched_for_them(text: str, may: bool) -> None:
    assert beside.may_have_groups(text) is may
