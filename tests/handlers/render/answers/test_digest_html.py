"""A digest as a page that stands alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from handlers.outlines.briefs import Brief
from handlers.outlines.courses import Step
from handlers.outlines.outline import Across, Outline, Quote, Story, Teller
from handlers.outlines.weight import Weight
from handlers.render.answers.digest_html import digest_html
from handlers.render.answers.digest_stories import Digest
from handlers.render.text.dates import here_in
from handlers.texts.languages import words_of
from storage.document import Channel, Document, Source
from storage.structs import replace

UNTIL = datetime(2026, 11, 22, 12, tzinfo=UTC)
HERE = here_in("Europe/Berlin", UNTIL)
WEIGHT = Weight(sources=1.0, official=0.0, novelty=0.5, recency=1.0, volume=0.25)


def page(text: str, url: str | None = None) -> str:
    return digest_html(made(text, url), HERE, words_of("en"))


def made(text: str, url: str | None = None) -> Digest:
    """A digest of all that a page has, where ``text`` stands wherever a post may say something."""
    documents = {
        name: Document(
            kind="post",
            doc_id=name,
            source=Source(type="telethon"),
            channel=Channel(id=100, username="harbour", title=text),
            message_id=number,
            url=url,
            published_at=f"2026-11-22T09:0{number}:00Z",
            title=text,
            content_hash=f"{number:016x}",
        )
        for number, name in enumerate(("a", "b", "c"), 1)
    }
    story = Story(
        head=text,
        doc_id="a",
        posts=("a", "b"),
        tellers=(Teller(doc_id="a", posts=1),),
        weight=WEIGHT,
        steps=(Step(doc_id="a", text="How it began"), Step(doc_id="b", text=text)),
        quote=Quote(speaker=text, text=text),
    )
    outline = Outline(
        posts=("a", "b", "c"), channels=1, stories=(story,), roundups=("b",), rest=("c",)
    )
    return Digest(
        token="t",
        since=UNTIL - timedelta(days=1),
        until=UNTIL,
        outline=outline,
        documents=documents,
        query=text,
    )


def test_the_page_tells_stories_roundups_and_all_the_rest() -> None:
    tree = LexborHTMLParser(page("Ferry late"))
    texts = [node.text(strip=True) for node in tree.css("h1, h2, h3, li, blockquote, summary")]
    assert texts == [
        "21 Nov 13:00 – 22 Nov 13:00",
        "Ferry late",
        "Ferry late— Ferry late",
        "10:01Ferry late:How it began",
        "All posts",
        "10:01 Ferry late:Ferry late",
        "10:02 Ferry late:Ferry late",
        "Roundups",
        "10:02 Ferry late:Ferry late",
        "More posts",
        "10:03 Ferry late:Ferry late",
    ]
    assert "🔎 Ferry late" in [node.text(strip=True) for node in tree.css("p")]
    links = {node.attributes["href"] for node in tree.css("a")}
    assert links == {f"https://t.me/harbour/{number}" for number in (1, 2, 3)}


def test_the_page_tells_of_a_story_all_that_a_message_does() -> None:
    digest = made("Ferry late")
    brief = Brief(doc_id="c", text="Fähre zu spät", channels=2)
    (story,) = digest.outline.stories
    story = replace(
        story,
        edited=1,
        likewise=(Step(doc_id="b", text="Tram"),),
        across=Across(doc_id="c", text="Паром опоздал", language="ru"),
        abroad=(replace(brief, also=True),),
        corrections=(Step(doc_id="b", text="It was the tram"),),
    )
    outline = replace(digest.outline, stories=(story,), corrections=(brief,))
    told = digest_html(replace(digest, outline=outline), HERE, words_of("en"))
    tree = LexborHTMLParser(told)
    article = tree.css_first("article")
    assert article.css_first("h2 a").attributes["href"] == "https://t.me/harbour/1"
    assert [node.text() for node in article.css("p, div")] == [
        "❗ correction: 10:02 Ferry late: It was the tram",
        "≈ much the same, about others: Tram 10:02",
        "2 posts · first: Ferry late 10:01 · 1 edited",
        "🌐 possibly also in Russian: Ferry late 10:03: Паром опоздал",
        "  🌐 possibly the same: Fähre zu spät (Ferry late 10:03, +1)",
    ]
    assert [node.text() for node in tree.css("body > h3, body > p")] == [
        "3 posts · 1 channel",
        "🔎 Ferry late",
        "❗ Corrections",
        "• Fähre zu spät (Ferry late 10:03, +1)",
        "Roundups",
        "More posts",
    ]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", 'https://example.org/" onclick=alert(1)', "data:text/html,x"]
)
def test_an_address_is_only_one_that_may_be_followed(url: str) -> None:
    tree = LexborHTMLParser(page("Ferry late", url))
    for node in tree.css("a"):
        assert (node.attributes["href"] or "").startswith("https://")
        assert set(node.attributes) == {"href", "rel"}


HOSTILE = st.text(st.sampled_from("<>&\"'/= abсript!-[]\u202e\u2066\n"), max_size=60)


@given(text=HOSTILE)
def test_whatever_posts_say_is_text(text: str) -> None:
    told = page(f"<script>{text}</script><img src=//example.org/x onerror={text}>")
    tree = LexborHTMLParser(told)
    allowed = "html head meta title style body h1 h2 h3 p article blockquote br span ul li div a"
    assert {node.tag for node in tree.css("*")} <= {*allowed.split(), "details", "summary"}
    for node in tree.css("*"):
        assert not {"src", "style", "onerror", "onclick"} & set(node.attributes)
    assert tree.css_first("meta[http-equiv]").attributes["content"].startswith("default-src 'none'")
    assert not set("\u202e\u2066") & set(told)
