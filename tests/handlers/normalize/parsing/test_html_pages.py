"""Pages cut into messages, and what is asked of their elements. All texts are invented."""

import re

import pytest
from selectolax.lexbor import LexborNode

from handlers.normalize.parsing import html_pages
from handlers.normalize.parsing.html_pages import Fragment
from storage.errors import InputError

START = re.compile("<div class=m")


def parsed(html: str) -> LexborNode:
    return html_pages.parse(Fragment(html, 1))


def found(html: str, selector: str) -> LexborNode:
    node = html_pages.first(parsed(html), selector)
    assert node is not None
    return node


@pytest.mark.parametrize(
    ("page", "pieces"),
    [
        ("", [("", 1)]),
        ("no message\nat all", [("no message\nat all", 1)]),
        ("<div class=m>a", [("", 1), ("<div class=m>a", 1)]),
        (
            "head\n\n<div class=m>a\n<div class=m>b\nb<div class=m>c",
            [("head\n\n", 1), ("<div class=m>a\n", 3), ("<div class=m>b\nb", 4),
             ("<div class=m>c", 5)],
        ),
        ("\n<div class=m>", [("\n", 1), ("<div class=m>", 2)]),
    ],
)  # fmt: skip
def test_a_page_is_cut_at_each_start_and_lines_are_counted(
    page: str, pieces: list[tuple[str, int]]
) -> None:
    cut = list(html_pages.cut(page, START))
    assert cut == [Fragment(html, line) for html, line in pieces]
    assert "".join(one.html for one in cut) == page


def test_a_message_of_more_tags_than_any_has_is_left_out() -> None:
    most = html_pages._MOST_TAGS
    assert parsed("<br>" * most).tag == "html"
    with pytest.raises(InputError, match=f"more than {most} tags in one message") as error:
        parsed("<br>" * (most + 1))
    assert error.value.hint == "it was left out; check the page"


@pytest.mark.parametrize("html", ["", "text", "<", "\0", "<div", "<p>unclosed <b>tags"])
def test_whatever_stands_there_is_a_tree(html: str) -> None:
    assert parsed(html).tag == "html"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("<p>", set()), ("<p class>", set()), ("<p class=' '>", set()), ("<p class=a>", {"a"}),
        ("<p class=' a\n b  a '>", {"a", "b"}), ("<p class=A>", {"A"}),
    ],
)  # fmt: skip
def test_classes_are_words(tag: str, expected: set[str]) -> None:
    assert html_pages.classes(found(tag, "p")) == expected


def test_classes_above_are_those_between_an_element_and_the_top() -> None:
    html = "<div class=out><div id=top class=top><p class='a b'><i class=c><b class=own>x"
    top = found(html, "#top")
    node = html_pages.first(top, "b")
    assert node is not None
    assert html_pages.classes_above(node, top) == {"a", "b", "c"}
    child = html_pages.first(top, "p")
    assert child is not None
    assert html_pages.classes_above(child, top) == frozenset()
    # A top that it does not stand in is no end.
    assert html_pages.classes_above(top, node) == {"out"}


@pytest.mark.parametrize(
    ("tag", "value"), [("<p>", None), ("<p title>", None), ("<p title=''>", None),
                       ("<p title=' '>", " "), ("<p title=a&amp;b>", "a&b")],
)  # fmt: skip
def test_an_attribute_that_is_empty_is_none(tag: str, value: str | None) -> None:
    assert html_pages.attribute(found(tag, "p"), "title") == value
    assert html_pages.attribute(None, "title") is None


def test_the_first_element_that_fits_is_found_and_its_markup_given() -> None:
    root = parsed("<p class=a>one</p><p class=a>two</p>")
    node = html_pages.first(root, "p.a")
    assert node is not None
    assert node.text() == "one"
    assert html_pages.source(root, "p.a") == '<p class="a">one</p>'
    assert html_pages.first(root, "p.b") is None
    assert html_pages.source(root, "p.b") == ""
