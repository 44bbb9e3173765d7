"""What somebody wrote or sent in a chat is asked for by its number."""

import asyncio
import gc
import struct
from typing import Any

import pytest

from bot.sandbox.protocol.handshake import Handshake
from bot.sandbox.state.messages import File
from bot.serving.quoted import PART, Quoted
from bot.telegram import clients
from handlers.conversation.requests import GivenFile
from storage.structs import replace

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


@pytest.mark.parametrize("dc_id", [2, 4], ids=["at home", "at another data centre"])
async def test_a_file_is_read_whole_in_parts_wherever_it_lies(
    counter: Any, dc_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Telethon keeps the addresses of data centres for all clients of a process.
    monkeypatch.setattr(clients.Client, "_config", None)
    quoted = Quoted(counter.client, counter.db)
    data = bytes(range(251)) * (PART // 251 + 300)
    file = File(name="some.json", mime="application/json", data=data, dc_id=dc_id)
    sent = await counter.chat.send_file(file)
    place = (counter.chat.user.id, sent.id_for(counter.bot))
    assert await quoted.file_of(*place, len(data)) == GivenFile(len(data), data)
    # What is more than it said is not read on.
    asked: Any = await quoted._ask(*place)
    for most, read in ((len(data), data), (len(data) - 1, None)):
        assert await quoted._read(asked.media.document, most) == read
    # Messages that are under way meanwhile go on.
    (row,) = await counter.answers(1)
    held = counter.sandbox.faults.withhold_reply("messages.sendMessage")
    saying = asyncio.create_task(counter.say(row))
    await held.wait_hit()
    other = await counter.chat.send_file(replace(file, dc_id=6 - dc_id))
    given = await quoted.file_of(place[0], other.id_for(counter.bot), len(data))
    assert given == GivenFile(len(data), data)
    held.release()
    await saying
    assert not counter.sandbox.unknown_calls


# Telethon leaves a connection whose keys were refused to the garbage collector, tasks and all.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("code", [404, 429])
async def test_a_data_centre_that_refuses_a_connection_is_asked_for_the_file_again(
    counter: Any, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(clients.Client, "_config", None)
    quoted, data = Quoted(counter.client, counter.db), b"{}" * 50
    file = File(name="some.json", mime="application/json", data=data, dc_id=4)
    sent = await counter.chat.send_file(file)
    place = (counter.chat.user.id, sent.id_for(counter.bot))
    with monkeypatch.context() as refusing:
        refusing.setattr(Handshake, "answer", lambda *_: struct.pack("<i", -code))
        assert await quoted.file_of(*place, len(data)) == GivenFile(0, None, is_late=True)
    assert await quoted.file_of(*place, len(data)) == GivenFile(len(data), data)
    gc.collect()


async def test_a_file_that_is_too_large_or_not_there_is_not_asked_for(counter: Any) -> None:
    quoted = Quoted(counter.client, counter.db)
    file = File(name="some.json", mime="application/json", data=b"{}" * 50)
    sent = await counter.chat.send_file(file)
    words = await counter.chat.send("/help")
    ann = counter.chat.user.id
    assert await quoted.file_of(ann, sent.id_for(counter.bot), 99) == GivenFile(100, None)
    assert await quoted.file_of(ann, words.id_for(counter.bot), 99) is None
    assert await quoted.file_of(ann, 9_000, 99) is None
    assert counter.sandbox.count_calls("upload.getFile") == 0
    counter.sandbox.faults.fail("upload.getFile", "LOCATION_INVALID")
    assert await quoted.file_of(ann, sent.id_for(counter.bot), 100) is None
    counter.sandbox.faults.fail("upload.getFile", "INTERNAL", code=500)
    late = await quoted.file_of(ann, sent.id_for(counter.bot), 100)
    assert late == GivenFile(0, None, is_late=True)
