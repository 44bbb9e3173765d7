"""Many posts told in one message."""

from datetime import UTC, datetime

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from handlers.render.alerts.bundles import Bundle, BundledPost, bundle_message
from handlers.render.text.messages import Message
from handlers.render.text.rich import utf16_length
from storage.document import Block, Channel, Document, Source
from storage.records import Alert

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def alert(query: str = "oil") -> Alert:
    return Alert(id=1, chat_id=1, query=query, created_at=NOW)


def post(title: str, *body: str, channel: str = "Harbour News", number: int = 5) -> Document:
    return Document(
        kind="post",
        doc_id=f"tg:100/{number}",
        source=Source(type="telethon"),
        channel=Channel(id=100, username="harbour", title=channel),
        message_id=number,
        published_at="2026-11-22T21:05:00Z",
        title=title,
        body=tuple(Block(type="para", text=text, gap=1) for text in body),
        content_hash="0" * 16,
    )


def bundle(*posts: Document, query: str = "oil", language: str = "en") -> Message:
    told = [BundledPost(document=document, alerts=(alert(query),)) for document in posts]
    whole = Bundle(id=7, count=len(posts), queries={query: len(posts)})
    return bundle_message(
        whole, told, page=None, language=language, timezone="Europe/Berlin", now=NOW
    )


def bold(message: Message) -> list[str]:
    text = message.text
    return [text.text[s.start : s.end] for s in text.spans if s.kind == "bold"]


def test_a_bundle_has_a_line_a_post_with_time_channel_and_what_matched() -> None:
    message = bundle(post("Oil is dear"), post("Gas too", "Both oil and gas rise.", number=6))
    assert message.text.text == (
        "🔔 2 posts\noil\n\n"
        "• today 22:05 · Harbour News · Oil is dear\n"
        "• today 22:05 · Harbour News · Gas too — Both oil and gas rise."
    )
    assert bold(message) == ["🔔 2 posts", "Oil", "oil"]
    links = [span.url for span in message.text.spans if span.kind == "link"]
    assert links == ["https://t.me/harbour/5", "https://t.me/harbour/6"]


def test_what_matched_far_down_is_in_view() -> None:
    message = bundle(post("Title", "word " * 500 + "oil", "word " * 500))
    assert "oil" in bold(message)
    assert len(message.text.text) < 300


@pytest.mark.parametrize(("language", "title"), [("en", "🔔 2 posts"), ("ru", "🔔 2 поста")])
def test_a_bundle_is_told_in_the_readers_language(language: str, title: str) -> None:
    assert bold(bundle(post("Oil"), post("Oil"), language=language))[0] == title


def test_what_does_not_match_any_more_is_shown_from_its_beginning() -> None:
    assert bundle(post("An edited title")).text.text.endswith("· An edited title")


def test_markup_of_others_stays_text() -> None:
    message = bundle(post("<b>oil</b> [x](tg://user?id=1) **bold**", channel="<i>News</i>"))
    assert "<i>News</i> · <b>oil</b> [x](tg://user?id=1) **bold**" in message.text.text
    assert {span.kind for span in message.text.spans} == {"bold", "code", "link"}


@examples(50)
@given(
    titles=st.lists(
        st.text(alphabet=st.sampled_from("oil 🔔👩‍👩‍👧й\n\u200d<&*_`"), max_size=3000),
        min_size=1,
        max_size=25,
    ),
    channel=st.text(max_size=200),
)
def test_a_bundle_is_one_message_whatever_is_in_it(titles: list[str], channel: str) -> None:
    posts = [post(title + " oil " * 40, channel=channel) for title in titles]
    message = bundle(*posts, query="oil OR " + "я" * 100)
    assert utf16_length(message.text.text) <= 4096
    assert len(message.text.spans) <= 100
    assert message.text.text.count("\n• ") == len(posts)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "🔔 While I was away: 1 post (you may know it)"),
        ("ru", "🔔 Пока меня не было: 1 пост (возможно, вы его уже видели)"),
    ],
)
def test_a_list_of_what_may_have_been_told_says_so(language: str, title: str) -> None:
    told = [BundledPost(document=post("Oil is dear"), alerts=(alert(),))]
    whole = Bundle(id=7, count=1, queries={"oil": 1}, is_away=True)
    message = bundle_message(whole, told, page=None, language=language, timezone="UTC", now=NOW)
    assert message.text.text.startswith(title)
