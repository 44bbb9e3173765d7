"""Names and their forms."""

from typing import cast

import pytest

from handlers.stories import tokens
from handlers.stories.leads import names
from handlers.stories.shapes import Shape

ALIKE = """
россия рф | россии рф | евросоюз ес | сша америка | великобритания британия | китай кнр
us u.s | usa america | us america | uk britain | u.k uk | eu e.u
иван ивана | iran irans | oman omani | oman omanis | china chinese | korea korean | cuba cubans
italy italian | iran iranians | iran iranian | japan japanese | russia russia | turkey turkeys
"""
APART = """
us uk | россия китай | iran ivan | iran iranxx | ann anns | omar oman | iran иран | uk eu
mali mala | pera peria | anna annxx | usa uk | abe abese
"""

TELLERS = "тасс риа новости интерфакс мск upd tass interfax reuters bloomberg"


def pairs(written: str) -> list[list[str]]:
    return [pair.split() for line in written.strip().splitlines() for pair in line.split(" | ")]


@pytest.mark.parametrize("two", pairs(ALIKE), ids=" ".join)
def test_one_name_in_two_forms(two: list[str]) -> None:
    assert names.are_akin(*two)
    assert names.are_akin(*reversed(two))


@pytest.mark.parametrize("two", pairs(APART), ids=" ".join)
def test_two_names(two: list[str]) -> None:
    assert not names.are_akin(*two)
    assert not names.are_akin(*reversed(two))


@pytest.mark.parametrize(
    ("written", "shape", "expected"),
    [
        ("Mellen", "title", True),
        ("Mellen", "any", True),
        ("Mellen", "lower", False),
        ("mellen", "any", False),
        ("M", "title", False),
        ("Ox", "title", True),
        ("Minister", "title", False),
        ("Residents", "any", False),
        ("Residents", "title", True),
        ("Мелленбург", "title", True),
        ("Пожар", "any", False),
        ("Пожар", "title", True),
        ("Иван", "any", True),
        ("Министр", "title", False),
        ("ПОЖАР", "upper", True),
    ],
)
def test_what_may_be_a_name(written: str, shape: Shape, expected: bool) -> None:
    (token,) = tokens.read(written)
    assert names.is_name(token, shape) is expected


@pytest.mark.parametrize("teller", TELLERS.split())
def test_who_only_tells_is_no_name_in_it(teller: str) -> None:
    for written, shape in ((teller.upper(), "upper"), (teller.title(), "title")):
        (token,) = tokens.read(written)
        assert not names.is_name(token, cast("Shape", shape))
    assert names.is_common(teller)


@pytest.mark.parametrize(
    ("key", "expected"),
    [("residents", True), ("minister", True), ("tass", True), ("мск", True), ("mellen", False)],
)
def test_what_names_nobody(key: str, expected: bool) -> None:
    assert names.is_common(key) is expected
