"""Who asks for the surges of which queries."""

from datetime import timedelta

from storage.structs import replace
from storage.subscribers import signals, subscribers, surges

HOUR = timedelta(hours=1)


async def test_each_is_asked_for_once_and_told_again_after_a_while(tx, now) -> None:
    for chat_id in (1, 2):
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
        assert await surges.add_surge(tx, chat_id, "grain", now=now)
    assert not await surges.add_surge(tx, 1, "grain", now=now)
    assert await surges.add_surge(tx, 1, "oil", now=now)
    assert await signals.count_signals(tx, 1) == 2
    asked = await surges.list_asked(tx, told_before=now)
    assert [(one.query, one.chat_id) for one in asked] == [("grain", 1), ("grain", 2), ("oil", 1)]
    await surges.note_told(tx, asked[0], now=now)
    later = await surges.list_asked(tx, told_before=now - HOUR)
    assert [(one.query, one.chat_id) for one in later] == [("grain", 2), ("oil", 1)]
    assert len(await surges.list_asked(tx, told_before=now)) == 3
    assert not await surges.remove_surge(tx, asked[0].id, 2)
    assert await surges.remove_surge(tx, asked[0].id, 1)
    await subscribers.remove_subscriber(tx, 2)
    assert [one.query for one in await surges.list_surges(tx, 1)] == ["oil"]
    assert await surges.list_surges(tx, 2) == []


async def test_another_query_takes_the_place_of_one_and_may_be_told_at_once(tx, now) -> None:
    await subscribers.add_subscriber(tx, chat_id=1, now=now)
    await surges.add_surge(tx, 1, "grain", now=now, topic=7)
    (asked,) = await surges.list_surges(tx, 1)
    await surges.note_told(tx, asked, now=now)
    same = await surges.change_query(tx, asked.id, 1, "grain", now=now)
    assert same is not None
    assert same.told_at == now
    assert await surges.change_query(tx, asked.id, 2, "oil", now=now) is None
    changed = await surges.change_query(tx, asked.id, 1, "barge", now=now)
    assert changed == replace(asked, query="barge")
    assert await surges.list_surges(tx, 1) == [changed]


async def test_what_asks_something_else_by_now_is_not_noted_as_told(tx, now) -> None:
    await subscribers.add_subscriber(tx, chat_id=1, now=now)
    for query in ("grain", "oil"):
        await surges.add_surge(tx, 1, query, now=now)
    grain, oil = await surges.list_surges(tx, 1)
    await surges.change_query(tx, grain.id, 1, "barge", now=now)
    await surges.remove_surge(tx, oil.id, 1)
    for one in (grain, oil):
        assert await surges.find_present(tx, one) is None
        await surges.note_told(tx, one, now=now)
    assert [(one.query, one.told_at) for one in await surges.list_surges(tx, 1)] == [
        ("barge", None)
    ]


async def test_a_query_written_anew_knows_what_it_was_told_of_before_it_was_removed(
    tx, now
) -> None:
    await subscribers.add_subscriber(tx, chat_id=1, now=now)
    for query, posts in (("grain", {3, 4}), ("oil", {5})):
        await surges.add_surge(tx, 1, query, now=now)
        (asked,) = (one for one in await surges.list_surges(tx, 1) if one.query == query)
        await surges.note_told(tx, asked, posts, now=now)
    grain, oil = await surges.list_surges(tx, 1)
    await surges.remove_surge(tx, grain.id, 1, now=now)
    changed = await surges.change_query(tx, oil.id, 1, "grain", now=now)
    assert changed is not None
    assert changed.told_posts == {3, 4, 5}
    assert changed.told_at is None
    assert await surges.list_surges(tx, 1) == [changed]
