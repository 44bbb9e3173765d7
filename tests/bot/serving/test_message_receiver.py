"""Which messages are answered, once and in their order, and what is said where one is not."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telethon.tl import types

from bot.serving import message_receiver
from bot.serving.heard import Heard, Texts
from bot.serving.message_receiver import MessageReceiver
from handlers import registry
from handlers.conversation.requests import Reply, Request
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText
from handlers.texts.failing import failing_words
from storage.structs import replace

GROUP = -77
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BOB = 502


@pytest.fixture
def receiver(counter: Any) -> MessageReceiver:
    messages: MessageReceiver = counter.receiver._messages
    return messages


@pytest.fixture
def ann(counter: Any) -> int:
    return int(counter.chat.user.id)


def heard(
    chat_id: int, text: str = "/help", *, number: int = 1, album: int | None = None, **fields: Any
) -> Heard:
    now = datetime.now(UTC)
    request = Request(
        **{"chat_id": chat_id, "sender_id": chat_id, "text": text, "now": now,
           "message_id": number, **fields}
    )  # fmt: skip
    known: Any = {chat_id: types.User(id=chat_id, access_hash=5, first_name="Ann", lang_code="en")}
    return Heard(request=request, known=known, album=album)


def keys(rows: list[Any]) -> list[str]:
    return [row.key for row in rows]


async def test_an_album_is_answered_once_and_further_words_in_it_too(
    counter: Any, receiver: MessageReceiver, ann: int
) -> None:
    heard_ones = [
        heard(ann, "", number=1, album=7),
        heard(ann, "", number=2, album=7),
        heard(ann, "/help", number=3, album=7),
        heard(ann, "", number=4, album=8),
        heard(ann, "", number=5, album=8),
        heard(ann, "", number=6),
    ]
    for one in heard_ones:
        receiver.take_in(one)
    rows = await counter.answers(4)
    assert keys(rows) == [heard_ones[at].key(0) for at in (0, 2, 3, 5)]


async def test_of_very_many_chats_the_albums_of_the_latest_are_remembered(
    counter: Any, receiver: MessageReceiver, ann: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_receiver, "KEPT_ALBUMS", 2)
    for number, chat_id in enumerate((ann, BOB, ann, 503), start=1):
        receiver.take_in(heard(chat_id, number=number, album=number))
        await counter.answers(number)
    assert dict(receiver._albums) == {ann: 3, 503: 4}


@pytest.mark.parametrize(
    ("request_", "is_for_bot"),
    [
        ({"text": "hello"}, True),
        ({"text": "hello", "is_forwarded": True}, True),
        ({"text": "hello", "is_private": False}, False),
        ({"text": "/help", "is_private": False}, False),
        ({"text": "/help@other_bot", "is_private": False}, False),
        ({"text": "/help@Lookout_bot", "is_private": False}, True),
        ({"text": "/help@lookout_bot", "is_private": False, "is_forwarded": True}, False),
        ({"text": "/help@lookout_bot", "is_private": False, "is_edit": True}, True),
        ({"text": "/help", "is_private": False, "is_edit": True}, False),
    ],
)
async def test_in_a_group_it_answers_what_is_said_to_it(
    receiver: MessageReceiver, ann: int, request_: dict[str, Any], is_for_bot: bool
) -> None:
    chat_id = ann if request_.get("is_private", True) else GROUP
    assert receiver._is_for_bot(heard(chat_id, **request_)) is is_for_bot


async def test_what_is_too_much_for_a_line_is_not_done_and_that_is_said_once(
    counter: Any, receiver: MessageReceiver, ann: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_receiver, "LONGEST_LINE", 2)
    go_on = asyncio.Event()

    async def wait() -> None:
        await go_on.wait()

    await counter.chat.start()
    (hello,) = await counter.answers(1)
    receiver._lines.put(ann, wait)
    ones: Any = [heard(ann, number=number) for number in range(100, 105)]
    access_hash = counter.sandbox.access_hash(counter.bot, ann)
    for one in ones:
        one.known[ann].access_hash = access_hash
        receiver.take_in(one)
    said = failing_words("en").say_many
    try:
        await counter.chat.wait_for(lambda message: message.text == said)
    finally:
        go_on.set()
    rows = await counter.answers(2)
    assert keys(rows) == [hello.key, ones[0].key(0)]
    # Once there is much room again it is told again.
    assert ann in receiver._overfull
    receiver.take_in(heard(ann, number=105))
    assert ann not in receiver._overfull
    await counter.answers(3)
    assert [message.text for message in counter.chat.messages].count(said) == 1


async def test_a_line_that_has_a_little_room_again_is_told_nothing_twice(
    counter: Any, receiver: MessageReceiver, ann: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, str]] = []

    async def say(one: Heard, what: str) -> None:
        told.append((one.request.message_id, what))

    monkeypatch.setattr(message_receiver, "LONGEST_LINE", 2)
    monkeypatch.setattr(receiver, "_say", say)
    steps = [asyncio.Event() for _ in range(2)]
    for step in steps:
        receiver._lines.put(ann, step.wait)
    receiver.take_in(heard(ann, number=100))
    steps[0].set()
    async with asyncio.timeout(60):
        while receiver._lines.length(ann) > 1:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    receiver.take_in(heard(ann, "/help", number=101))
    receiver.take_in(heard(ann, "/help", number=102))
    steps[1].set()
    await counter.handled()
    assert told == [(100, "many")]


async def test_a_line_that_is_never_empty_is_told_of_each_time_it_was_full(
    receiver: MessageReceiver, ann: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []

    async def say(one: Heard, what: str) -> None:
        told.append(one.request.message_id)

    monkeypatch.setattr(message_receiver, "LONGEST_LINE", 4)
    monkeypatch.setattr(receiver, "_say", say)
    length = {ann: 0}
    monkeypatch.setattr(receiver._lines, "length", length.__getitem__)
    monkeypatch.setattr(receiver._lines, "put", lambda chat_id, work: None)
    monkeypatch.setattr(receiver._client, "hold", lambda: None)
    for number, waiting in enumerate((4, 4, 3, 4, 2, 4, 1, 4, 4, 0, 4)):
        length[ann] = waiting
        receiver.take_in(heard(ann, "/help", number=number))
    async with asyncio.timeout(60):
        while len(told) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    assert told == [0, 7, 10]


async def test_in_a_group_what_is_said_among_people_fills_no_line(
    counter: Any, receiver: MessageReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[int] = []

    async def say(one: Heard, _: str) -> None:
        said.append(one.request.message_id)

    monkeypatch.setattr(message_receiver, "LONGEST_LINE", 2)
    monkeypatch.setattr(receiver, "_say", say)
    among = {"is_private": False}
    receiver.take_in(heard(GROUP, "hello", album=7, **among))
    assert receiver._lines.length(GROUP) == 0
    go_on = asyncio.Event()

    async def wait() -> None:
        await go_on.wait()

    receiver._lines.put(GROUP, wait)
    try:
        # Behind another it may be the answer to a question.
        receiver.take_in(heard(GROUP, "hello", number=2, album=7, **among))
        assert receiver._lines.length(GROUP) == 2
        receiver.take_in(heard(GROUP, "hello", number=3, **among))
        assert GROUP not in receiver._overfull
        receiver.take_in(heard(GROUP, "/help@lookout_bot", number=4, **among))
    finally:
        go_on.set()
    await counter.handled()
    assert (said, receiver._albums) == ([4], {})


async def test_what_was_answered_before_is_not_answered_again(
    counter: Any, receiver: MessageReceiver, ann: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    answer = registry.answer

    async def note(request: Request, services: Any) -> Reply:
        asked.append(request.message_id)
        return await answer(request, services)

    monkeypatch.setattr(registry, "answer", note)
    for _ in range(2):
        receiver.take_in(heard(ann, number=1))
    receiver.take_in(heard(ann, number=2))
    rows = await counter.answers(2)
    assert keys(rows) == [heard(ann, number=number).key(0) for number in (1, 2)]
    assert asked == [1, 2]  # what a command does is done once, too


async def test_who_meets_a_failure_is_told_and_the_next_message_is_answered(
    counter: Any, receiver: MessageReceiver, ann: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> Reply:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(registry, "answer", fail)
        receiver.take_in(heard(ann, number=1))
        (row,) = await counter.answers(1)
    assert (row.text.text, row.text.access_hash) == (failing_words("en").say_wrong, 5)
    assert dict(counter.gate.failures) == {"message": 1}
    receiver.take_in(heard(ann, number=2))
    assert len(await counter.answers(2)) == 2
    await counter.handled()


async def test_who_waits_for_long_is_told_that_the_message_is_kept(
    counter: Any, receiver: MessageReceiver, ann: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = asyncio.Event()

    async def answer(*_: Any) -> Reply:
        await answered.wait()
        return Reply()

    monkeypatch.setattr(message_receiver, "TELL_AFTER", 0.0)
    monkeypatch.setattr(registry, "answer", answer)
    await counter.chat.start()
    said = failing_words("en").say_kept
    try:
        await counter.chat.wait_for(lambda message: message.text == said)
    finally:
        answered.set()
    await counter.handled()


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"is_private": False}, [1, None, None, 4]),
        ({"is_private": True}, [None, None, None, 4]),
        ({"is_private": False, "is_channel": True}, [None, None, None, 4]),
    ],
)
async def test_among_others_the_first_part_of_an_answer_shows_whom_it_is_to(
    counter: Any, receiver: MessageReceiver, fields: dict[str, bool], shown: list[int | None]
) -> None:
    plain, pointed = Message(RichText("a")), Message(RichText("b"), reply_to=4)
    for number, parts in ((1, (plain, plain)), (2, (pointed, plain))):
        one = heard(GROUP, number=number, **fields)
        await receiver._queue(one, one.request, parts)
    rows = await counter.answers(4)
    assert sorted((row.text.reply_to for row in rows), key=lambda one: (one or 0, one)) == sorted(
        shown, key=lambda one: (one or 0, one)
    )


@pytest.mark.parametrize(
    ("is_allowed", "was_told", "said"),
    [
        (True, False, None),
        (True, True, None),
        (False, False, ["That was too much at once. Try again in a minute."]),
        (False, True, []),
    ],
)
async def test_who_says_too_much_is_told_the_first_time(
    receiver: MessageReceiver, ann: int, is_allowed: bool, was_told: bool, said: list[str] | None
) -> None:
    receiver._may_ask = lambda _: (is_allowed, was_told)
    refusal = receiver._refusal(heard(ann).request)
    found = None if refusal is None else [message.text.text for message in refusal.messages]
    assert found == said


@pytest.mark.parametrize(
    ("fields", "may"),
    [
        ({"is_private": True}, True),
        ({"is_channel": True, "sender_id": None}, True),
        ({"sender_id": BOB}, True),
        ({"sender_id": 503}, False),
        ({"sender_id": None}, False),
        ({"sender_id": BOB, "text": "help"}, False),
    ],
)
async def test_in_a_group_its_managers_change_what_it_gets(
    counter: Any, receiver: MessageReceiver, fields: dict[str, Any], may: bool
) -> None:
    async def role_of(chat_id: int, user_id: int) -> Any:
        return "manager" if (chat_id, user_id) == (GROUP, BOB) else "member"

    receiver._services = replace(receiver._services, role_of=role_of)
    request = heard(GROUP, **{"is_private": False, "text": "/help", **fields}).request
    assert await receiver._may_manage(request) is may


async def test_an_edited_message_is_answered_once_for_each_text(
    counter: Any, receiver: MessageReceiver, ann: int
) -> None:
    told = [("/help", False), ("/help", True), ("/about", True), ("/about", True), ("/mine", True)]
    for text, is_edit in told:
        receiver.take_in(heard(ann, text, number=7, is_edit=is_edit))
    rows = await counter.answers(3)
    ones = [heard(ann, *told[at][:1], number=7, is_edit=told[at][1]) for at in (0, 2, 4)]
    assert keys(rows) == [one.key(0) for one in ones]
    assert [row.text.reply_to for row in rows] == [None, 7, 7]
    # After a restart nothing is known of its texts but what was answered.
    receiver._texts = Texts()
    receiver.take_in(heard(ann, "/mine", number=7))
    receiver.take_in(heard(ann, "/mine", number=7, is_edit=True))
    receiver.take_in(heard(ann, "/cancel", number=8))
    assert len(await counter.answers(4)) == 4


async def test_a_text_that_comes_back_by_an_edit_is_answered_again(
    counter: Any, receiver: MessageReceiver, ann: int
) -> None:
    edits = [
        replace(
            heard(ann, text, number=7, is_edit=number > 0),
            edited_at=NOON + timedelta(seconds=number) if number else None,
        )
        for number, text in enumerate(("/help", "/about", "/help", "/about"))
    ]
    for one in edits:
        receiver.take_in(one)
        receiver.take_in(one)  # reported twice
    rows = await counter.answers(4)
    told = [*edits[:3], replace(edits[3], is_again=True)]
    assert keys(rows) == [one.key(0) for one in told]
    receiver._texts = Texts()
    receiver.take_in(edits[3])
    receiver.take_in(heard(ann, "/mine", number=8))
    assert len(await counter.answers(5)) == 5


async def test_after_a_restart_an_edit_that_changes_no_text_is_no_second_command(
    counter: Any, receiver: MessageReceiver, ann: int
) -> None:
    receiver.take_in(heard(ann, "/help", number=7))
    await counter.answers(1)
    receiver._texts = Texts()
    receiver.take_in(heard(ann, "/help", number=7, is_edit=True))
    receiver.take_in(heard(ann, "/help", number=7))
    receiver.take_in(heard(ann, "/about", number=7, is_edit=True))
    receiver.take_in(heard(ann, "/help", number=7, is_edit=True))
    rows = await counter.answers(3)
    ones = [("/help", False), ("/about", True), ("/help", True)]
    told = [heard(ann, text, number=7, is_edit=is_edit).key(0) for text, is_edit in ones]
    assert keys(rows) == told


async def test_what_an_older_version_answered_is_not_answered_again(
    counter: Any, receiver: MessageReceiver, ann: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(Heard, "sent_key", Heard.former_key)
        receiver.take_in(heard(ann, "/help", number=7))
        await counter.answers(1)
    receiver.take_in(heard(ann, "/help", number=7))
    receiver.take_in(heard(ann, "/about", number=8))
    rows = await counter.answers(2)
    assert keys(rows) == [heard(ann, number=7).former_key(0), heard(ann, "/about", number=8).key(0)]


def test_of_very_many_messages_the_texts_of_the_latest_are_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.serving.heard.KEPT_TEXTS", 2)
    texts = Texts()
    assert [texts.is_new(heard(9, number=n)) for n in (1, 2, 1, 3, 1, 2)] == [
        True, True, False, True, False, True,
    ]  # fmt: skip
