"""What somebody was asked: one question a person and chat, remembered for a while."""

from datetime import datetime, timedelta
from typing import Any

from storage.connection import Connection
from storage.subscribers import questions
from storage.subscribers.questions import Question

HOUR = timedelta(hours=1)
GROUP, ANN, BOB = -1000000000005, 5, 6


async def ask(
    tx: Connection, now: datetime, chat_id: int, sender_id: int, **fields: Any
) -> Question:
    given = {"command": "watch", "forgotten_before": now - HOUR, "now": now, **fields}
    return await questions.ask(tx, chat_id=chat_id, sender_id=sender_id, **given)


async def test_a_question_is_known_by_its_number_and_by_who_was_asked_where(
    tx: Connection, now: datetime
) -> None:
    asked = await ask(tx, now, GROUP, ANN, before="in:text", suggestion="grain")
    assert asked == Question(
        id=asked.id,
        chat_id=GROUP,
        sender_id=ANN,
        command="watch",
        before="in:text",
        suggestion="grain",
        asked_at=now,
        answered_by=None,
    )
    other = await ask(tx, now, GROUP, BOB)
    assert (other.before, other.suggestion) == ("", "")
    assert await questions.find_question(tx, asked.id) == asked
    assert await questions.find_latest(tx, GROUP, ANN) == asked
    assert await questions.find_latest(tx, GROUP, BOB) == other
    assert await questions.find_latest(tx, ANN, ANN) is None
    assert await questions.find_question(tx, other.id + 1) is None


async def test_another_question_takes_the_place_of_the_one_before(
    tx: Connection, now: datetime
) -> None:
    first = await ask(tx, now, GROUP, ANN)
    beside = [await ask(tx, now, ANN, ANN), await ask(tx, now, GROUP, BOB)]
    second = await ask(tx, now + HOUR, GROUP, ANN, command="export")
    assert second.id != first.id
    assert await questions.find_question(tx, first.id) is None
    assert await questions.list_known(tx, since=now) == [*beside, second]
    assert await questions.list_known(tx, since=now + HOUR) == [second]
    assert await questions.list_known(tx, since=now + 2 * HOUR) == []


async def test_what_was_asked_long_ago_goes_whoever_was_asked(
    tx: Connection, now: datetime
) -> None:
    old = await ask(tx, now, GROUP, ANN)
    edge = await ask(tx, now + HOUR, GROUP, BOB)
    await ask(tx, now + 2 * HOUR, BOB, BOB, forgotten_before=now + HOUR)
    assert await questions.find_question(tx, old.id) is None
    assert await questions.find_question(tx, edge.id) == edge


async def test_a_question_that_is_answered_is_known_and_can_be_opened_again(
    tx: Connection, now: datetime
) -> None:
    asked, other = await ask(tx, now, GROUP, ANN), await ask(tx, now, GROUP, BOB)
    await questions.close(tx, asked.id, answered_by=17)
    found = await questions.find_latest(tx, GROUP, ANN)
    assert found is not None
    assert (found.id, found.answered_by) == (asked.id, 17)
    assert await questions.find_latest(tx, GROUP, BOB) == other
    await questions.close(tx, asked.id, answered_by=None)
    assert await questions.find_latest(tx, GROUP, ANN) == asked


async def test_a_chat_is_forgotten_with_what_its_person_was_asked_elsewhere(
    tx: Connection, now: datetime
) -> None:
    await ask(tx, now, GROUP, ANN)
    kept = await ask(tx, now, GROUP, BOB)
    await ask(tx, now, ANN, ANN)
    await questions.forget_chat(tx, ANN)
    assert await questions.list_known(tx, since=now) == [kept]
    await questions.forget_chat(tx, GROUP)
    assert await questions.list_known(tx, since=now) == []
