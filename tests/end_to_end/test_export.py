"""A file is asked for in a chat, and arrives once."""

import json
from typing import Any


async def test_an_export_arrives_as_a_file_once_though_the_reply_was_lost(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/start")
    posts = [await stage.news.post(f"The ferry sails, says captain {number}") for number in (1, 2)]
    await stage.wait_stored(*posts)
    lost = stage.sandbox.faults.drop_connection("messages.sendMedia", when="after")

    asked = await stage.chat.send("/export csv ferry")
    message = await stage.chat.wait_for("Posts found for ferry: 2.", after=asked)
    await lost.wait_hit()
    await stage.wait_drained()

    assert message.file is not None
    assert message.file.name == "dateline-2.csv"
    assert message.file.data.decode("utf-8-sig").count("says captain") == 2
    assert len([each for each in stage.chat.messages if each.file is not None]) == 1
    assert not stage.sandbox.unknown_calls


async def test_a_digest_is_sent_as_a_page_that_is_asked_for_by_a_button(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/start")
    told = ("The ferry sails again, says the captain", "A crane in the old harbour stands still")
    await stage.wait_stored(*[await stage.news.post(text) for text in told])

    digest = await stage.chat.ask("/digest now")
    await stage.chat.press(digest, "HTML")
    message = await stage.chat.wait_for("The digest as a page")

    assert message.file is not None
    assert message.file.name.startswith("digest-")
    assert message.file.name.endswith(".html")
    page = message.file.data.decode()
    assert all(text in page for text in told)
    assert not stage.sandbox.unknown_calls


async def test_what_is_stored_of_somebody_comes_as_a_file_that_names_nobody_else(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await stage.run()
    bob = stage.sandbox.add_user("Bob").chat_with(stage.bot)
    await bob.ask("/alert barge")
    await stage.chat.ask("/alert ferry")

    await stage.chat.send("/mydata")
    message = await stage.chat.wait_for("All that I keep of this chat")

    assert message.file is not None
    assert message.file.name == "dateline-my-data.json"
    told = json.loads(message.file.data)
    assert [alert["query"] for alert in told["alert"]] == ["ferry"]
    assert "barge" not in message.file.data.decode()
    assert told["complete"]
    assert not stage.sandbox.unknown_calls
