"""Chinese in both ways to write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.query.reading import chinese
from storage.query.reading.syntax import parse


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("乌克兰", ("乌克兰", "烏克蘭")),
        ("烏克蘭", ("烏克蘭", "乌克兰")),
        ("台湾", ("台湾", "台灣", "臺灣")),
        ("臺灣", ("臺灣", "台湾", "台灣")),
        ("港口 Olda", ()),
        ("Olda", ()),
        ("Ольда", ()),
        ("", ()),
    ],
)
def test_the_ways_to_write_a_text(text: str, ways: tuple[str, ...]) -> None:
    assert chinese.ways(text) == ways


@given(
    st.lists(
        st.sampled_from("乌克兰烏蘭台湾臺灣干幹里面麵制製发髮後后港口"), min_size=1, max_size=6
    )
)
def test_a_canonical_text_asks_for_the_same(signs: list[str]) -> None:
    query = parse("".join(signs))
    assert parse(query.text).text == query.text
