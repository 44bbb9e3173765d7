"""Who asks for the surges of which queries."""

from datetime import timedelta

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
    await surges.note_told(tx, asked[0].id, now=now)
    later = await surges.list_asked(tx, told_before=now - HOUR)
    assert [(one.query, one.chat_id) for one in later] == [("grain", 2), ("oil", 1)]
    assert len(await surges.list_asked(tx, told_before=now)) == 3
    assert not await surges.remove_surge(tx, asked[0].id, 2)
    assert await surges.remove_surge(tx, asked[0].id, 1)
    await subscribers.remove_subscriber(tx, 2)
    assert [one.query for one in await surges.list_surges(tx, 1)] == ["oil"]
    assert await surges.list_surges(tx, 2) == []
