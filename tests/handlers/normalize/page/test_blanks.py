"""Where posts end on pages that keep blank lines. All texts are invented."""

import pytest

from handlers.normalize.page import blanks
from handlers.normalize.post import lines

CTA = "Read in full"
TAG = "#Ferry"


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        # One line break after a tail, and something above the tail.
        (f"Head\n\na\n{CTA}\nNext\n\nb", [0, 3]),
        (f"Head\n\na\n{TAG}\nNext", [0, 3]),
        (f"Head\n{TAG}\nNext", [0, 2]),
        (f"Head\n🔹 {CTA}\nNext", [0, 2]),
        (f"{CTA}\nNext\nmore", [0]),
        (f"Head\n{CTA}\n{TAG}\nNext", [0, 3]),
        ("Head\na\nb\nc", [0]),
        (f"Head\n{CTA}\nNext\n{CTA}\nThird", [0, 2, 4]),
        (f"Head\n{CTA}\n{TAG}\n\nNext", [0]),
        # A blank line will do far below the head, after a call to action.
        (f"Head\n\na\n\nb\n\n{CTA}\n\nNext", [0]),
        (f"Head\n\na\n\nb\n\nc\n\n{CTA}\n\nNext", [0, (5, "guessed")]),
        (f"Head\n\na\n\nb\n\nc\n\n{TAG}\n\nNext", [0]),
        (f"Head\n{CTA}\nNext\n\na\n\nb\n\n{CTA}\n\nThird", [0, 2]),
        (f"Head\n{CTA}\nNext\n\na\n\nb\n\nc\n\n{CTA}\n\nThird", [0, 2, (7, "guessed")]),
    ],
)
def test_a_post_begins_after_a_tail_and_one_line_break(text: str, heads: list[object]) -> None:
    part = lines.split(text)
    found = blanks.split(part)
    assert [(one.head, "guessed") if one.guessed else one.head for one in found] == heads
    ends = [*(one.head for one in found[1:]), len(part)]
    for one, end in zip(found, ends, strict=True):
        assert (one.body_end, one.copy_end, one.end) == (end, end, end)
        assert (one.copy, one.keep, one.cost) == ("none", (), 0.0)


def test_nothing_holds_no_post() -> None:
    assert blanks.split(()) == ()
