"""A press gets one answer, in time, and what comes later is said to a person alone."""

from typing import Any

import pytest
from telethon.tl.functions.messages import SendMessageRequest

from bot.sandbox.server import Sandbox
from bot.serving.answering import TOAST, Answer
from bot.serving.press_updates import Query
from bot.serving.sentences import Sentences
from bot.telegram import clients
from bot.telegram.clients import Client
from bot.telegram.pace import Pace

ANSWER = "messages.setBotCallbackAnswer"


class Counter:
    """A bot of which nothing else answers presses, and Ann, who has a message of it."""

    def __init__(self, sandbox: Sandbox, client: Client, chat: Any) -> None:
        self.sandbox, self.client, self.chat = sandbox, client, chat
        self.access_hash = 0

    async def begin(self) -> None:
        await self.chat.send("hello")
        to = await self.client.get_input_entity(self.chat.user.id)
        self.access_hash = to.access_hash
        await clients.call(self.client, SendMessageRequest(to, "Buttons", random_id=1))

    def press(self, *, chat_id: int | None = None, is_given: bool = False) -> "Pressed":
        """Ann presses; ``chat_id`` is the chat where it is another than hers."""
        shown = self.sandbox.press(self.chat.user, self.chat.messages[-1], b"x")
        user_id = self.chat.user.id
        query = Query(
            id=shown.id,
            user_id=user_id,
            chat_id=user_id if chat_id is None else chat_id,
            access_hash=self.access_hash,
        )
        sentences = Sentences(self.client, Pace(overall=200.0, per_chat=50.0, per_group=60.0))
        return Pressed(self, shown, Answer(self.client, sentences, query, is_given=is_given))


class Pressed:
    """A press, its answer, and what Ann sees of it."""

    def __init__(self, counter: Counter, shown: Any, answer: Answer) -> None:
        self._counter, self._shown, self.answer = counter, shown, answer

    @property
    def seen(self) -> tuple[str | None, str | None] | None:
        """Text and address of the answer; None where there is none."""
        answer = self._shown.answer
        return None if answer is None else (answer.text, answer.url)

    def said(self) -> list[str]:
        """What the bot has written to Ann since."""
        return [one.text for one in self._counter.chat.messages[1:]]


@pytest.fixture
async def counter(sandbox: Sandbox, serve_as: Any) -> Counter:
    bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")
    client = await serve_as(bot)
    made = Counter(sandbox, client, sandbox.add_user("Ann", username="ann").chat_with(bot))
    await made.begin()
    return made


@pytest.mark.parametrize(
    ("toast", "url", "seen"),
    [
        (None, None, (None, None)),
        ("", None, (None, None)),
        ("Done", None, ("Done", None)),
        ("x" * TOAST, None, ("x" * TOAST, None)),
        ("x" * TOAST + "y", None, ("x" * TOAST, None)),
        (None, "https://t.me/lookout_bot?start=1", (None, "https://t.me/lookout_bot?start=1")),
    ],
)
async def test_a_press_is_answered_once(
    counter: Counter, toast: str | None, url: str | None, seen: tuple[str | None, str | None]
) -> None:
    pressed = counter.press()
    await pressed.answer.give(toast, url=url)
    assert pressed.seen == seen
    await pressed.answer.give("again")
    await pressed.answer.give_early("early")
    assert (pressed.seen, pressed.said()) == (seen, [])
    assert counter.sandbox.count_calls(ANSWER) == 1


async def test_one_that_has_an_empty_answer_gets_no_other(counter: Counter) -> None:
    pressed = counter.press(is_given=True)
    await pressed.answer.give("Done")
    await pressed.answer.give_early("Wait")
    assert (pressed.seen, pressed.said()) == (None, [])


@pytest.mark.parametrize(
    ("chat_id", "toast", "said"),
    [(None, "Done", ["Done"]), (None, None, []), (None, "", []), (-1, "Done", [])],
)
async def test_what_comes_after_an_early_answer_is_said_once_to_a_person_alone(
    counter: Counter, chat_id: int | None, toast: str | None, said: list[str]
) -> None:
    pressed = counter.press(chat_id=chat_id)
    await pressed.answer.give_early("Wait")
    await pressed.answer.give_early("Wait on")
    assert pressed.seen == ("Wait", None)
    for _ in range(2):
        await pressed.answer.give(toast)
    assert (pressed.seen, pressed.said()) == (("Wait", None), said)
    assert counter.sandbox.count_calls(ANSWER) == 1


@pytest.mark.parametrize("name", ["QUERY_ID_INVALID", "SOMETHING_NEW"])
async def test_an_answer_that_is_refused_is_of_no_consequence(counter: Counter, name: str) -> None:
    pressed = counter.press()
    fault = counter.sandbox.faults.fail(ANSWER, name)
    await pressed.answer.give("Done")
    assert (fault.hits, pressed.seen, pressed.said()) == (1, None, [])
