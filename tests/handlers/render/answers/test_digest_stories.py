"""One story of a digest as lines: what is named, and from where on it is counted or cut."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.outlines.courses import Step
from handlers.outlines.outline import Outline, Quote, Story, Teller
from handlers.outlines.weight import Weight
from handlers.render.answers.digest_stories import (
    Digest,
    day_and_time,
    says_the_same,
    story_block,
    time_in,
    time_of,
    what_follows,
)
from handlers.render.text.dates import Here
from handlers.texts.languages import words_of
from storage.document import Block, Channel, Document, Source

EN = words_of("en")
UNTIL = datetime(2026, 11, 22, 12, tzinfo=UTC)
HERE = Here(ZoneInfo("Europe/Berlin"), UNTIL)
WEIGHT = Weight(sources=1.0, official=0.0, novelty=0.5, recency=1.0, volume=0.25)
HEAD = "The old ferry has run aground"


def post(number: int, *, seconds: int = 0, **fields: Any) -> Document:
    """A post of a channel of its own, so many seconds after 9:00 UTC."""
    at = UNTIL - timedelta(hours=3) + timedelta(seconds=seconds)
    given = {
        "channel": Channel(id=number, username=f"quay_{number}", title=f"Quay {number}"),
        "published_at": f"{at:%FT%TZ}",
        "title": HEAD,
        **fields,
    }
    return Document(
        kind="post",
        doc_id=f"tg:{number}/1",
        source=Source(type="telethon"),
        message_id=1,
        content_hash="0" * 16,
        **given,
    )


def story(*tellers: Teller, **fields: Any) -> Story:
    posts = tuple(one.doc_id for one in tellers)
    given = {"head": HEAD, "doc_id": posts[0], "posts": posts, "weight": WEIGHT, **fields}
    return Story(tellers=tellers, **given)


def teller(number: int, posts: int = 1) -> Teller:
    return Teller(doc_id=f"tg:{number}/1", posts=posts)


def block(told: Story, *documents: Document, posts: int = 31, number: int = 1) -> list[str]:
    """The story's lines in a digest of a day with so many posts."""
    digest = Digest(
        token="t",
        since=UNTIL - timedelta(days=1),
        until=UNTIL,
        outline=Outline(posts=tuple(map(str, range(posts))), channels=1, stories=(told,)),
        documents={one.doc_id: one for one in documents},
    )
    return story_block(number, told, digest, HERE, EN).text.splitlines()


@pytest.mark.parametrize(
    ("others", "told"),
    [
        (0, []),
        (1, ["Quay 2 (2 min later)"]),
        (3, ["Quay 2 (2 min later)", "Quay 3", "Quay 4"]),
        (4, ["Quay 2 (2 min later)", "Quay 3", "Quay 4", "+1"]),
        (6, ["Quay 2 (2 min later)", "Quay 3", "Quay 4", "+3"]),
    ],
)
def test_three_other_channels_are_named_and_the_rest_counted(others: int, told: list[str]) -> None:
    numbers = range(2, 2 + others)
    shown = block(
        story(teller(1), *map(teller, numbers)),
        post(1),
        *(post(number, seconds=number * 60) for number in numbers),
    )[-1]
    begin = "1. " if not others else ""
    assert not begin or shown == "Quay 1 10:00"
    if others:
        assert shown == f"{others + 1} posts · first: Quay 1 10:00 · also {', '.join(told)}"


@pytest.mark.parametrize(
    ("seconds", "posts", "name"),
    [
        (59, 1, "Quay 2"),
        (60, 1, "Quay 2 (1 min later)"),
        (0, 2, "Quay 2 (2)"),
        (60, 2, "Quay 2 (2, 1 min later)"),
        (-600, 1, "Quay 2"),
        (3600, 1, "Quay 2 (1 h later)"),
    ],
)
def test_from_a_minute_on_it_is_said_how_much_later_another_was(
    seconds: int, posts: int, name: str
) -> None:
    told = story(teller(1), teller(2, posts))
    assert block(told, post(1), post(2, seconds=seconds))[-1].endswith(f" · also {name}")


def test_how_much_later_is_said_of_the_next_channel_alone_and_not_of_a_gone_one() -> None:
    told = story(teller(1), teller(2), teller(3))
    lines = block(told, post(1), post(3, seconds=600))
    assert lines[-1] == "3 posts · first: Quay 1 10:00 · also Quay 3"
    lines = block(told, post(2, seconds=60), post(3, seconds=600))
    assert lines[0] == f"1. {HEAD} (not kept any more)"
    assert lines[-1] == "3 posts · also Quay 2, Quay 3"


@pytest.mark.parametrize(
    ("fields", "notes"),
    [
        ({"mine": True}, "🔔 yours · Quay 1 10:00"),
        ({"edited": 1}, "Quay 1 10:00 · 1 edited"),
        ({"deleted": 2}, "Quay 1 10:00 · 2 deleted since"),
        ({"edited": 3, "deleted": 1}, "Quay 1 10:00 · 3 edited · 1 deleted since"),
        ({"since": "2026-11-22T06:30:00+00:00"}, "Quay 1 10:00 · began today 7:30"),
    ],
)
def test_what_became_of_a_story_of_one_post(fields: dict[str, Any], notes: str) -> None:
    assert block(story(teller(1), **fields), post(1), number=7) == [f"7. {HEAD}", notes]


@pytest.mark.parametrize(("units", "cut"), [(40, False), (41, True)])
def test_long_names_are_cut(units: int, cut: bool) -> None:
    name, shown = "N" * units, "N" * 39 + "…" if cut else "N" * units
    first = post(1, channel=Channel(id=1, title=name))
    told = story(teller(1), quote=Quote(speaker=name, text="We sail."))
    assert block(told, first)[1:] == [f"💬 {shown}: «We sail.»", f"{shown} 10:00"]


@pytest.mark.parametrize(("units", "cut"), [(300, False), (301, True)])
def test_long_heads_steps_and_quotes_are_cut(units: int, cut: bool) -> None:
    long, shown = "w" * units, "w" * 299 + "…" if cut else "w" * units
    step = Step(doc_id="tg:2/1", text="v" * units)
    told = story(teller(1), teller(2), head=long, quote=Quote(speaker="Ann", text=long))
    told = story(*told.tellers, head=long, quote=told.quote, steps=(step,))
    lines = block(told, post(1), post(2, seconds=60))
    assert lines[:2] == [f"1. {shown}", f"💬 Ann: «{shown}»"]
    assert lines[2] == f"10:01 Quay 2: {shown.replace('w', 'v')}"


@pytest.mark.parametrize(("units", "cut"), [(220, False), (221, True)])
def test_what_follows_a_head_is_cut_and_told_of_few_posts_alone(units: int, cut: bool) -> None:
    text = ("so on " * 50)[: units - 1] + "."
    first = post(1, body=(Block(type="para", text=text),))
    shown = block(story(teller(1)), first, posts=30)[1]
    assert (shown == text) is not cut
    assert shown.endswith("…") is cut
    assert block(story(teller(1)), first, posts=31)[1] == "Quay 1 10:00"


@pytest.mark.parametrize(
    ("line", "follows"),
    [
        ("Four words are few", ""),
        ("Five words are quite enough", "Five words are quite enough"),
        ("One, two — three 4!", ""),
    ],
)
def test_lines_of_fewer_than_five_words_are_a_signature(line: str, follows: str) -> None:
    assert what_follows(HEAD, post(1, body=(Block(type="para", text=line),))) == follows


@pytest.mark.parametrize(("before", "told"), [(300, True), (301, False)])
def test_what_stands_far_down_in_a_post_is_no_head_of_it(before: int, told: bool) -> None:
    text = f"{'x' * (before - 1)} {HEAD} and then it sank."
    found = post(1, title=None, body=(Block(type="para", text=text),))
    assert what_follows(HEAD, found) == ("and then it sank." if told else "")


@pytest.mark.parametrize(
    ("step", "same"),
    [
        ("The old ferry…", True),
        ("The old ferry has run —", True),
        ("The old ferry, …", True),
        (HEAD, True),
        (HEAD + " again", False),
        ("the old ferry", False),
        ("old ferry", False),
    ],
)
def test_half_a_line_says_what_the_head_begins_with(step: str, same: bool) -> None:
    assert says_the_same(step, HEAD) is same


@pytest.mark.parametrize(
    ("hours", "ago", "told"),
    [
        (24, timedelta(hours=1), "12:00"),
        (24, timedelta(hours=13), "0:00"),
        (24, timedelta(hours=13, seconds=1), "21 Nov 23:59"),
        (25, timedelta(hours=1), "22 Nov 12:00"),
    ],
)
def test_a_digest_of_a_day_tells_its_last_days_times_alone(
    hours: int, ago: timedelta, told: str
) -> None:
    digest = Digest(
        token="t",
        since=UNTIL - timedelta(hours=hours),
        until=UNTIL,
        outline=Outline(posts=(), channels=0, stories=()),
        documents={},
    )
    assert time_in(digest, UNTIL - ago, HERE, EN) == told
    at = UNTIL - ago
    assert time_of(post(1, published_at=f"{at:%FT%TZ}"), digest, HERE, EN) == told
    assert time_of(post(1, published_at="2026-11-20"), digest, HERE, EN) == "20 Nov"


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2026-11-22T08:05+00:00", "today 9:05"),
        ("2026-11-21T23:00+00:00", "today 0:00"),
        ("2026-11-21T22:59+00:00", "yesterday 23:59"),
        ("2026-11-20T08:05+00:00", "20 Nov 9:05"),
        ("2025-11-20T08:05+00:00", "20 Nov 2025 9:05"),
    ],
)
def test_a_moment_has_its_day_and_its_time_once(at: str, told: str) -> None:
    assert day_and_time(datetime.fromisoformat(at), HERE, EN) == told
