"""One bad message mutes nobody: it waits, with what may not go before it, and nothing else does."""

from typing import Any


async def test_an_alert_that_the_server_fails_on_holds_up_neither_answers_nor_other_chats(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    other = stage.sandbox.add_user("Ben").chat_with(stage.bot)
    service = await stage.run()
    await stage.chat.ask("/alert ferry")
    await other.ask("/alert ferry")
    bad = stage.sandbox.faults.fail(
        "messages.sendMessage", "INTERNAL", code=500, text="part 0", peer=stage.ann, times=None
    )
    posts = [await stage.news.post(f"The ferry, part {number} of it") for number in range(4)]
    await stage.wait_stored(*posts)
    await bad.wait_hit(3)
    # It waits for four seconds now. What Ann asks is answered, and Ben has everything.
    asked = stage.sandbox.count_calls("messages.sendMessage")
    await stage.chat.ask("/help")
    await other.wait_for("part 3", timeout=120)
    assert asked
    await bad.wait_hit(4)
    bad.stop()
    await stage.chat.wait_for("part 3")
    await stage.wait_drained()
    for chat in (stage.chat, other):
        told = [m.text for m in chat.messages if m.text.startswith("🔔")]
        assert [text.split("part ")[1][0] for text in told] == ["0", "1", "2", "3"]
    helped = next(m for m in stage.chat.messages if m.sender is stage.bot and "/search" in m.text)
    first = stage.alerts()[0]
    assert helped.id < first.id, "the answer came while the alert waited"
    await service.stop()


async def test_what_is_behind_an_alert_that_is_given_up_goes_then(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/alert ferry")
    # Once it is at fault for a while, then it is refused for good.
    stage.sandbox.faults.fail(
        "messages.sendMessage", "INTERNAL", code=500, text="part 0", peer=stage.ann, times=2
    )
    bad = stage.sandbox.faults.fail(
        "messages.sendMessage", "MESSAGE_EMPTY", text="part 0", peer=stage.ann, times=1
    )
    for number in range(3):
        await stage.news.post(f"The ferry, part {number} of it")
    await bad.wait_hit(1)
    await stage.chat.wait_for("part 2")
    await stage.wait_drained()
    told = [alert.text.split("part ")[1][0] for alert in stage.alerts()]
    assert told == ["1", "2"]


async def test_an_answer_that_the_server_fails_on_holds_up_nothing(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/alert ferry")
    bad = stage.sandbox.faults.fail(
        "messages.sendMessage", "INTERNAL", code=500, text="wombat", peer=stage.ann, times=None
    )
    await stage.chat.send("/alert wombat")
    await bad.wait_hit(2)
    await stage.chat.send("/alert dingo")
    await stage.news.post("The ferry sails")
    await stage.chat.wait_for("dingo")
    await stage.chat.wait_for("The ferry sails")
    bad.stop()
    await stage.chat.wait_for("wombat")
    texts = [m.text for m in stage.chat.messages if m.sender is stage.bot]
    late = next(place for place, text in enumerate(texts) if "wombat" in text)
    assert next(place for place, text in enumerate(texts) if "dingo" in text) < late
