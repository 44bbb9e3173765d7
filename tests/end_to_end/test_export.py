"""A file is asked for in a chat, and arrives once."""

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
