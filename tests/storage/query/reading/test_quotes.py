"""Where a quotation ends, in the marks that people and phones write."""

import pytest

from storage.errors import QueryError
from storage.query.reading import quotes


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ('"a b"', 4),
        ('""', 1),
        ("«a b» c", 4),
        ("“a b” c", 4),
        ("„a“", 2),
        ("„a”", 2),
        ("” a “", 4),
        # One within another, and as it is printed with one mark that closes both.
        ("«a «b» c»", 8),
        ("«a «b»", 5),
        ("“a “b” c”", 8),
        ("「a「b」c」", 6),
        ('«a "b" c»', 8),
        # Mixed marks end at the first.
        ('"a «b" c»', 3),
        ('«a "b» c"', 3),
        ("«a”", 2),
        # A single mark may be an apostrophe.
        ("'a b' c", 4),
        ("‘a b’ c", 4),
        ("‹a b›", 4),
        ("`a b`", 4),
        ("'don't go' x", 9),
        ("'a' b'", 2),
        ("''", 1),
        ("'a b", None),
        ("'s", None),
        ("' a'", None),
        ("'a '", None),
        ("'", None),
        ("a b", None),
    ],
)
def test_a_quotation_ends_with_its_own_mark(text: str, end: int | None) -> None:
    assert quotes.find_end(text, 0) == end
    before = "x y "
    assert quotes.find_end(before + text, len(before)) == (None if end is None else end + 4)


@pytest.mark.parametrize("text", ['"a b', "«a b", "“a b ", '"'])
def test_one_that_is_not_closed_is_closed_at_the_end(text: str) -> None:
    with pytest.raises(QueryError, match="not closed") as caught:
        quotes.find_end(f"x {text}", 2)
    bare = text[1:].strip()
    assert (caught.value.column, caught.value.edit) == (2, (2, 2 + len(text), f'"{bare}"'))
