"""Questions: answered, cancelled, forgotten, and open still after a restart."""

from datetime import timedelta
from typing import Any

import pytest

from handlers import registry
from handlers.conversation.questions import FORGOTTEN_AFTER, Questions, is_cancelling
from handlers.conversation.requests import Request
from handlers.conversation.services import Services
from storage.chats import erasure
from storage.connection import Database
from storage.structs import replace
from storage.subscribers import alerts, questions

pytestmark = pytest.mark.usefixtures("ann")


async def queries(database: Database, chat_id: int = 1) -> list[str]:
    async with database.reader() as conn:
        return [alert.query for alert in await alerts.list_alerts(conn, chat_id)]


async def restarted(person: Any) -> Any:
    """The same person before a process that has just started."""
    services: Services = replace(person.services, questions=Questions())
    await services.questions.load(services.database, now=person.now)
    return replace(person, services=services, said=person.said)


@pytest.mark.parametrize(
    "word", ["cancel", "Cancel.", "отмена", "Отмена!", "/cancel", "/отмена", " ОТМЕНИТЬ "]
)
@pytest.mark.parametrize("command", ["/alert", "/search", "/export", "/timezone", "/why", "/for"])
async def test_a_question_is_cancelled_by_a_word(
    ann: Any, database: Database, command: str, word: str
) -> None:
    await ann.say(command)
    assert await ann.read(word) == "Cancelled."
    assert await queries(database) == []
    assert (await ann.read("ferry")).startswith("Nothing found for ferry.")


async def test_a_question_is_cancelled_by_its_button_once(ann: Any, database: Database) -> None:
    (question,) = await ann.say("/alert")
    result = await ann.press(question.keyboard, "Cancel")
    assert (result.edit.text.text, result.edit.keyboard) == ("Cancelled.", ())
    assert (await ann.read("ferry")).startswith("Nothing found")
    assert (await ann.press(question.keyboard, "Cancel")).toast == "Cancelled."
    late = await ann.press(question.keyboard, "sanctions")
    assert late.toast == "This question is over. Give the command again."
    assert late.keyboard == ()
    assert await queries(database) == []


async def test_the_button_of_an_older_question_leaves_the_present_one(
    ann: Any, database: Database
) -> None:
    (old,) = await ann.say("/search")
    await ann.say("/alert")
    ann.pressed_at = 77
    assert "over" in (await ann.press(old.keyboard, "Cancel")).toast
    assert "over" in (await ann.press(old.keyboard, "oil price")).toast
    assert "Alert set: ferry" in await ann.read("ferry")


async def test_an_example_is_run_by_its_button(ann: Any, database: Database) -> None:
    (question,) = await ann.say("/alert")
    result = await ann.press(question.keyboard, "sanctions")
    assert (result.keyboard, result.toast) == ((), None)
    assert "Alert set: sanctions" in result.reply[0].text.text
    assert await queries(database) == ["sanctions"]
    assert (await ann.read("ferry")).startswith("Nothing found")


async def test_an_example_that_is_pressed_twice_is_run_twice(ann: Any) -> None:
    (question,) = await ann.say("/alert")
    await ann.press(question.keyboard, "sanctions")
    result = await ann.press(question.keyboard, "sanctions")
    assert "You have this alert already" in result.reply[0].text.text


async def test_what_was_typed_ends_the_buttons(ann: Any, database: Database) -> None:
    (question,) = await ann.say("/alert")
    await ann.say("ferry")
    ann.pressed_at = 77
    assert "over" in (await ann.press(question.keyboard, "sanctions")).toast
    assert await queries(database) == ["ferry"]


async def test_another_command_ends_a_question(ann: Any, database: Database) -> None:
    (question,) = await ann.say("/alert")
    await ann.say("/channels")
    assert (await ann.read("ferry")).startswith("Nothing found")
    ann.pressed_at = 77
    assert "over" in (await ann.press(question.keyboard, "Cancel")).toast
    assert await queries(database) == []


async def test_a_question_ends_with_time(ann: Any, database: Database) -> None:
    (question,) = await ann.say("/alert")
    ann.now += FORGOTTEN_AFTER + timedelta(seconds=1)
    assert "over" in (await ann.press(question.keyboard, "sanctions")).toast
    assert (await ann.read("ferry")).startswith("Nothing found")
    assert await queries(database) == []


@pytest.mark.parametrize("text", ["", "   "])
async def test_what_has_no_words_answers_nothing(ann: Any, database: Database, text: str) -> None:
    await ann.say("/alert")
    assert (await ann.read(text)).startswith("I read words only.")
    assert "Alert set: ferry" in await ann.read("ferry")


async def test_an_answer_that_cannot_be_read_leaves_the_question_open(
    ann: Any, database: Database
) -> None:
    await ann.say("/alert")
    (problem,) = await ann.say("ferry OR")
    assert problem.text.text.startswith("I can't read this query")
    assert problem.keyboard[-1][0].text == "✕ Cancel"
    assert "Alert set: ferry" in await ann.read("ferry")
    await ann.say("/alert")
    (problem,) = await ann.say("(oil")
    await ann.press(problem.keyboard, "Cancel")
    assert (await ann.read("oil")).startswith("Nothing found")
    assert await queries(database) == ["ferry"]


async def test_a_restart_in_the_middle_of_a_dialogue_is_not_noticed(
    ann: Any, database: Database
) -> None:
    await ann.say("/alert")
    ann = await restarted(ann)
    assert "Alert set: ferry" in await ann.read("ferry")
    ann = await restarted(ann)
    assert (await ann.read("tanker")).startswith("Nothing found")
    (question,) = await ann.say("/alert")
    ann = await restarted(ann)
    assert (await ann.press(question.keyboard, "Cancel")).edit.text.text == "Cancelled."
    assert await queries(database) == ["ferry"]


async def test_the_same_message_again_answers_the_same_question(
    ann: Any, database: Database
) -> None:
    """A crash may come between what a message did and its answer: it comes again."""
    await ann.say("/alert")
    await ann.say("ferry")
    ann = await restarted(ann)
    ann.said -= 1
    assert "You have this alert already: ferry" in await ann.read("ferry")


@pytest.mark.parametrize(
    ("sent", "is_edit", "is_answer"),
    [
        (-60, True, False),
        (0, True, False),
        (1, True, True),
        (-60, False, True),
        (None, True, False),
    ],
)
async def test_an_edit_answers_what_was_asked_before_the_message_was_sent(
    ann: Any, database: Database, sent: int | None, is_edit: bool, is_answer: bool
) -> None:
    """What was sent and edited while nobody listened is told as an edit first."""
    await ann.say("/alert")
    when = None if sent is None else ann.now + timedelta(seconds=sent)
    request = Request(
        chat_id=1,
        sender_id=1,
        text="ferry",
        now=ann.now + timedelta(minutes=1),
        message_id=9,
        is_private=True,
        is_edit=is_edit,
        sent_at=when,
    )
    await registry.answer(request, ann.services)
    assert await queries(database) == (["ferry"] if is_answer else [])
    assert ann.services.questions.is_open(1, 1) is not is_answer
    # An edit of the answer is one too.
    again = replace(request, text="tugs", is_edit=True)
    await registry.answer(again, ann.services)
    assert await queries(database) == (["ferry", "tugs"] if is_answer else [])


async def test_in_a_group_a_question_is_one_persons(
    member: Any, manager: Any, database: Database
) -> None:
    (question,) = await manager.say("/alert@dateline_bot")
    assert "Answer in reply to this message." in question.text.text
    for label in ("Cancel", "sanctions"):
        refused = await member.press(question.keyboard, label)
        assert refused.toast == "This question was put to somebody else."
        assert refused.keyboard is None
    assert await member.say("cancel") == ()
    manager = await restarted(manager)
    assert await manager.read("cancel") == "Cancelled."
    assert await manager.say("cancel") == ()
    assert await queries(database, -50) == []


async def test_in_a_group_a_button_gives_a_command_to_those_who_may(
    member: Any, manager: Any, database: Database
) -> None:
    await manager.say("/start@dateline_bot")
    refused = await member.press_data("rn|alert|ferry")
    assert refused.reply[0].text.text == "Only administrators of this chat may do that."
    manager.pressed_at = 9
    done = await manager.press_data("rn|alert|ferry")
    assert done.reply[0].reply_to == 9
    assert await queries(database, -50) == ["ferry"]


@pytest.mark.parametrize(
    ("command", "unreadable", "answer", "said"),
    [
        ("/search", "ferry OR", "ferry", "Nothing found for ferry"),
        ("/export", "ferry OR", "ferry", "ferry"),
        ("/quotes", "who:", "Lind", "Nothing found for who:Lind"),
    ],
)
async def test_every_question_waits_for_an_answer_that_can_be_read(
    ann: Any, command: str, unreadable: str, answer: str, said: str
) -> None:
    await ann.say(command)
    assert (await ann.read(unreadable)).startswith("I can't read this query")
    assert ann.services.questions.is_open(1, 1)
    assert said in await ann.read(answer)
    assert not ann.services.questions.is_open(1, 1)


@pytest.mark.parametrize("data", ["rn|nothing", "rn|", "qa|1|oil", "qc|9", "qc|x", "rn|status|x"])
async def test_forged_buttons_are_answered(ann: Any, data: str) -> None:
    await ann.say("/start")
    result = await ann.press_data(data)
    assert result.toast or result.reply


async def test_a_word_to_cancel_where_nothing_is_asked_can_be_searched_for(ann: Any) -> None:
    (said,) = await ann.say("Отмена")
    assert said.text.text == "There is nothing to cancel."
    result = await ann.press(said.keyboard, "Search for “Отмена”")
    assert "Nothing found for Отмена" in result.reply[0].text.text
    assert [message.keyboard for message in await ann.say("/cancel")] == [()]


async def test_what_was_asked_is_forgotten_with_the_person(
    ann: Any, manager: Any, database: Database
) -> None:
    await ann.say("/alert")
    await manager.say("/alert@dateline_bot")
    async with database.transaction() as tx:
        await erasure.erase_chat(tx, 1)
        await erasure.erase_chat(tx, 3)
    async with database.reader() as conn:
        assert await questions.list_known(conn, since=ann.now - FORGOTTEN_AFTER) == []


@pytest.mark.parametrize("text", ["cancellation", "отменаа", "cancel it", "", "/cancelled"])
def test_other_words_cancel_nothing(text: str) -> None:
    assert not is_cancelling(text)


async def test_what_is_too_long_for_a_button_is_not_offered_to_be_searched_for(ann: Any) -> None:
    (said,) = await ann.say("/cancel " + "ж" * 40)
    assert said.text.text == "There is nothing to cancel."
    assert said.keyboard == ()


@pytest.mark.parametrize("command", ["/timezone", "/timezone Nowhereville", "/timezone Berln"])
async def test_a_zone_that_is_not_known_is_asked_for_until_one_is(ann: Any, command: str) -> None:
    await ann.say(command)
    (asked,) = await ann.say("Elsewheria")
    assert asked.keyboard[-1][0].text == "✕ Cancel"
    assert "now Asia/Tokyo" in await ann.read("Tokyo")
    assert (await ann.read("ferry")).startswith("Nothing found")


async def test_the_zone_of_a_wished_digest_may_be_written_or_chosen(ann: Any) -> None:
    await ann.say("/digest 8pm Europe/Nowhereville")
    assert "every day at 20:00 (Asia/Tokyo)" in await ann.read("Tokyo")
    (asked,) = await ann.say("/digest 9pm Berln")
    taken = await ann.press(asked.keyboard, "Yes")
    assert "Digests: 2, the next one" in taken.edit.text.text
    assert (await ann.read("ferry")).startswith("Nothing found")


async def test_who_speaks_as_the_group_answers_and_presses_as_themselves(
    manager: Any, member: Any, database: Database
) -> None:
    async def role_of(chat_id: int, user_id: int) -> str:
        return "manager" if user_id == 3 else "member"

    services = replace(manager.services, role_of=role_of)
    manager, member = (replace(one, services=services) for one in (manager, member))
    anonymous = replace(manager, sender_id=-50)
    await anonymous.say("/start@dateline_bot")
    await manager.press_data("rn|alert")
    assert await member.say("bread") == ()
    assert (await anonymous.read("ferry")).startswith("Alert set: ferry.")
    assert await anonymous.say("bread") == ()
    (question,) = await anonymous.say("/alert@dateline_bot")
    refused = await member.press(question.keyboard, "Cancel")
    assert refused.toast == "This question was put to somebody else."
    assert (await manager.press(question.keyboard, "Cancel")).toast == "Cancelled."
    assert await queries(database, -50) == ["ferry"]


SECOND = timedelta(seconds=1)


async def test_what_was_asked_too_long_ago_is_forgotten_by_the_next_question(
    database: Database, now: Any
) -> None:
    asked = Questions()
    early = now - FORGOTTEN_AFTER
    await asked.ask(database, (1, 1), "alert", now=early - SECOND)
    await asked.ask(database, (2, 2), "alert", now=early)
    await asked.ask(database, (3, 3), "alert", now=now)
    assert [asked.is_open(one, one) for one in (1, 2, 3)] == [False, True, True]
    assert await asked.take(database, (2, 2), 5, now=now)
    assert await asked.take(database, (3, 3), 5, now=now + FORGOTTEN_AFTER + SECOND) is None


async def test_the_group_itself_answers_what_was_asked_last(database: Database, now: Any) -> None:
    asked = Questions()
    await asked.ask(database, (-50, 2), "alert", now=now)
    await asked.ask(database, (-50, 3), "search", now=now)
    await asked.ask(database, (-60, 4), "export", now=now)
    await asked.ask(database, (-50, 2), "why", now=now)
    taken = [await asked.take(database, (-50, -50), number, now=now) for number in (1, 2, 3)]
    assert [one and one.command for one in taken] == ["why", "search", None]
    assert asked.is_open(-60, 4) and not asked.is_open(-60, None)
