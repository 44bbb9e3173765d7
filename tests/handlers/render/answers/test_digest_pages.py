"""A digest as messages: what Telegram takes, whatever the posts say."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.outlines.briefs import Brief
from handlers.outlines.courses import Step
from handlers.outlines.outline import Across, Continued, Outline, Quote, Story, Teller
from handlers.outlines.weight import Weight
from handlers.render.answers import digest_pages, digest_stories
from handlers.render.answers.digest_html import digest_html
from handlers.render.answers.digest_pages import POSTS, REST
from handlers.render.answers.digest_stories import Digest, time_in
from handlers.render.text.dates import Here
from handlers.render.text.messages import DATA_BYTES, MESSAGE_SPANS, MESSAGE_UNITS, Message
from handlers.render.text.rich import RichText, Span, utf16_length
from handlers.texts.languages import words_of
from storage.document import Block, Channel, Document, Source
from storage.structs import replace

EN, RU = words_of("en"), words_of("ru")
UNTIL = datetime(2026, 11, 22, 12, tzinfo=UTC)
HERE = Here(ZoneInfo("Europe/Berlin"), UNTIL)
WEIGHT = Weight(sources=1.0, official=0.0, novelty=0.5, recency=1.0, volume=0.25)


def document(name: str, title: str = "Ferry late", channel: str = "Harbour News") -> Document:
    number = int(name.rpartition("/")[2])
    return Document(
        kind="post",
        doc_id=name,
        source=Source(type="telethon"),
        channel=Channel(id=100, username="harbour", title=channel),
        message_id=number,
        published_at=f"{UNTIL - timedelta(hours=3) + timedelta(minutes=number):%FT%TZ}",
        title=title,
        content_hash=f"{number:016x}",
    )


def story(*numbers: int, head: str = "The old ferry has run aground", **fields: object) -> Story:
    names = tuple(f"tg:100/{number}" for number in numbers)
    given_ = {
        "head": head,
        "doc_id": names[0],
        "posts": names,
        "tellers": tuple(Teller(doc_id=name, posts=1) for name in names),
        "weight": WEIGHT,
        **fields,
    }
    return Story(**given_)  # type: ignore[arg-type]


def digest(*stories: Story, rest: tuple[str, ...] = (), roundups: tuple[str, ...] = ()) -> Digest:
    posts = (*(name for one in stories for name in one.posts), *roundups, *rest)
    outline = Outline(posts=posts, channels=2, stories=stories, rest=rest, roundups=roundups)
    return Digest(
        token="a" * 18,
        since=UNTIL - timedelta(days=1),
        until=UNTIL,
        outline=outline,
        documents={name: document(name, channel=f"Channel {name[-1]}") for name in posts},
    )


def buttons(message: Message) -> list[list[str]]:
    return [[button.text for button in row] for row in message.keyboard]


def test_a_short_digest_has_heads_and_who_tells_them_below_its_name() -> None:
    steps = (
        Step(doc_id="tg:100/1", text="The old ferry has run…"),
        Step(doc_id="tg:100/5", text="Nobody is hurt"),
    )
    told = story(1, 5, steps=steps, quote=Quote(speaker="Ann Aker", text="We sail at noon."))
    full = digest(told)
    short = replace(full, title=" Morning\u202e ", short=True)
    text = digest_pages.digest_page(short, 0, HERE, EN).text.text
    title, span, _, _, head, notes = text.split("\n")
    assert (title, span[:9]) == ("🗞 Morning", "yesterday")
    assert head == "1. The old ferry has run aground"
    assert notes.startswith("2 posts · first: Channel 1")
    assert "We sail at noon" in digest_pages.digest_page(full, 0, HERE, EN).text.text


def test_a_story_tells_what_happened_who_said_it_and_how_it_went_on() -> None:
    steps = (
        Step(doc_id="tg:100/1", text="The old ferry has run…"),
        Step(doc_id="tg:100/5", text="Nobody is hurt"),
    )
    told = story(
        1,
        5,
        9,
        steps=steps,
        quote=Quote(speaker="Ann Example", text="It will sail again."),
        edited=1,
    )
    shown = digest(told, rest=("tg:100/7",), roundups=("tg:100/8",))
    message = digest_pages.digest_page(shown, 0, HERE, EN)
    assert message.text.text == (
        "🗞 yesterday 13:00 – today 13:00\n"
        "5 posts · 2 channels\n"
        "\n"
        "1. The old ferry has run aground\n"
        "💬 Ann Example: «It will sail again.»\n"
        "10:05 Channel 5: Nobody is hurt\n"
        "3 posts · first: Channel 1 10:01 · also Channel 5 (4 min later), Channel 9 · 1 edited\n"
        "\n"
        "📋 Roundups\n"
        "• Ferry late 10:08\n"
        "▫️ 1 more post"
    )
    assert buttons(message) == [["More posts", "HTML"]]
    links = {span.url for span in message.text.spans if span.url}
    assert links == {f"https://t.me/harbour/{n}" for n in (1, 5, 8, 9)}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "2 posts · first: Channel 1 10:01 · also Channel 5 (4 min later)"),
        ({"head_first": False}, "2 posts · began with Channel 1 10:01 · also Channel 5"),
        ({"doc_id": "tg:100/5"}, "2 posts · Channel 5 10:05 · first: Channel 1 10:01"),
        (
            {"doc_id": "tg:100/5", "head_first": False},
            "2 posts · Channel 5 10:05 · began with Channel 1 10:01",
        ),
        (
            {"since": "2026-11-21T08:00:00+00:00"},
            "2 posts · Channel 1 10:01 · also Channel 5 (4 min later) · began yesterday 9:00",
        ),
        (
            {"since": "2026-11-21T08:00:00+00:00", "doc_id": "tg:100/5"},
            "2 posts · Channel 5 10:05 · began yesterday 9:00",
        ),
    ],
)
def test_nobody_is_said_to_be_first_with_what_they_did_not_say(
    fields: dict[str, object], told: str
) -> None:
    shown = digest(story(1, 5, **fields))
    shown = replace(
        shown,
        documents={
            name: replace(one, channel=Channel(id=one.message_id, title=f"Channel {name[-1]}"))
            for name, one in shown.documents.items()
        },
    )
    assert digest_pages.digest_page(shown, 0, HERE, EN).text.text.splitlines()[-1] == told


def test_further_stories_are_told_in_a_line_but_not_in_a_short_digest() -> None:
    shown = digest(story(1), rest=("tg:100/7", "tg:100/8", "tg:100/9"))
    briefs = (
        Brief(doc_id="tg:100/7", text="Barley is cheaper", channels=3),
        Brief(
            doc_id="tg:100/9",
            text="Oats are dearer",
            channels=1,
            otherwise=Step(doc_id="tg:100/8", text="Oats are not dearer"),
        ),
        Brief(
            doc_id="tg:100/99",
            text="Nobody has it any more",
            channels=2,
            otherwise=Step(doc_id="tg:100/98", text="Nor what says otherwise"),
        ),
    )
    shown = replace(shown, outline=replace(shown.outline, briefs=briefs))
    text = digest_pages.digest_page(shown, 0, HERE, EN).text.text
    assert text.endswith(
        "\n\nIn brief\n"
        "• Barley is cheaper (Channel 7 10:07, +2)\n"
        "• Oats are dearer (Channel 9 10:09)\n"
        "  ↔ Oats are not dearer (Channel 8 10:08)"
        "\n• Nobody has it any more (not kept any more)"
        "\n  ↔ Nor what says otherwise (not kept any more)"
    )
    assert {"tg:100/7", "tg:100/8"} <= digest_pages.shown_posts(shown.outline)
    short = digest_pages.digest_page(replace(shown, short=True), 0, HERE, EN)
    assert "In brief" not in short.text.text
    assert short.text.text.endswith("▫️ 3 more posts")
    more = replace(shown.outline, rest=(*shown.outline.rest, "tg:100/5"))
    more_text = digest_pages.digest_page(replace(shown, outline=more), 0, HERE, EN).text.text
    assert more_text.endswith("▫️ 1 more post")


@pytest.mark.parametrize("is_brief", [True, False])
def test_of_whom_else_the_same_is_said_stands_below(is_brief: bool) -> None:
    likewise = tuple(Step(doc_id=f"tg:100/{n}", text=f"Place {n}") for n in range(20, 28))
    told = (
        "≈ much the same, about others: Place 20 10:20, Place 21 10:21, Place 22 10:22,"
        " Place 23 10:23, Place 24 10:24, Place 25 10:25, +2"
    )
    text = "Storm in Place 7"
    brief = Brief(doc_id="tg:100/7", text=text, channels=1, posts=9, likewise=likewise)
    briefs = (brief,) if is_brief else ()
    shown = digest(story(1, likewise=() if is_brief else likewise), rest=("tg:100/7",))
    outline = replace(shown.outline, briefs=briefs)
    needed = digest_pages.shown_posts(outline)
    shown = replace(shown, outline=outline, documents={name: document(name) for name in needed})
    lines = digest_pages.digest_page(shown, 0, HERE, EN).text.text.splitlines()
    assert [line.strip() for line in lines if "≈" in line] == [told]
    assert is_brief is (lines[-2] == f"• {text} (Harbour News 10:07 · 9 posts)")


def test_what_may_be_the_same_abroad_stands_below_and_is_told() -> None:
    lines = [Brief(doc_id=f"tg:100/{n}", text=f"Navire {n}", channels=1, also=True) for n in (7, 8)]
    shown = digest(story(1, abroad=(lines[0],)), rest=("tg:100/7", "tg:100/8", "tg:100/9"))
    first = Brief(doc_id="tg:100/9", text="Another story", channels=1)
    outline = replace(shown.outline, briefs=(first, lines[1]))
    needed = digest_pages.shown_posts(outline)
    assert {"tg:100/7", "tg:100/8"} <= needed
    shown = replace(shown, outline=outline, documents={name: document(name) for name in needed})
    text = digest_pages.digest_page(shown, 0, HERE, EN).text.text
    assert "\n  🌐 possibly the same: Navire 7 (Harbour News 10:07)\n\nIn brief" in text
    assert text.endswith(
        "• Another story (Harbour News 10:09)\n"
        "  🌐 possibly the same: Navire 8 (Harbour News 10:08)"
    )
    assert "возможно, о том же: Navire 7" in digest_pages.digest_page(shown, 0, HERE, RU).text.text


@pytest.mark.parametrize("short", [False, True])
def test_what_was_taken_back_says_so_at_its_head(short: bool) -> None:
    step = Step(doc_id="tg:100/8", text="Posted at 10:01 in error")
    brief = Brief(doc_id="tg:100/7", text="Fog in Marby", channels=1, corrections=(step,))
    above = Brief(doc_id="tg:100/9", text="Correction: the port is open", channels=1)
    shown = digest(story(1, corrections=(step,)), rest=("tg:100/7", "tg:100/9", "tg:100/8"))
    outline = replace(shown.outline, briefs=(brief,), corrections=(above,))
    needed = digest_pages.shown_posts(outline)
    documents = {name: document(name) for name in needed}
    shown = replace(shown, outline=outline, documents=documents, short=short)
    text = digest_pages.digest_page(shown, 0, HERE, EN).text.text
    line = "❗ correction: 10:08 Harbour News: Posted at 10:01 in error"
    assert f"\n1. The old ferry has run aground\n{line}\n" in text
    assert "\n\n❗ Corrections\n• Correction: the port is open (Harbour News 10:09)\n\n1." in text
    assert (f"• Fog in Marby (Harbour News 10:07)\n  {line}" in text) is not short
    html = digest_html(shown, HERE, EN)
    assert html.index("Correction: the port") < html.index("The old ferry")
    assert html.index("The old ferry") < html.index("Posted at 10:01 in error")


def test_lines_in_brief_go_on_on_the_next_page_with_their_heading_once() -> None:
    names = tuple(f"tg:100/{number}" for number in range(10, 50))
    briefs = tuple(Brief(doc_id=name, text=f"{name} " + "word " * 20, channels=1) for name in names)
    shown = digest(story(1), rest=names)
    shown = replace(shown, outline=replace(shown.outline, briefs=briefs))
    pages = [digest_pages.digest_page(shown, page, HERE, EN).text.text for page in range(2)]
    together = "\n".join(pages)
    assert together.count("In brief") == 1
    assert all(together.count(f"• {name} ") == 1 for name in names)
    assert pages[1].split("\n\n")[1].startswith("• ")


HEAD = "The old ferry has run aground"


@pytest.mark.parametrize(
    ("title", "body", "follows"),
    [
        (HEAD, ("Nobody of the forty is hurt.",), "Nobody of the forty is hurt."),
        (HEAD, ("Nobody of the forty is hurt.\n👉 Follow us",), "Nobody of the forty is hurt."),
        (HEAD, ("👉 Follow us",), ""),
        (HEAD, ("🔴 Follow us | Send news",), ""),
        (HEAD, (), ""),
        ("Quite another thing is told here", (), ""),
        (
            None,
            (f"{HEAD}. But that was in 2005, say its owners.",),
            ". But that was in 2005, say its owners.",
        ),
    ],
)
def test_a_post_goes_on_behind_its_head(
    title: str | None, body: tuple[str, ...], follows: str
) -> None:
    post = replace(
        document("tg:100/1"),
        title=title,
        body=tuple(Block(type="para", text=text) for text in body),
    )
    assert digest_stories.what_follows(HEAD, post) == follows


def test_of_few_posts_more_is_told_than_heads() -> None:
    post = replace(
        document("tg:100/1", HEAD),
        body=(Block(type="para", text="But that was in 2005, they say."),),
    )
    few = digest(story(1), rest=tuple(f"tg:100/{n}" for n in range(2, 31)))
    few = replace(few, documents={**few.documents, "tg:100/1": post})
    many = digest(story(1), rest=tuple(f"tg:100/{n}" for n in range(2, 32)))
    many = replace(many, documents={**many.documents, "tg:100/1": post})
    assert "But that was in 2005" in digest_pages.digest_page(few, 0, HERE, EN).text.text
    assert "But that was in 2005" not in digest_pages.digest_page(many, 0, HERE, EN).text.text
    quoted = replace(few.outline.stories[0], quote=Quote(speaker="Ann Aker", text="We sail."))
    few = replace(few, outline=replace(few.outline, stories=(quoted,)))
    assert "But that was in 2005" not in digest_pages.digest_page(few, 0, HERE, EN).text.text


def test_russian_is_spoken_too() -> None:
    shown = digest(story(1, 5), story(2), rest=tuple(f"tg:100/{n}" for n in range(10, 15)))
    message = digest_pages.digest_page(shown, 0, HERE, RU)
    assert "первым: Channel 1 10:01 · также Channel 5 (через 4 мин)" in message.text.text
    assert buttons(message) == [["Остальные посты", "Почему такой порядок?", "HTML"]]
    assert "источники 30" in digest_pages.why_page(shown, 0, RU).text.text


def test_a_story_says_what_it_goes_on_from() -> None:
    earlier = Continued(doc_id="tg:100/9", since="2026-11-19T08:00:00+00:00")
    shown = digest(story(1, continues=earlier), rest=("tg:100/9",))
    message = digest_pages.digest_page(shown, 0, HERE, EN)
    assert "↩ continues from 19 Nov 9:00" in message.text.text
    links = [span.url for span in message.text.spans if span.kind == "link"]
    assert "https://t.me/harbour/9" in links
    assert digest_pages.shown_posts(shown.outline) == {"tg:100/1", "tg:100/9"}
    unknown = replace(shown, documents={})
    assert "↩ continues from 19 Nov" in digest_pages.digest_page(unknown, 0, HERE, EN).text.text


def test_a_story_names_where_it_may_be_told_in_another_language() -> None:
    across = Across(doc_id="tg:100/9", text="Паром сел на мель", language="ru")
    shown = digest(story(1, across=across), rest=("tg:100/9",))
    message = digest_pages.digest_page(shown, 0, HERE, EN)
    assert "🌐 possibly also in Russian: Channel 9 10:09: Паром сел на мель" in message.text.text
    assert "https://t.me/harbour/9" in {span.url for span in message.text.spans}
    assert "tg:100/9" in digest_pages.shown_posts(shown.outline)
    gone = replace(shown, documents={"tg:100/1": document("tg:100/1")})
    assert "possibly" not in digest_pages.digest_page(gone, 0, HERE, EN).text.text


def test_of_more_than_a_day_times_are_told_with_their_day() -> None:
    steps = (Step(doc_id="tg:100/1", text="It began"), Step(doc_id="tg:100/5", text="It went on"))
    shown = digest(story(1, 5, steps=steps), rest=("tg:100/7",), roundups=("tg:100/8",))
    shown = replace(shown, since=UNTIL - timedelta(days=7))
    text = digest_pages.digest_page(shown, 0, HERE, EN).text.text
    for told in (
        "22 Nov 10:05 Channel 5: It went on",
        "Channel 1 22 Nov 10:01",
        "Ferry late 22 Nov 10:08",
    ):
        assert told in text
    assert (
        "\n22 Nov 10:07 "
        in digest_pages.posts_page(shown, ["tg:100/7"], REST, 0, HERE, EN).text.text
    )


@pytest.mark.parametrize(
    ("until", "at", "told"),
    [
        ("2026-11-22T08:00", "2026-11-22T01:30", "1:30"),
        ("2026-11-22T08:00", "2026-11-22T00:00", "0:00"),
        ("2026-11-22T08:00", "2026-11-21T23:59", "21 Nov 23:59"),
        ("2026-11-22T00:00", "2026-11-21T23:59", "23:59"),
        ("2026-11-22T00:00", "2026-11-21T00:00", "0:00"),
        ("2026-11-22T08:00", "2026-11-19T12:00", "19 Nov 12:00"),
    ],
)
def test_in_a_digest_of_a_day_times_of_the_day_before_have_their_day(
    until: str, at: str, told: str
) -> None:
    end, moment = (datetime.fromisoformat(one).replace(tzinfo=HERE.zone) for one in (until, at))
    shown = replace(digest(story(1)), since=end - timedelta(days=1), until=end)
    assert time_in(shown, moment, HERE, EN) == told


def test_pages_hold_every_story_once_and_lead_to_each_other() -> None:
    shown = digest(*(story(n, head=f"{n}: {'word ' * 60}".strip()) for n in range(10, 40)))
    first = digest_pages.digest_page(shown, 0, HERE, EN)
    count = int(first.keyboard[0][-2].text.partition("/")[2])
    texts = [digest_pages.digest_page(shown, n, HERE, EN).text.text for n in range(count)]
    assert count > 1
    for number in range(1, 31):
        assert sum(f"\n{number}. " in text for text in texts) == 1
    last = digest_pages.digest_page(shown, 99, HERE, EN)
    assert last == digest_pages.digest_page(shown, count - 1, HERE, EN)


@pytest.mark.parametrize("verb", [POSTS, REST])
def test_all_posts_can_be_reached(verb: str) -> None:
    names = [f"tg:100/{number}" for number in range(1, 41)]
    shown = digest(rest=tuple(names))
    pages = [digest_pages.posts_page(shown, names, verb, n, HERE, EN) for n in range(3)]
    urls = [span.url for page in pages for span in page.text.spans if span.url]
    assert urls == [f"https://t.me/harbour/{number}" for number in range(1, 41)]
    assert buttons(pages[1])[0] == ["‹ Prev", "2 / 3", "Next ›"]
    assert digest_pages.posts_page(shown, names, verb, 9, HERE, EN) == pages[2]
    assert digest_pages.posts_of_page(names, 9) == names[30:]
    assert digest_pages.posts_of_page([], 0) == []
    whole = [f"da|{shown.token}|0"] if verb == REST else []
    assert [one.data for one in pages[1].keyboard[-1]] == [f"dp|{shown.token}|0", *whole]


@pytest.mark.parametrize(("count", "more"), [(5, ""), (6, ""), (7, "• +1"), (9, "• +3")])
def test_six_roundups_and_six_others_of_whom_the_same_is_said_are_named(
    count: int, more: str
) -> None:
    names = tuple(f"tg:100/{number}" for number in range(1, count + 1))
    lines = digest_pages.digest_page(digest(roundups=names), 0, HERE, EN).text.text.splitlines()
    assert [line for line in lines if line.startswith("• +")] == ([more] if more else [])
    assert sum(line.startswith("• Ferry late") for line in lines) == min(count, 6)
    steps = tuple(Step(doc_id=name, text=f"Quay {name[-1]}") for name in names)
    shown = digest(story(1, likewise=steps), rest=names)
    (line,) = (
        line
        for line in digest_pages.digest_page(shown, 0, HERE, EN).text.text.splitlines()
        if line.startswith("≈")
    )
    assert line.count("Quay") == min(count, 6)
    assert line.endswith(more.replace("• ", ", ")) or not more
    needed = digest_pages.shown_posts(shown.outline) & set(names)
    assert needed == set(names[:6])


@pytest.mark.parametrize(("units", "cut"), [(80, False), (81, True)])
def test_long_names_and_queries_of_a_digest_are_cut(units: int, cut: bool) -> None:
    for fields in ({"title": "x" * units}, {"query": "x" * units}):
        text = digest_pages.digest_page(
            replace(digest(story(1)), **fields),  # type: ignore[arg-type]
            0,
            HERE,
            EN,
        ).text.text
        assert ("x" * 79 + "…" in text) is cut


def test_what_fits_no_page_stands_below_the_title_of_one() -> None:
    title, large = RichText("title"), RichText("x" * 5000)
    pages = [[title]]
    for _ in range(2):
        digest_pages._add(large, pages)
    assert pages == [[title, large], [title, large]]


HOSTILE = st.text(st.sampled_from("aб \n\u202e\u2066<>&[](){}*_`|/🗞🇺🇳\u0301"), max_size=900)


@given(heads=st.lists(HOSTILE, min_size=1, max_size=12), name=HOSTILE, page=st.integers(0, 9))
def test_whatever_posts_say_telegram_takes_the_page(heads: list[str], name: str, page: int) -> None:
    quote = Quote(speaker=name, text=heads[0])
    many = tuple(range(1, 9))
    steps = tuple(Step(doc_id=f"tg:100/{n}", text=name[:90]) for n in many[:4])
    shown = digest(*(story(*many, head=head[:240], quote=quote, steps=steps) for head in heads))
    titled = {key: document(key, name, name) for key in shown.documents}
    hostile = Digest(
        token=shown.token,
        since=shown.since,
        until=UNTIL,
        outline=shown.outline,
        documents=titled,
        query=name,
    )
    for message in (
        digest_pages.digest_page(hostile, page, HERE, EN),
        digest_pages.why_page(hostile, page, EN),
        digest_pages.posts_page(hostile, hostile.outline.posts, POSTS, 0, HERE, EN),
    ):
        assert utf16_length(message.text.text) <= MESSAGE_UNITS
        assert len(message.text.spans) <= MESSAGE_SPANS
        for row in message.keyboard:
            assert all(len((button.data or "").encode()) <= DATA_BYTES for button in row)


@pytest.mark.parametrize(
    ("units", "spans", "fits"),
    [
        (digest_pages._ROOM - 6, 0, True),  # with two lines between the blocks and behind them
        (digest_pages._ROOM - 5, 0, False),
        (1, digest_pages._SPANS - 1, True),
        (1, digest_pages._SPANS, False),
    ],
)
def test_a_page_holds_what_a_message_holds(units: int, spans: int, fits: bool) -> None:
    page = [RichText("🚢", (Span("bold", 0, 1),))]
    block = RichText("x" * units, (Span("bold", 0, 1),) * spans)
    assert digest_pages._fits(page, block) is fits
    assert digest_pages._ROOM <= MESSAGE_UNITS and digest_pages._SPANS <= MESSAGE_SPANS
