"""Feeds and pages of hostile posts, read back by readers of feeds, XML, JSON and HTML."""

import json
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import feedparser
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.render.feeds import pages
from handlers.render.feeds.atom import atom
from handlers.render.feeds.entries import Feed, clean, make_entry, urn_of
from handlers.render.feeds.json_feed import json_feed
from handlers.render.text.dates import here_in
from handlers.texts.languages import words_of
from storage.document import Author, Block, Channel, Document, Forward, Link, Media, Source, Span
from storage.structs import replace

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HERE = here_in("Europe/Berlin", NOW)
EN = words_of("en")
URL = "http://127.0.0.1:8080"
A = "{http://www.w3.org/2005/Atom}"
SCHEMA = {
    # After jsonfeed.org/version/1.1: what must be there, and of which kind all else is.
    "type": "object",
    "required": ["version", "title", "items"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string"},
        "feed_url": {"type": "string", "format": "uri"},
        "language": {"type": "string"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "content_html"],
                "additionalProperties": False,
                "properties": {
                    "id": {"type": "string", "minLength": 1},
                    "url": {"type": "string"},
                    "external_url": {"type": "string", "pattern": "^(https?|tg)://"},
                    "title": {"type": "string"},
                    "content_html": {"type": "string"},
                    "date_published": {"type": "string", "pattern": r"^\d{4}-.*Z$"},
                    "date_modified": {"type": "string", "pattern": r"^\d{4}-.*Z$"},
                    "authors": {
                        "type": "array",
                        "items": {"type": "object", "properties": {"name": {"type": "string"}}},
                    },
                    "language": {"type": "string"},
                },
            },
        },
    },
}
HOSTILE = (
    "</p><script>alert(1)</script>",
    "]]><evil/>",
    "&amp;&lt;&#0;",
    '"><img src=x onerror=alert(1)>',
    "\x00\x01\x08\x0b\x0c\x1f\x7f\ufffe\uffff",
    "\ud800lone\udfff",
    "\u202eright to left\u2066",
    "\r\nline\rline\u2028line",
    "<!DOCTYPE a [<!ENTITY b 'c'>]>&b;",
)
words = st.text(st.characters() | st.sampled_from("<>&\"'\x00\r\n\ufffe"), max_size=40) | (
    st.sampled_from(HOSTILE)
)


def make(text: str = "Grain is sold", **fields: Any) -> Document:
    given = {
        "kind": "post",
        "doc_id": "tg:100/1",
        "source": Source(type="telethon"),
        "channel": Channel(id=100, username="harbour", title="Harbour News"),
        "message_id": 1,
        "url": "https://t.me/harbour/1",
        "published_at": "2026-11-22T10:00:00Z",
        "title": text,
        "content_hash": "0" * 16,
    }
    return Document(**{**given, **fields})


def feed_of(*documents: Document, title: str = "Dateline: grain") -> Feed:
    entries = tuple(make_entry(one, f"{URL}/posts/a/b/1", NOW, HERE, EN) for one in documents)
    return Feed(
        id=urn_of("feed:a"),
        url=f"{URL}/feeds/secret.atom",
        title=title,
        language="en",
        updated=NOW,
        entries=entries,
    )


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(words.filter(bool))
    end = draw(st.integers(1, len(text)))
    url = draw(st.sampled_from(["https://example.org/", "javascript:alert(1)", *HOSTILE]))
    return make(
        draw(words),
        deck=draw(st.none() | words),
        body=(
            Block(
                type="para", text=text, gap=2, spans=(Span(kind="link", start=0, end=end, url=url),)
            ),
        ),
        channel=Channel(id=100, username=draw(st.none() | words), title=draw(words)),
        author=Author(kind="user", id=1, name=draw(words)),
        forwarded_from=Forward(name=draw(words), date=draw(st.none() | words)),
        links=(Link(text=draw(words), url=url),),
        media=(Media(type="document", name=draw(words), title=draw(st.none() | words)),),
        url=draw(st.none() | st.just(url)),
        published_at=draw(
            st.none()
            | st.sampled_from(["2026-11", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
            | words
        ),
        lang=draw(st.none() | words),
    )


class Seen(HTMLParser):
    """The elements and addresses of a page, as a browser takes them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name in ("href", "src"):
                self.addresses.append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


OF_A_POST = {"p", "em", "br", "a"}


def check(page: str, tags: set[str]) -> None:
    seen = Seen(page)
    assert seen.tags <= tags
    assert seen.attributes <= {
        "href",
        "rel",
        "dir",
        "class",
        "lang",
        "charset",
        "name",
        "content",
    } | ({"http-equiv"})
    assert all(re.match(r"(https?|tg)://|/(posts|stories)/", one) for one in seen.addresses)


@given(documents(), words)
def test_hostile_posts_are_text_to_every_reader(document: Document, title: str) -> None:
    feed = feed_of(document, make(), title=title)
    root = ET.fromstring(atom(feed))  # noqa: S314 - our own
    assert root.findtext(f"{A}title") == clean(title)
    first, second = root.findall(f"{A}entry")
    assert first.findtext(f"{A}title") == feed.entries[0].title
    assert second.findtext(f"{A}title") == "Grain is sold"
    html = first.findtext(f"{A}content") or ""
    check(html, OF_A_POST)
    parsed = json.loads(json_feed(feed))
    jsonschema.validate(parsed, SCHEMA)
    assert parsed["items"][0]["content_html"] == html
    assert [item["id"] for item in parsed["items"]] == [entry.id for entry in feed.entries]


@given(documents())
def test_hostile_posts_are_text_on_pages(document: Document) -> None:
    whole = {"html", "head", "meta", "title", "style", "body", "h1", "span", "ul", "li"}
    post = pages.post_page(document, HERE, EN, "/stories/a/b/c", 2)
    check(post, whole | OF_A_POST)
    member = pages.Member(document=document, path="/posts/a/b/c")
    check(pages.story_page([member], HERE, EN, 3), whole | OF_A_POST)
    assert clean(post) == post
    post.encode("utf-8")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_reader_of_feeds_sees_the_words_of_a_post(text: str) -> None:
    read = feedparser.parse(atom(feed_of(make(f"before {text} after"))))
    assert not read.bozo
    (entry,) = read.entries
    assert entry.title.startswith("before")
    assert "after" in Seen(entry.content[0].value).text
    assert "script" not in Seen(entry.content[0].value).tags


def test_a_feed_says_what_readers_need() -> None:
    edited = make(edited_at="2026-11-22T11:00:00Z", lang="en", deleted_at="2026-11-22T11:30:00Z")
    feed = feed_of(edited, replace(edited, published_at="2026-11", doc_id="tg:100/2"))
    read = feedparser.parse(atom(feed))
    assert not read.bozo
    assert read.version == "atom10"
    assert read.feed.id.startswith("urn:uuid:")
    first, second = read.entries
    assert first.link == f"{URL}/posts/a/b/1"
    assert first.author == "Harbour News"
    assert first.published == "2026-11-22T10:00:00Z"
    assert "published" not in second
    assert first.id != second.id
    assert {link.rel: link.href for link in first.links}["via"] == "https://t.me/harbour/1"
    assert "Deleted at the source" in first.content[0].value
    assert "Edited" in first.content[0].value
    items = json.loads(json_feed(feed))["items"]
    assert items[0]["external_url"] == "https://t.me/harbour/1"
    assert items[0]["date_published"] == "2026-11-22T10:00:00Z"
    assert "date_published" not in items[1]


@pytest.mark.parametrize("days", [0, 1, 400])
def test_what_a_feed_and_a_page_say_stays_true_whenever_they_are_read(days: int) -> None:
    forwarded = make(forwarded_from=Forward(name="Quay", date="2026-11-22T09:00:00Z"))
    then = replace(HERE, now=NOW + timedelta(days=days))
    told = [
        make_entry(forwarded, URL, NOW, then, EN).html,
        pages.post_page(forwarded, then, EN),
        pages.story_page([pages.Member(document=forwarded, path="/posts/a/b/c")], then, EN),
    ]
    for one in told:
        text = Seen(one).text
        assert "today" not in text and "yesterday" not in text
    assert "Forwarded from Quay · 2026-11-22 10:00 CET" in Seen(told[0]).text
    assert "Harbour News · 2026-11-22 11:00 CET" in Seen(told[1]).text
    assert "Harbour News · 2026-11-22 11:00 CET" in Seen(told[2]).text


@pytest.mark.parametrize(
    ("title", "body", "count"),
    [
        ("Grain is sold", (), 1),
        ("Grain is sold", ("To whom is not known.",), 1),
        ("Grain is sold", ("Grain is sold", "again"), 2),
        (None, ("Grain is sold",), 1),
    ],
)
def test_a_page_says_its_title_once(title: str | None, body: tuple[str, ...], count: int) -> None:
    blocks = tuple(Block(type="para", text=one, gap=2) for one in body)
    page = pages.post_page(replace(make(), title=title, body=blocks), HERE, EN)
    assert page.partition("<body")[2].count("Grain is sold") == count
    assert all(one in Seen(page).text for one in body)


def test_a_title_that_is_cut_is_whole_below() -> None:
    text = "Grain is sold to all who ask for it. " * 10
    seen = Seen(pages.post_page(make(text.strip()), HERE, EN)).text
    assert text.strip() in seen and "…" in seen


def test_links_of_a_title_are_on_its_page() -> None:
    links = (Link(text="Grain", url="https://example.org/a"),)
    page = pages.post_page(make("Grain is sold", links=links), HERE, EN)
    assert '<h1 dir="auto"><a href="https://example.org/a"' in page


def test_a_page_counts_all_posts_of_its_story() -> None:
    page = pages.post_page(make(), HERE, EN, "/stories/a/b/c", 1)
    assert "All posts that say this (2)" in Seen(page).text
    assert "All posts" not in pages.post_page(make(), HERE, EN, "/stories/a/b/c", 0)


def test_blank_lines_part_paragraphs_and_links_lead_where_they_may() -> None:
    body = (
        Block(type="para", text="one", gap=2),
        Block(
            type="para",
            text="two",
            gap=2,
            spans=(Span(kind="link", start=0, end=3, url="https://example.org/a"),),
        ),
        Block(
            type="para",
            text="evil",
            gap=1,
            spans=(Span(kind="link", start=0, end=4, url="javascript:alert(1)"),),
        ),
    )
    html = make_entry(make("Head", body=body), URL, NOW, HERE, EN).html
    assert html.count("<p") == 3
    assert 'href="https://example.org/a"' in html
    assert "javascript" not in html


def test_fifty_of_the_longest_posts_are_bounded() -> None:
    longest = make(body=(Block(type="para", text="&" * 200_000),))
    feed = feed_of(*[longest] * 50)
    assert len(atom(feed)) < 50 * 4096 * 12
    assert len(json_feed(feed)) < 50 * 4096 * 12
