"""What somebody wrote in a chat is asked for by its number."""

from typing import Any

from bot.serving.quoted import Quoted

PRIVATE, CHANNEL = "messages.getMessages", "channels.getMessages"


async def test_the_words_of_a_message_are_read_in_private_chats_and_in_groups(
    counter: Any,
) -> None:
    quoted = Quoted(counter.client, counter.db)
    ann = counter.chat.user
    sent = await counter.chat.send("/help")
    (row,) = await counter.answers(1)
    own = await counter.say(row)
    number = sent.id_for(counter.bot)
    assert await quoted.text_of(ann.id, number) == "/help"
    assert await quoted.text_of(ann.id, own.id_for(counter.bot)) is None
    assert await quoted.text_of(ann.id, 9_000) is None
    counter.sandbox.faults.fail(PRIVATE, "CHAT_ID_INVALID")
    assert await quoted.text_of(ann.id, number) is None
    crew = counter.sandbox.add_group("Crew", members=[ann])
    crew.add_member(counter.bot, by=ann)
    said = await crew.say(ann, "/help@lookout_bot")
    await counter.answers(2)
    asked = counter.sandbox.count_calls(CHANNEL)
    assert await quoted.text_of(-1_000_000_000_000 - crew.id, said.id) == "/help@lookout_bot"
    assert counter.sandbox.count_calls(CHANNEL) == asked + 1
