"""What a correction may be about: found by indexes as by looking at every post of the channel."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from handlers.outlines.earlier import FEWEST, NEAR, PAIRS, Earlier
from handlers.outlines.posted import Posted
from storage.document import Channel, Document, Link, Reply, Source

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def posted(
    number: int,
    minutes: int = 0,
    *,
    album: tuple[int, ...] = (),
    reply: Reply | None = None,
    links: tuple[str, ...] = (),
) -> Posted:
    document = Document(
        kind="post",
        doc_id=f"tg:1/{number}",
        source=Source(type="telethon"),
        channel=Channel(id=1, username="harbour"),
        message_id=number,
        album_ids=album,
        published_at=f"{NOON + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}",
        reply_to=reply,
        links=tuple(Link(text="here", url=url) for url in links),
        content_hash=f"{number:016x}",
    )
    return Posted(document=document, story=document.doc_id)


def is_named(correction: Posted, other: Posted) -> bool:
    reply = correction.document.reply_to
    numbers = {other.document.message_id, *other.document.album_ids}
    if reply is not None and reply.channel_id in (None, 1) and reply.message_id in numbers:
        return True
    links = {f"https://t.me/{name}/{number}" for name in ("harbour", "c/1") for number in numbers}
    return any(link.url in links for link in correction.document.links)


@given(
    posts=st.lists(
        st.tuples(st.integers(-1_500, 0), st.sets(st.integers(1, 30), max_size=2)), max_size=25
    ),
    at=st.integers(-1_500, 60),
    answers=st.none() | st.tuples(st.sampled_from((None, 1, 2)), st.integers(1, 30)),
    linked=st.lists(st.tuples(st.sampled_from(("harbour", "c/1", "c/2")), st.integers(1, 30))),
    minute=st.integers(0, 59),
)
def test_what_is_named_is_what_looking_at_every_post_finds(
    posts: list[tuple[int, set[int]]],
    at: int,
    answers: tuple[int | None, int] | None,
    linked: list[tuple[str, int]],
    minute: int,
) -> None:
    told = [
        posted(number, minutes, album=tuple(sorted(album)))
        for number, (minutes, album) in enumerate(posts, 1)
    ]
    correction = posted(
        99,
        at,
        reply=answers and Reply(channel_id=answers[0], message_id=answers[1]),
        links=tuple(f"https://t.me/{name}/{number}" for name, number in linked),
    )
    assert correction.at is not None
    moment = correction.at
    before = [(one.at, one) for one in told if one.at is not None and one.at <= moment]
    before.sort(key=lambda one: one[0])
    earlier = Earlier(told, 1)
    until = earlier.count_until(correction)
    assert list(earlier.last(until)) == [one for _, one in before]
    named = [one for _, one in before if is_named(correction, one)]
    assert earlier.find_named(correction.document, until) == (named[-1] if named else None)
    of_minute = [one for when, one in before if when.minute == minute and moment - when <= NEAR]
    assert list(earlier.of_minute(minute, until, correction)) == of_minute


def test_a_channel_that_corrects_itself_all_day_is_compared_with_its_last_posts() -> None:
    told = [posted(number, number) for number in range(1, FEWEST + 100)]
    few, many = Earlier(told, 100), Earlier(told, PAIRS)
    assert [*few.last(len(told))] == told
    assert [*many.last(len(told))] == told[-FEWEST:]
    reply = posted(999, 999, reply=Reply(message_id=1))
    assert many.find_named(reply.document, len(told)) is told[0]
