"""What stands beside the words of a text: where, and as one word."""

import pytest

from storage.query.words import beside


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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("G. H. Larch", [(0, 5, "GH")]),
        ("in the U. S. A. now", [(7, 15, "USA")]),
        ("G.H. Larch", []),
        ("g. h.", []),
    ],
)
def test_initials(text: str, found: list[tuple[int, int, str]]) -> None:
    assert list(beside.initials(text)) == found


@pytest.mark.parametrize(
    ("forms", "terms", "follows"),
    [
        (("15", "000"), ("15", "000"), True),
        (("x", "000"), ("", "000"), True),
        (("port", "000"), ("port", "000"), False),
        (("000",), ("000",), False),
        (("000", "port", "000"), ("000", "port", "000"), False),
        (("000", "port", "15", "000"), ("000", "port", "15", "000"), True),
        (("15", "port"), ("15", "port"), False),
    ],
)
def test_a_group_follows_a_number(
    forms: tuple[str, ...], terms: tuple[str, ...], follows: bool
) -> None:
    assert beside.follows_number(forms, terms, "000") is follows
