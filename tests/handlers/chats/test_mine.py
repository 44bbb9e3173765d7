"""The list of what one manages: what one managed before is nobody's business any more."""

import asyncio
from typing import Any

import pytest

from handlers.render.text.keyboards import LIST_PAGE, LIST_ROWS, PLAN_LIST
from storage.connection import Database
from storage.structs import replace
from storage.subscribers import managed, subscribers

CHATS = [-(100 + number) for number in range(LIST_ROWS + 2)]


@pytest.fixture
async def manager_of(ann: Any, database: Database) -> Any:
    """Ann, who managed all of these chats once, and manages those that are given."""

    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=ann.chat_id, now=ann.now)
        for number, chat_id in enumerate(CHATS):
            name = f"Crew {number:02}"
            await subscribers.add_subscriber(tx, chat_id=chat_id, name=name, now=ann.now)
            await managed.note_managed(tx, ann.chat_id, chat_id, now=ann.now)

    def make(*present: int) -> Any:
        async def role_of(chat_id: int, user_id: int) -> str:
            is_hers = chat_id in present and user_id == ann.chat_id
            async with database.transaction() as tx:  # As Telegram is asked: within none other.
                if not is_hers:
                    await managed.forget_managed(tx, user_id, chat_id)
            return "manager" if is_hers else "member"

        return replace(ann, services=replace(ann.services, role_of=role_of))

    return make


async def test_only_what_one_manages_still_is_shown(manager_of: Any) -> None:
    (shown,) = await manager_of(*CHATS[1:]).say("/mine")
    text = shown.text.text
    assert f"manage: {len(CHATS) - 1}" in text
    assert "Crew 00" not in text
    assert "1. 👥 Crew 01: 0 alerts, 0 plans" in text
    labels = [button.text for row in shown.keyboard for button in row]
    assert f"🔔 {LIST_ROWS}. Crew {LIST_ROWS:02}" in labels
    assert not any("Crew 00" in label for label in labels)


async def test_who_manages_nothing_any_more_is_shown_nothing(manager_of: Any) -> None:
    person = manager_of()
    (first,) = await person.say("/mine")
    assert "Crew" not in first.text.text
    assert "know of no group" in await person.read("/mine")


async def test_what_stands_on_other_pages_is_counted_only_if_it_is_managed_still(
    manager_of: Any,
) -> None:
    person = manager_of(*CHATS[:-1])
    (first,) = await person.say("/mine")
    assert f"manage: {len(CHATS) - 1}" in first.text.text
    second = (await person.press(first.keyboard, "Next")).edit
    assert f"manage: {len(CHATS) - 1}" in second.text.text
    assert f"{LIST_ROWS + 1}. 👥 Crew {LIST_ROWS:02}" in second.text.text
    assert f"Crew {LIST_ROWS + 1:02}" not in second.text.text


async def test_a_page_that_nothing_is_left_for_is_not_turned_to(manager_of: Any) -> None:
    (shown,) = await manager_of(*CHATS[: LIST_ROWS - 1]).say("/mine")
    assert f"manage: {LIST_ROWS - 1}" in shown.text.text
    assert not any("Next" in button.text for row in shown.keyboard for button in row)


async def test_telegram_is_asked_about_eight_chats_at_a_time(manager_of: Any) -> None:
    person, asking, most = manager_of(*CHATS), 0, 0

    async def role_of(chat_id: int, user_id: int) -> str:
        nonlocal asking, most
        asking += 1
        most = max(most, asking)
        await asyncio.sleep(0)
        asking -= 1
        return "manager"

    person.services = replace(person.services, role_of=role_of)
    assert f"manage: {len(CHATS)}" in await person.read("/mine")
    assert most == 8 < len(CHATS)


async def test_what_one_manages_is_shown_in_private_alone(manager_of: Any) -> None:
    person = manager_of(*CHATS)
    (shown,) = await person.say("/mine")
    (turning,) = [button.data for button in shown.keyboard[-1] if "Next" in button.text]
    elsewhere = replace(person, chat_id=CHATS[0], is_private=False)
    assert await elsewhere.read("/mine@dateline_bot") == "Write that to me in private."
    result = await elsewhere.press_data(turning)
    assert result.edit is None
    assert "no longer" in result.toast


async def test_each_chat_has_a_way_to_the_first_page_of_its_alerts_and_plans(
    manager_of: Any,
) -> None:
    (shown,) = await manager_of(*CHATS).say("/mine")
    bell, paper = shown.keyboard[0]
    assert [button.data for button in (bell, paper)] == [
        f"{CHATS[0]}:{LIST_PAGE}|0",
        f"{CHATS[0]}:{PLAN_LIST}|0",
    ]
