"""What a person does with a bot: writes, presses, waits."""

import asyncio
from typing import Any

import pytest
from telethon import Button, errors, events
from telethon.tl import functions

from bot.sandbox.server import Sandbox


@pytest.fixture
async def echo(sandbox: Sandbox, sign_in: Any) -> Any:
    """A bot that repeats what it is told, with a button that changes the message."""
    bot = sandbox.add_bot("echo_bot")
    client = await sign_in(bot)

    async def repeat(event: Any) -> None:
        await event.respond(f"You said: {event.raw_text}", buttons=Button.inline("Again", b"again"))

    async def change(event: Any) -> None:
        await event.answer("Done", alert=True)
        await event.edit("Changed", buttons=None)

    client.add_event_handler(repeat, events.NewMessage(incoming=True))
    client.add_event_handler(change, events.CallbackQuery)
    return bot


async def test_a_question_gets_its_answer(sandbox: Sandbox, echo: Any) -> None:
    chat = sandbox.add_user("Ann").chat_with(echo)

    first = await chat.ask("/start")
    second = await chat.ask("snow")

    assert (first.text, second.text) == ("You said: /start", "You said: snow")
    assert await chat.wait_for("snow") is second
    assert await chat.wait_for(lambda message: "start" in message.text) is first
    assert await chat.wait_for(after=first) is second
    assert chat.messages == [first, second]


async def test_what_a_bot_says_of_itself_is_no_answer(
    sandbox: Sandbox, sign_in: Any, listen: Any
) -> None:
    bot = sandbox.add_bot("dateline_bot")
    bot.is_unasked = lambda text: text.startswith("News:")
    client = await sign_in(bot)
    inbox = listen(client, events.NewMessage)
    chat = sandbox.add_user("Ann").chat_with(bot)

    asking = asyncio.create_task(chat.ask("How is the weather?"))
    await inbox.next()
    for text in ("News: it snows", "It snows"):
        await client.send_message(chat.user.id, text)

    assert (await asking).text == "It snows"
    assert (await chat.wait_for("News")).text == "News: it snows"


async def test_a_command_is_marked_as_apps_mark_it(
    sandbox: Sandbox, sign_in: Any, listen: Any
) -> None:
    bot = sandbox.add_bot("dateline_bot")
    inbox = listen(await sign_in(bot), events.NewMessage)

    await sandbox.add_user("Ann").chat_with(bot).start("abc")
    message = (await inbox.next()).message

    assert message.raw_text == "/start abc"
    assert [text for _, text in message.get_entities_text()] == ["/start"]


async def test_a_pressed_button_is_answered_and_its_message_edited(
    sandbox: Sandbox, echo: Any
) -> None:
    ann = sandbox.add_user("Ann")
    chat = ann.chat_with(echo)
    message = await chat.ask("snow")

    answer = await chat.press(message, "Again")
    edited = await chat.wait_for("Changed")

    assert answer is not None
    assert (answer.text, answer.alert, answer.user) == ("Done", True, ann)
    assert edited is message
    assert [edit.text for edit in message.edits] == ["Changed"]
    assert message.buttons == ()
    assert sandbox.ledger.answers == [answer]


async def test_a_button_that_is_not_there_cannot_be_pressed(sandbox: Sandbox, echo: Any) -> None:
    chat = sandbox.add_user("Ann").chat_with(echo)
    message = await chat.ask("snow")

    with pytest.raises(LookupError, match="Nothing"):
        await chat.press(message, "Nothing")


async def test_a_press_that_nobody_answers_times_out(sandbox: Sandbox, sign_in: Any) -> None:
    bot = sandbox.add_bot("dateline_bot")
    chat = sandbox.add_user("Ann").chat_with(bot)
    await chat.send("/start")
    client = await sign_in(bot)
    await client.send_message(chat.user.id, "Snow", buttons=Button.inline("More", b"more"))
    message = await chat.wait_for("Snow")

    with pytest.raises(TimeoutError, match="an answer to 'More'"):
        await chat.press(message, b"more", timeout=0.05)
    assert await chat.press(message, b"more", wait=False) is None


async def test_a_query_is_answered_once(sandbox: Sandbox, sign_in: Any, listen: Any) -> None:
    bot = sandbox.add_bot("dateline_bot")
    chat = sandbox.add_user("Ann").chat_with(bot)
    await chat.send("/start")
    client = await sign_in(bot)
    inbox = listen(client, events.CallbackQuery)
    await client.send_message(chat.user.id, "Snow", buttons=Button.inline("More", b"more"))
    pressing = asyncio.create_task(chat.press(await chat.wait_for("Snow"), b"more"))
    event = await inbox.next()

    await event.answer("Once")
    answer = await pressing

    assert answer is not None
    assert answer.text == "Once"
    event._answered = False
    with pytest.raises(errors.QueryIdInvalidError):
        await event.answer("Twice")


async def test_a_real_client_presses_too(sandbox: Sandbox, sign_in: Any, echo: Any) -> None:
    ann = await sign_in(sandbox.add_user("Ann"))
    async with ann.conversation("echo_bot") as conversation:
        await conversation.send_message("snow")
        message = await conversation.get_response()

    answer = await message.click(data=b"again")

    assert (answer.message, answer.alert) == ("Done", True)


async def test_waiting_in_vain_says_for_what(sandbox: Sandbox, echo: Any) -> None:
    chat = sandbox.add_user("Ann").chat_with(echo)

    with pytest.raises(TimeoutError, match="'rain' from echo_bot"):
        await chat.wait_for("rain", timeout=0.05)


async def test_an_inline_query_gets_its_results(sandbox: Sandbox, sign_in: Any) -> None:
    bot = sandbox.add_bot("dateline_bot")
    client = await sign_in(bot)
    chat = sandbox.add_user("Ann").chat_with(bot)

    async def offer(event: Any) -> None:
        count = 51 if event.text == "too much" else 2
        articles = [event.builder.article(f"{event.text} {n}", text="x") for n in range(count)]
        try:
            await event.answer(articles, cache_time=5, next_offset="2")
        except errors.ResultsTooMuchError:
            await event.answer([])

    client.add_event_handler(offer, events.InlineQuery)

    answer = await chat.inline("snow")
    nothing = await chat.inline("too much")

    assert [result.title for result in answer.results] == ["snow 0", "snow 1"]
    assert (answer.next_offset, answer.cache_time, answer.is_personal) == ("2", 5, False)
    assert nothing.results == ()
    with pytest.raises(errors.QueryIdInvalidError):
        await client(functions.messages.SetInlineBotResultsRequest(1, [], 0))
