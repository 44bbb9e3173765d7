"""How two texts differ, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.render.text.rich import RichText
from handlers.render.text.wording_diff import word_diff

MARKS = {"strike": "~~", "bold": "**"}


def drawn(text: RichText) -> str:
    """A text with its spans as marks."""
    edges = [(s.start, 1, MARKS[s.kind]) for s in text.spans]
    edges += [(s.end, 0, MARKS[s.kind]) for s in text.spans]
    shown = text.text
    for at, _, mark in sorted(edges, reverse=True):
        shown = shown[:at] + mark + shown[at:]
    return shown


MANY = " ".join(f"w{number}" for number in range(40))


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("We condemn it.", "We regret it.", "We ~~condemn~~ **regret** it."),
        ("It holds", "It does not hold", "It ~~holds~~ **does not hold**"),
        ("nearly all agreed", "all agreed", "~~nearly~~ all agreed"),
        ("all agreed", "nearly all agreed", "**nearly** all agreed"),
        ("4.5 percent", "45 percent", "~~4.5~~ **45** percent"),
        ("A said “yes” – today", 'A said "yes" - today', ""),
        ("one two", "one  two\n", ""),
        ("", "new", "**new**"),
        ("old", "", "~~old~~"),
        ("a b c d", "x b y d", "~~a b c~~ **x b y** d"),
        (
            f"{MANY} old {MANY}",
            f"{MANY} new {MANY}",
            "… w32 w33 w34 w35 w36 w37 w38 w39 ~~old~~ **new** w0 w1 w2 w3 w4 w5 w6 w7 …",
        ),
        ("Head\nOne line", "Head\nTwo line", "Head\n~~One~~ **Two** line"),
        ("a \u202eb c", "a \u202ed c", "a ~~b~~ **d** c"),
    ],
)
def test_what_went_is_struck_and_what_came_is_bold(old: str, new: str, shown: str) -> None:
    assert drawn(word_diff(old, new)) == shown


words = st.lists(st.sampled_from(["ab", "cd", "e.", "4,5", "«f»", "\n", "g-h"]), max_size=30).map(
    " ".join
)


@given(words, words)
def test_a_diff_is_drawn_for_whatever_differs(old: str, new: str) -> None:
    made = word_diff(old, new)
    assert not made or {span.kind for span in made.spans} <= {"strike", "bold"}
    assert word_diff(new, new) == RichText()


def test_a_rewritten_long_text_stays_within_a_message() -> None:
    old = " ".join(f"a{n}" for n in range(3000))
    new = " ".join(f"b{n}" for n in range(3000))
    assert len(word_diff(old, new).text) < 1500
