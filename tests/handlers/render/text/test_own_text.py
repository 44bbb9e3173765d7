"""A post's own words with their hidden links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.normalize.post.compose import split_post
from handlers.render.text.own_text import (
    LINK_UNITS,
    LONGEST_LINK,
    MOST_LINKS,
    hidden_links,
    own_passage,
)
from handlers.render.text.rich import followable
from storage.document import Document, Source, Span
from storage.query import snippet
from storage.structs import replace

URL = "https://example.org/full?a=1&b=<2>"


def with_spans(text: str, spans: list[Span]) -> Document:
    taken = split_post(text, spans)
    return Document(
        kind="post",
        doc_id="tg:100/5",
        source=Source(type="telethon"),
        title=taken.title,
        body=taken.body,
        links=taken.links,
        content_hash="0" * 16,
    )


def document(text: str, *links: tuple[str, str]) -> Document:
    """A post with links at the last places of these words."""
    spans = [
        Span(kind="link", start=text.rindex(words), end=text.rindex(words) + len(words), url=url)
        for words, url in links
    ]
    return with_spans(text, spans)


def hidden(post: Document) -> list[tuple[str, str | None]]:
    text = own_passage(post, [])
    return [(text.text[s.start : s.end], s.url) for s in text.spans if s.kind == "link"]


@pytest.mark.parametrize(
    ("text", "links", "shown"),
    [
        ("Full statement", [("Full statement", URL)], [("Full statement", URL)]),
        ("Head\n\nFull <b>statement", [("Full <b>statement", URL)], [("Full <b>statement", URL)]),
        (
            "Head\nsee 🚢 here",
            [("here", "tg://resolve?domain=x")],
            [("here", "tg://resolve?domain=x")],
        ),
        ("https://example.org/x", [("https://example.org/x", "https://example.org/x")], []),
        ("Head\nexample.org", [("example.org", "http://example.org/")], []),
        (
            "Head\nhttps://a.example.org",
            [("https://a.example.org", URL)],
            [("https://a.example.org", URL)],
        ),
        ("here", [("here", "javascript:alert(1)")], []),
        ("here", [("here", "tg://user?id=5")], []),
        ("here", [("here", "https://exa\u202emple.org")], []),
        ("here", [("here", "https://example.org/a b")], []),
        (
            "A and B\nthere",
            [("A", URL), ("B", URL + "2"), ("there", URL)],
            [("A", URL), ("B", URL + "2"), ("there", URL)],
        ),
    ],
)
def test_hidden_links_keep_their_addresses(
    text: str, links: list[tuple[str, str]], shown: list[tuple[str, str]]
) -> None:
    assert hidden(document(text, *links)) == shown


def test_a_link_in_what_is_left_out_stands_below() -> None:
    post = document(
        "Head\n" + "Words go on and on. " * 100 + "\nFull statement", ("Full statement", URL)
    )
    text = own_passage(post, [])
    assert text.text.endswith(" …\n\n🔗 Full statement")
    assert hidden(post) == [("Full statement", URL)]


def test_blank_lines_between_paragraphs_stay() -> None:
    post = document("Head\nOne\n\nTwo\nThree\n\n\nFour", ("Three", URL))
    assert own_passage(post, [(5, 8)]).text == "Head\nOne\n\nTwo\nThree\n\nFour"
    assert hidden(post) == [("Three", URL)]


def test_an_override_ends_where_the_words_are_cut() -> None:
    post = document("\u202e" + "turned words and more of them " * 100)
    assert own_passage(post, []).text.endswith("\u202c …")


@given(
    st.text("ab \n\u202e🚢", max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60))),
    st.sampled_from([URL, "tg://x", "ftp://x", None]),
)
def test_links_lie_within_the_text(
    text: str, places: list[tuple[int, int]], url: str | None
) -> None:
    spans = [
        Span(kind="link", start=min(a, len(text)), end=min(b, len(text)), url=url)
        for a, b in places
        if min(a, len(text)) < min(b, len(text))
    ]
    post = with_spans(text, spans)
    searched = snippet.searchable_text(post)
    for span in hidden_links(post):
        assert followable(span.url or "")
        assert 0 <= span.start < span.end <= len(searched)
    shown = own_passage(post, []).text
    assert "".join(shown.split()).startswith("".join(searched.split()))


@pytest.mark.parametrize(
    ("length", "is_link"), [(1, True), (LONGEST_LINK, True), (LONGEST_LINK + 1, False)]
)
def test_a_post_that_is_one_link_is_none(length: int, is_link: bool) -> None:
    words = "x" * length
    assert (hidden(document(f"Head\n{words}", (words, URL))) != []) == is_link


def test_so_many_links_keep_their_addresses() -> None:
    words = [f"link{number:02}" for number in range(MOST_LINKS + 5)]
    post = document("Head\n" + " ".join(words), *((word, f"{URL}{word}") for word in words))
    assert hidden(post) == [(word, f"{URL}{word}") for word in words[:MOST_LINKS]]


def test_of_links_left_out_the_last_few_stand_below_shortened() -> None:
    words = [f"the statement number {number} " + "of many words " * 6 for number in range(5)]
    links = [(word.strip(), f"{URL}{number}") for number, word in enumerate(words)]
    post = document(
        "Head\n" + "Words go on. " * 150 + "\n" + "\n".join(w for w, _ in links), *links
    )
    below = own_passage(post, []).text.rpartition("\n\n🔗 ")[2].split(" · ")
    assert [one[:22] for one in below] == [f"the statement number {n}" for n in (2, 3, 4)]
    assert all(len(one) <= LINK_UNITS and one.endswith("…") for one in below)


@pytest.mark.parametrize(
    ("span", "is_shown"),
    [
        (Span(kind="link", start=1, end=4, url=URL), True),
        (Span(kind="link", start=0, end=5, url=URL), True),
        (Span(kind="link", start=1, end=6, url=URL), False),
        (Span(kind="link", start=-1, end=4, url=URL), False),
        (Span(kind="link", start=4, end=4, url=URL), False),
        (Span(kind="link", start=4, end=1, url=URL), False),
        (Span(kind="bold", start=1, end=4, url=URL), False),
    ],
)
def test_a_link_that_an_import_misplaces_is_none(span: Span, is_shown: bool) -> None:
    post = document("Head\nThere")
    (block,) = post.body
    misplaced = replace(post, body=(replace(block, spans=(span,)),))
    assert bool(hidden_links(misplaced)) == is_shown
