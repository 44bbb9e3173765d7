"""What was folded can be opened: behind a row of results, and behind an alert."""

from typing import Any

import pytest
from database_steps import mark_sent

from handlers.render.text.messages import DATA_BYTES, Message
from handlers.render.text.rich import RichText
from storage.document import Channel
from storage.outbox import queueing
from storage.payloads import AlertPayload, Line, ListPayload
from storage.records import PRIORITY_ALERT, NewDelivery
from storage.stories import folded
from storage.stories.folded import Fold
from storage.structs import replace
from storage.subscribers import alerts, subscribers

OLD = "This button no longer works."
TEXT = "The ferry sails"


def mirror(number: int) -> Channel:
    return Channel(id=200 + number, username=f"mirror{number}", title=f"Mirror {number}")


@pytest.fixture
async def copies(store: Any, make_post: Any) -> list[Any]:
    """A post of Harbour News and ten copies in other channels."""
    made = [make_post(1, TEXT)]
    made += [make_post(n, TEXT, channel=mirror(n)) for n in range(2, 12)]
    await store(*made)
    return made


async def test_a_row_of_results_is_opened_turned_and_left(ann: Any, copies: Any) -> None:
    (found,) = await ann.say("/search ferry")
    assert "+10 channels" in found.text.text
    opened = (await ann.press(found.keyboard, "1: +10 channels")).edit
    lines = opened.text.text.split("\n\n")
    assert lines[0] == "🔁 The same story elsewhere: 10"
    assert len(lines) == 1 + 8
    assert lines[1].endswith(f"today 9:01\n{TEXT}")
    assert any(span.url == "https://t.me/mirror5/5" for span in opened.text.spans)
    second = (await ann.press(opened.keyboard, "Next")).edit
    assert len(second.text.text.split("\n\n")) == 1 + 2
    back = (await ann.press(second.keyboard, "Back")).edit
    assert back.text == found.text
    sizes = [len((b.data or "").encode()) for row in second.keyboard for b in row]
    assert max(sizes) <= DATA_BYTES


async def test_only_what_ones_own_search_found_is_opened(
    ann: Any, copies: Any, store: Any, make_post: Any
) -> None:
    await store(make_post(30, "Quite another story"), make_post(31, "Quite another story"))
    (found,) = await ann.say("/search ferry")
    (other,) = await ann.say("/search quite")
    mine = next(b.data for row in found.keyboard for b in row if "+10" in b.text)
    theirs = next(b.data for row in other.keyboard for b in row if "+1 post" in b.text)
    _, token, _, row, _ = mine.split("|")
    forged = f"cp|{token}|0|{theirs.split('|')[3]}|0"
    assert (await ann.press_data(forged)).toast == OLD
    assert (await ann.press_data(f"cp|{token}|0|{'9' * 18}|0")).toast == OLD
    assert (await ann.press_data(f"cp|{token}|7|{row}|0")).edit is None
    assert (await ann.press_data(f"cp|{token}|0|{row}|99")).toast == "It stands nowhere else."
    eve = replace(ann, chat_id=9, sender_id=9)
    assert (await eve.press_data(mine)).edit is None


@pytest.fixture
async def told(ann: Any, copies: Any, database: Any) -> Any:
    """An alert that came as message 44, and one of the copies folded onto it."""
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=1, now=ann.now)
        await subscribers.add_subscriber(tx, chat_id=9, now=ann.now)
        alert = await alerts.add_alert(tx, chat_id=1, query="ferry", now=ann.now)
        row = NewDelivery(
            chat_id=1,
            kind="alert",
            key="a",
            payload=AlertPayload(doc_id="tg:100/1", alerts=((alert.id, "ferry"),)),
            priority=PRIORITY_ALERT,
            due_at=ann.now,
            created_at=ann.now,
            story="tg:100/1",
        )
        await queueing.add_deliveries(tx, [row])
        await mark_sent(tx, 1, 44, ann.now)
        fold = Fold(chat_id=1, story="tg:100/1", onto="tg:100/1", post="tg:202/2")
        same = Fold(chat_id=1, story="tg:100/1", onto="tg:100/1", post="tg:203/3", is_event=True)
        await folded.add_folds(tx, [fold, same], now=ann.now)
        await tx.execute("UPDATE document SET story = 'tg:100/1'")
    ann.pressed_at = 44
    return alert


async def test_an_alert_is_opened_and_comes_back(ann: Any, told: Any) -> None:
    async def render_again(row_id: int) -> Message:
        return Message(RichText(f"the alert of row {row_id}"))

    services = replace(ann.services, render_again=render_again)
    ann = replace(ann, services=services)
    rest = (await ann.press_data(f"uf|tg:100/1|{told.id}")).keyboard
    opened = (await ann.press(rest, "🔁 +10 posts")).edit
    first, *posts = opened.text.text.split("\n\n")
    assert first.splitlines()[1:] == [
        "＝ came to this message",
        "≈ came to this message: probably the same event, in other words",
    ]
    assert posts[2].startswith("Mirror 4 ·")
    assert [post[:10] for post in posts[:2]] == ["＝ Mirror 2", "≈ Mirror 3"]
    second = (await ann.press(opened.keyboard, "Next")).edit
    assert len(second.text.text.split("\n\n")) == 3
    assert (await ann.press(second.keyboard, "Back")).edit.text.text == "the alert of row 1"


@pytest.mark.parametrize("data", ["ai|0", "ab"])
async def test_nobody_opens_what_another_chat_got(ann: Any, told: Any, data: str) -> None:
    eve = replace(ann, chat_id=9, sender_id=9)
    assert (await eve.press_data(data)).toast == OLD
    elsewhere = replace(ann, pressed_at=45)
    assert (await elsewhere.press_data(data)).toast == OLD


async def test_where_a_post_was_deleted_its_buttons_open_a_copy(
    ann: Any, told: Any, store: Any, make_post: Any
) -> None:
    await store(make_post(1, TEXT, deleted_at="2026-11-22T09:30:00Z"))
    result = await ann.press_data(f"xk|tg:100/1|{told.id}")
    assert result.keyboard[0][0].url == "https://t.me/mirror2/2"
    await store(make_post(2, TEXT, channel=mirror(2), deleted_at="2026-11-22T09:40:00Z"))
    result = await ann.press_data(f"xk|tg:100/1|{told.id}")
    assert result.keyboard[0][0].url == "https://t.me/harbour/1"


@pytest.mark.parametrize("story", ["tg:100/1", None])
async def test_a_post_of_a_list_that_grows_is_opened_too(
    ann: Any, told: Any, database: Any, story: str | None
) -> None:
    async with database.transaction() as tx:
        posts = (Line(doc_id="tg:100/1", alerts=((told.id, "ferry"),), story=story),)
        row = NewDelivery(
            chat_id=1, kind="bundle", key="b", payload=ListPayload(posts=posts, rows=(1,)),
            priority=PRIORITY_ALERT, due_at=ann.now, created_at=ann.now, bundle="burst",
        )  # fmt: skip
        await queueing.add_deliveries(tx, [row])
        await mark_sent(tx, 2, 45, ann.now)
    ann.pressed_at = 45
    (shown,) = (await ann.press_data("bo|2|0")).reply
    opened = (await ann.press(shown.keyboard, "🔁 +10 posts")).edit
    assert "＝ Mirror 2" in opened.text.text
    assert "≈ Mirror 3" in opened.text.text
    ann.pressed_at = 46
    back = (await ann.press(opened.keyboard, "Back")).edit
    assert back.text == shown.text
    assert (await ann.press_data("ba|2|7|0")).toast == "It stands nowhere else."
    eve = replace(ann, chat_id=9, sender_id=9)
    assert (await eve.press_data("ba|2|0|0")).toast == OLD
