"""Markdown that leaked into dumps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.normalize.parsing import markdown


@pytest.mark.parametrize(
    ("marked", "text", "kinds"),
    [
        ("**Storm** at __sea__", "Storm at sea", ["bold", "italic"]),
        ("see [the map](https://a.b/c_d)!", "see the map!", ["link"]),
        ("**[both](https://a.b/)**", "both", ["link", "bold"]),
        ("2**3 and snake_case__name", "2**3 and snake_case__name", []),
        ("`code` ~~gone~~", "code gone", ["code", "strike"]),
        ("a [ b ] (c)", "a [ b ] (c)", []),
    ],
)
def test_leaked_markdown_is_read_back(marked: str, text: str, kinds: list[str]) -> None:
    found, spans = markdown.read(marked)
    assert found == text
    assert [span.kind for span in spans] == kinds


@given(st.text(alphabet="*_~`[]() ab\nhtps:/."))
def test_markdown_never_fails_and_its_spans_lie_in_the_text(marked: str) -> None:
    text, spans = markdown.read(marked)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
