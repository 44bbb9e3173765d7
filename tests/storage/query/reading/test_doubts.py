"""Operators in small letters, which are words."""

import pytest

from storage.query.reading import doubts


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("oil or gas", "oil OR gas"),
        ("oil not gas", "oil NOT gas"),
        ("oil  or   gas", "oil OR gas"),
        ("oil or gas not port", "oil OR gas NOT port"),
        ("(oil or gas)", "(oil OR gas)"),
        ("(oil) or (gas)", "(oil) OR (gas)"),
        ('"a b" or "c d"', '"a b" OR "c d"'),
        ("нефть или газ", "нефть ИЛИ газ"),
        ("нефть не газ", "нефть НЕ газ"),
        ("channel:x or gas", "channel:x OR gas"),
        ("oil or channel:port", "oil OR channel:port"),
        ("oil OR gas", None),
        ("oil and gas", None),
        ("or oil", None),
        ("oil or", None),
        ("not oil", None),
        ("oil (or gas)", None),
        ("oil or or gas", None),
        ("oil or -gas", None),
        ("oil or (gas", None),
        ("or", None),
        ("", None),
    ],
)
def test_what_may_have_been_meant_by_a_small_operator(text: str, meant: str | None) -> None:
    assert doubts.with_operators(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("oil, gas", "oil OR gas"),
        ("oil; gas, grain,", "oil OR gas OR grain"),
        ("oil price, gas", "(oil price) OR gas"),
        ('"oil price", gas', '"oil price" OR gas'),
        ('"oil, gas"', None),
        ('"oil, gas" grain', None),
        ("«нефть, газ»", None),
        ("“oil; gas”", None),
        ('"oil, gas", grain', None),
        ('oil, "gas', None),
        ("нефть, цена на газ", "нефть ИЛИ (цена на газ)"),
        ("oil", None),
        ("oil,", None),
        ("oil,gas", None),
        ("15,000", None),
        ("oil, -gas", None),
        ("oil, not olive", None),
        ("oil, but not olive", None),
        ("oil OR gas, grain", None),
        ("oil, lang:ru", None),
        ("(oil, gas)", None),
        ("The minister said on Monday, oil", None),
        ("oil, ???", None),
        ("", None),
    ],
)
def test_any_of_a_list_may_have_been_meant(text: str, meant: str | None) -> None:
    assert doubts.with_any(text) == meant
