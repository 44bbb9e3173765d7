"""Alerts proposed by posts: forwarded ones, and those that /alert answers."""

from typing import Any

import pytest

from storage.outbox import queueing
from storage.payloads import AlertPayload
from storage.records import PRIORITY_ALERT, NewDelivery
from storage.structs import replace
from storage.subscribers import alerts

POST = "The ferry to Port Example sails at noon. Harbour Council said so. #ferry"


def labels(message: Any) -> list[str]:
    return [button.text for row in message.keyboard for button in row]


async def queries(database: Any, chat_id: int = 1) -> list[str]:
    async with database.reader() as conn:
        return [alert.query for alert in await alerts.list_alerts(conn, chat_id)]


@pytest.fixture
async def archive(store: Any, make_post: Any) -> None:
    """Two posts about the port, one of them about its ferry."""
    await store(make_post(1, "Port Example is open"), make_post(2, "Port Example: #ferry late"))


@pytest.mark.usefixtures("archive")
async def test_a_forwarded_post_proposes_the_narrowest_query_that_finds_enough(
    ann: Any, database: Any
) -> None:
    proposed = await ann.forward(POST)
    assert proposed.text.text.startswith(
        'From this post I would make the alert "Port Example".\n'
        "It would have fired 2 times in the last 7 days."
    )
    assert labels(proposed) == ["✓ Set the alert", "✎ Other words", "✕ Cancel"]
    taken = await ann.press(proposed.keyboard, "Set the alert")
    assert (taken.keyboard, taken.edit) == ((), None)
    assert taken.reply[0].text.text.startswith('Alert set: "Port Example".')
    again = await ann.press(proposed.keyboard, "Set the alert")
    assert "You have this alert already" in again.reply[0].text.text
    assert await queries(database) == ['"Port Example"']


@pytest.mark.parametrize(
    ("language", "said", "buttons"),
    [
        ("en", "From this post", ["✓ Set the alert", "✎ Other words", "✕ Cancel"]),
        ("ru", "По этому посту", ["✓ Так и следить", "✎ Другие слова", "✕ Отмена"]),
    ],
)
async def test_it_can_be_changed_or_left(
    ann: Any, database: Any, language: str, said: str, buttons: list[str]
) -> None:
    ann.language = language
    proposed = await ann.forward(POST)
    assert proposed.text.text.startswith(said)
    assert labels(proposed) == buttons
    changing = (await ann.press(proposed.keyboard, buttons[1])).edit
    assert '"Port Example"' in changing.text.text
    assert labels(changing) == [buttons[2]]
    await ann.say("port")
    proposed = await ann.forward(POST)
    assert (await ann.press(proposed.keyboard, buttons[2])).edit.keyboard == ()
    assert (await ann.press(proposed.keyboard, buttons[0])).toast
    assert await queries(database) == ["port"]


async def test_words_typed_below_a_proposal_are_the_alert(ann: Any, database: Any) -> None:
    await ann.forward(POST)
    await ann.say("harbour")
    assert await queries(database) == ["harbour"]


async def test_a_post_forwarded_where_an_alert_is_asked_for_answers(
    ann: Any, database: Any
) -> None:
    await ann.say("/alert")
    proposed = await ann.forward(POST)
    await ann.press(proposed.keyboard, "Set the alert")
    assert await queries(database) == ['"Port Example" #ferry']


async def test_a_post_forwarded_where_something_else_is_asked_is_an_answer_to_that(
    ann: Any,
) -> None:
    await ann.say("/search")
    assert (await ann.forward("ferry")).text.text.startswith("Nothing found for ferry.")


async def test_a_post_that_names_nothing_leads_to_the_question(ann: Any, database: Any) -> None:
    asked = await ann.forward("/search only small words")
    assert asked.text.text.startswith("I find no names or hashtags in this post.")
    await ann.say("small")
    assert await queries(database) == ["small"]


async def test_a_forward_without_words_gets_a_sentence(ann: Any) -> None:
    assert (await ann.forward("")).text.text.startswith("I read words only.")


async def test_an_alert_that_is_answered_proposes_another(
    ann: Any, database: Any, store: Any, make_post: Any, now: Any
) -> None:
    await ann.say("/start")
    await store(make_post(5, POST))
    row = NewDelivery(
        chat_id=1,
        kind="alert",
        key="alert:1",
        payload=AlertPayload(doc_id="tg:100/5", alerts=((1, "ferry"),)),
        priority=PRIORITY_ALERT,
        due_at=now,
        created_at=now,
    )
    async with database.transaction() as tx:
        await queueing.add_deliveries(tx, [row])
        await tx.execute("UPDATE delivery SET state = 'sent', message_id = 77")
    ann.reply_to = 77
    (proposed,) = await ann.say("/alert")
    assert '"Port Example" #ferry' in proposed.text.text


async def test_what_somebody_wrote_is_asked_for_in_a_group(manager: Any, database: Any) -> None:
    async def text_of(chat_id: int, message_id: int) -> str | None:
        return POST if (chat_id, message_id) == (-50, 8) else None

    manager = replace(manager, services=replace(manager.services, text_of=text_of), reply_to=8)
    (proposed,) = await manager.say("/alert@dateline_bot")
    assert '"Port Example" #ferry' in proposed.text.text
    assert proposed.text.text.endswith("Answer in reply to this message.")
    await manager.press(proposed.keyboard, "Set the alert")
    assert await queries(database, -50) == ['"Port Example" #ferry']
    manager.reply_to = 9
    (question,) = await manager.say("/alert@dateline_bot")
    assert question.text.text.startswith("Which words shall I watch for?")
