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


def some(letter: str, count: int, first: int = 0) -> str:
    return " ".join(f"{letter}{number}" for number in range(first, first + count))


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        # Of what went at most sixty words are shown, of what came twice as many.
        (some("a", 60), "x", f"~~{some('a', 60)}~~ **x**"),
        (some("a", 61), "x", f"~~{some('a', 40)} … {some('a', 20, 41)}~~ **x**"),
        ("x", some("b", 120), f"~~x~~ **{some('b', 120)}**"),
        ("x", some("b", 121), f"~~x~~ **{some('b', 80)} … {some('b', 40, 81)}**"),
        # Of what stayed eight words on each side, and no two are left out.
        (f"x {some('k', 10)}", f"y {some('k', 10)}", f"~~x~~ **y** {some('k', 10)}"),
        (f"x {some('k', 11)}", f"y {some('k', 11)}", f"~~x~~ **y** {some('k', 8)} …"),
        (f"{some('k', 10)} x", f"{some('k', 10)} y", f"{some('k', 10)} ~~x~~ **y**"),
        (f"{some('k', 11)} x", f"{some('k', 11)} y", f"… {some('k', 8, 3)} ~~x~~ **y**"),
        (
            f"x {some('k', 18)} z",
            f"y {some('k', 18)} w",
            f"~~x~~ **y** {some('k', 18)} ~~z~~ **w**",
        ),
        (
            f"x {some('k', 19)} z",
            f"y {some('k', 19)} w",
            f"~~x~~ **y** {some('k', 8)} … {some('k', 8, 11)} ~~z~~ **w**",
        ),
        ("a b c", "x b y", "~~a b c~~ **x b y**"),
        ("a b b c", "x b b y", "~~a~~ **x** b b ~~c~~ **y**"),
        ("b a", "b c", "b ~~a~~ **c**"),
        ("a b", "c b", "~~a~~ **c** b"),
        ("a b", "b", "~~a~~ b"),
        ("a b a", "a", "a ~~b a~~"),
        ("end", "end.", "end**.**"),
        ("end.", "end", "end ~~.~~"),
    ],
)
def test_how_much_is_shown_of_what_went_came_and_stayed(old: str, new: str, shown: str) -> None:
    assert drawn(word_diff(old, new)) == shown


@pytest.mark.parametrize(("count", "more"), [(40, False), (41, True)])
def test_forty_changes_are_shown(count: int, more: bool) -> None:
    old, new = [" ".join(f"k{n} l{n} {word}{n}" for n in range(count)) for word in ("old", "new")]
    found = word_diff(old, new)
    assert sum(span.kind == "bold" for span in found.spans) == 40
    assert found.text.endswith(" …") is more


def test_of_very_long_texts_all_between_the_equal_ends_is_one_change() -> None:
    def text(word: str, count: int) -> str:
        return "head " + " ".join(f"{word}{n} same" for n in range(count)) + " tail"

    (gone, came) = word_diff(text("a", 501), text("b", 501)).spans
    assert (gone.kind, came.kind) == ("strike", "bold")
