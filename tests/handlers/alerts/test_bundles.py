"""Turning the pages of a bundle."""

from typing import Any

import pytest
from database_steps import mark_sent

from handlers.alerts.bundles import read_bundle, read_burst
from storage.document import Channel
from storage.documents import documents
from storage.outbox import outbox, queueing
from storage.payloads import Line, ListPayload
from storage.records import PRIORITY_ALERT, Delivery, NewDelivery
from storage.stories import stories
from storage.subscribers import subscribers


@pytest.fixture
async def bundle(database: Any, make_post: Any, ann: Any, now: Any) -> Delivery:
    """Ann is told of 23 posts, most of them about oil."""
    made = [
        make_post(number, f"{'gas' if number % 4 else 'oil'} number {number}.")
        for number in range(1, 24)
    ]
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=ann.chat_id, now=now)
        await documents.store_documents(tx, made, stored_at=now, live=True)
        posts = [
            Line(
                doc_id=post.doc_id,
                alerts=((2, "oil"),) if number % 4 == 0 else ((1, "gas"),),
                story=post.doc_id,
            )
            for number, post in enumerate(made, start=1)
        ]
        new = NewDelivery(
            chat_id=ann.chat_id,
            kind="bundle",
            key="bundle:1",
            payload=ListPayload(posts=tuple(posts)),
            priority=PRIORITY_ALERT,
            due_at=now,
            created_at=now,
        )
        await queueing.add_deliveries(tx, [new])
        row = await outbox.find_delivery(tx, "bundle:1")
    assert row is not None
    return row


def labels(keyboard: Any) -> list[str]:
    return [button.text for row in keyboard for button in row]


async def first_page(database: Any, row: Delivery) -> Any:
    async with database.reader() as conn:
        return await read_bundle(conn, row, 0, language="en", timezone="UTC", now=row.created_at)


async def test_pages_are_turned_forth_and_back(ann: Any, database: Any, bundle: Delivery) -> None:
    shown = await first_page(database, bundle)
    assert shown.text.text.startswith("🔔 23 posts\ngas (18) · oil (5)\n\n• ")
    assert "number 1." in shown.text.text
    assert "number 11." not in shown.text.text
    assert labels(shown.keyboard) == ["1 / 3", "Next ›"]
    second = (await ann.press(shown.keyboard, "Next")).edit
    assert "number 11." in second.text.text
    assert labels(second.keyboard) == ["‹ Prev", "2 / 3", "Next ›"]
    third = (await ann.press(second.keyboard, "Next")).edit
    assert third.text.text.count("• ") == 3
    assert labels(third.keyboard) == ["‹ Prev", "3 / 3"]
    assert (await ann.press(second.keyboard, "Prev")).edit == shown


async def test_a_page_says_what_became_of_its_posts(
    ann: Any, database: Any, bundle: Delivery, make_post: Any, now: Any
) -> None:
    copy = make_post(
        500, "gas number 1.", channel=Channel(id=101, username="mirror", title="Mirror")
    )
    async with database.transaction() as tx:
        (stored,) = await documents.store_documents(tx, [copy], stored_at=now, live=True)
        await tx.execute(
            "UPDATE document SET story = ? WHERE id = ?", (bundle.listed.posts[0].doc_id, stored.id)
        )
        await documents.mark_deleted(tx, channel_id=100, message_ids=[2], noticed_at=now)
        found = await stories.list_channels(tx, [bundle.listed.posts[0].doc_id])
    assert [len(channels) for channels in found.values()] == [2]
    lines = (await first_page(database, bundle)).text.text.splitlines()
    assert "🔁 +1" in next(line for line in lines if "number 1." in line)
    assert "🗑" in next(line for line in lines if "number 2." in line)


@pytest.mark.parametrize("data", ["bp|{id}|3", "bp|{id}|x", "bp|999|0", "bp|{id}"])
async def test_pages_that_are_not_there(ann: Any, bundle: Delivery, data: str) -> None:
    result = await ann.press_data(data.format(id=bundle.id))
    assert result.edit is None
    assert result.toast


async def test_nobody_turns_the_pages_of_another_chat(member: Any, bundle: Delivery) -> None:
    result = await member.press_data(f"bp|{bundle.id}|1")
    assert result.edit is None
    assert result.toast


async def test_posts_that_are_not_there_any_more_are_left_out(
    database: Any, bundle: Delivery
) -> None:
    async with database.transaction() as tx:
        await tx.execute("DELETE FROM document WHERE message_id <= 9")
    assert (await first_page(database, bundle)).text.text.count("• ") == 1


@pytest.fixture
async def burst(ann: Any, database: Any, bundle: Delivery) -> Delivery:
    """The same posts as a list that grows, which came as message 77."""
    async with database.transaction() as tx:
        await tx.execute("UPDATE delivery SET bundle = 'burst' WHERE id = ?", (bundle.id,))
        await mark_sent(tx, bundle.id, 77, bundle.created_at)
        row = await outbox.find_delivery(tx, "bundle:1")
    assert row is not None
    ann.pressed_at = 77
    return row


async def test_posts_of_a_list_are_opened_below_it_and_turned_in_place(
    ann: Any, burst: Delivery
) -> None:
    (opened,) = (await ann.press_data(f"bo|{burst.id}|0")).reply
    assert "gas number 1." in opened.text.text
    assert labels(opened.keyboard)[-2:] == ["1 / 23", "Next ›"]
    ann.pressed_at = 78
    second = (await ann.press(opened.keyboard, "Next")).edit
    assert "gas number 2." in second.text.text
    assert labels(second.keyboard)[-3:] == ["‹ Prev", "2 / 23", "Next ›"]
    last = (await ann.press_data(f"bo|{burst.id}|22")).edit
    assert "gas number 23." in last.text.text
    assert labels(last.keyboard)[-2:] == ["‹ Prev", "23 / 23"]
    assert (await ann.press(second.keyboard, "Prev")).edit == opened


async def test_what_was_removed_below_a_post_of_a_list_is_put_back_there_after_turning(
    ann: Any, burst: Delivery
) -> None:
    await ann.say("/alert gas")
    (opened,) = (await ann.press_data(f"bo|{burst.id}|0")).reply
    ann.pressed_at = 78
    unfolded = await ann.press(opened.keyboard, "⋯")
    await ann.press(unfolded.keyboard, "Remove this alert")
    turned = (await ann.press(opened.keyboard, "Next")).edit
    assert "↩️ Undo" in labels(turned.keyboard)
    back = await ann.press(turned.keyboard, "Undo")
    assert back.toast == "It is back, as it was: gas"
    again = (await ann.press(opened.keyboard, "Next")).edit
    assert "↩️ Undo" not in labels(again.keyboard)


@pytest.mark.parametrize("data", ["bo|{id}|23", "bo|{id}|x", "bo|999|0", "bo|{id}"])
async def test_posts_that_a_list_does_not_have(ann: Any, burst: Delivery, data: str) -> None:
    result = await ann.press_data(data.format(id=burst.id))
    assert (result.edit, result.reply) == (None, ())
    assert result.toast


async def test_only_ones_own_list_that_grows_is_opened(
    ann: Any, member: Any, database: Any, burst: Delivery
) -> None:
    assert (await member.press_data(f"bo|{burst.id}|0")).reply == ()
    async with database.transaction() as tx:
        await tx.execute("UPDATE delivery SET bundle = NULL")
    refused = await ann.press_data(f"bo|{burst.id}|0")
    assert (refused.reply, refused.toast) == ((), "This button no longer works.")


async def test_a_list_that_grows_shows_its_first_posts_while_any_is_there(
    database: Any, bundle: Delivery
) -> None:
    async def burst(lines: int) -> Any:
        async with database.reader() as conn:
            return await read_burst(conn, bundle, lines, False, language="en", timezone="UTC")

    shown = await burst(3)
    assert shown is not None
    told = [line for line in shown.text.text.split("\n") if "number" in line]
    assert len(told) == 3
    async with database.transaction() as tx:
        await tx.execute("DELETE FROM document WHERE message_id <= 3")
    assert await burst(3) is None
    assert await burst(4) is not None
