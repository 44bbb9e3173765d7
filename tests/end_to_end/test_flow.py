"""A post goes in; an alert, an answer and a digest come out."""

from typing import Any

import pytest
from telethon.tl import types


@pytest.mark.parametrize("engine", ["sqlite", "postgres", "pooled"])
async def test_a_post_goes_in_and_an_alert_an_answer_and_a_digest_come_out(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/start")
    saved = await stage.chat.ask("/alert ferry")
    await stage.news.post("The library opens at nine")
    post = await stage.news.post("Two ferries collided off the pier\nNobody was hurt.")

    alert = await stage.chat.wait_for("🔔", after=saved)
    assert "Harbour News" in alert.text
    assert "Nobody was hurt." in alert.text
    assert post.link in alert.text or post.link in _urls(alert)
    assert "ferries" in _bold(alert)
    assert alert.random_id

    answer = await stage.chat.ask("/search ferries")
    assert "Two" in answer.text
    assert "ferries" in _bold(answer)
    assert "library" not in answer.text

    digest = await stage.chat.ask("/digest now")
    assert "Harbour News" in digest.text
    assert "The library opens at nine" in digest.text
    assert "Two ferries collided" in digest.text
    assert not stage.sandbox.unknown_calls


def _bold(message: Any) -> list[str]:
    encoded = message.text.encode("utf-16-le")
    return [
        encoded[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")
        for entity in message.entities
        if isinstance(entity, types.MessageEntityBold)
    ]


def _urls(message: Any) -> list[str]:
    return [entity.url for entity in message.entities if hasattr(entity, "url")]


async def test_the_same_story_on_two_channels_alerts_once(ready_stage: Any) -> None:
    stage = ready_stage
    other = stage.sandbox.add_channel("Mirror", username="mirror", members=[stage.watcher])
    await stage.run(CHANNELS="@harbour @mirror")
    await stage.chat.ask("/alert ferry")
    original = await stage.news.post("The ferry sails again")
    await stage.chat.wait_for("🔔")
    forwarded = await other.forward(original)
    copied = await other.post("The ferry sails again")
    await stage.wait_stored(original, forwarded, copied)
    await stage.wait_drained()
    assert len(stage.alerts()) == 1


async def test_an_edit_alerts_only_when_it_makes_the_post_match(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/alert ferry")
    matched = await stage.news.post("The ferry sails")
    await stage.chat.wait_for("The ferry sails")
    unmatched = await stage.news.post("The boat sails")
    await stage.wait_stored(unmatched)
    await matched.edit("The ferry sails at noon")
    await unmatched.edit("The boat, a ferry, sails")
    await stage.chat.wait_for("The boat, a ferry, sails")
    await stage.wait_drained()
    assert len(stage.alerts()) == 2


async def test_an_album_is_one_post(ready_stage: Any) -> None:
    from bot.sandbox.state import media

    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/alert ferry")
    first, *_ = await stage.news.post_album([media.photo(), media.photo()], "The ferry, twice")
    await stage.chat.wait_for("The ferry, twice")
    await stage.wait_stored(first)
    await stage.wait_drained()
    assert len(stage.alerts()) == 1


async def test_an_alert_is_stopped_by_its_button(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/alert ferry")
    await stage.news.post("The ferry sails")
    alert = await stage.chat.wait_for("🔔")
    for verb in (b"uf", b"xq"):
        button = next(b for row in alert.buttons for b in row if b.data and b.data.startswith(verb))
        edits = len(alert.edits)
        await stage.chat.press(alert, button)
        await stage.sandbox.wait_for(lambda before=edits: len(alert.edits) > before or None)
    later = await stage.news.post("The ferry sails once more")
    await stage.wait_stored(later)
    await stage.wait_drained()
    assert len(stage.alerts()) == 1


async def test_somebody_who_blocks_the_bot_hears_nothing_until_starting_again(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/alert ferry")
    await stage.ann.block(stage.bot)
    unheard = await stage.news.post("The ferry is late")
    await stage.wait_stored(unheard)
    await stage.wait_drained()
    assert not stage.alerts()
    await stage.ann.unblock(stage.bot)
    await stage.chat.ask("/start")
    await stage.news.post("The ferry is back")
    await stage.chat.wait_for("The ferry is back")
    await stage.wait_drained()
    told = [alert.text.rsplit("\n", 1)[-1] for alert in stage.alerts()]
    # What was queued before the bot heard of the block is sent once it may write again.
    assert told in (["The ferry is back"], ["The ferry is late", "The ferry is back"])


async def test_a_private_instance_refuses_politely_with_the_persons_id(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run(ACCESS="private")
    answer = await stage.chat.ask("/search ferry")
    assert str(stage.ann.id) in answer.text
    await stage.news.post("The ferry sails")
    assert not stage.alerts()


async def test_too_many_commands_a_minute_are_told_once(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run(COMMANDS_PER_MINUTE="1")  # so that none is given back meanwhile
    await stage.chat.ask("/help")
    refusal = await stage.chat.ask("/help")
    await stage.chat.send("/help")
    await stage.chat.send("/help")
    await stage.wait_drained()
    assert stage.chat.messages[-1] is refusal


async def test_a_channel_that_is_not_joined_is_read_by_scans(ready_stage: Any) -> None:
    stage = ready_stage
    far = stage.sandbox.add_channel("Far Shore", username="far_shore")
    await far.post("Old news of the ferry")
    service = await stage.run(CHANNELS="@far_shore", RECONCILE_INTERVAL="0.2")
    assert any("not joined" in line for line in service.lines)
    await stage.chat.ask("/alert ferry")
    await far.post("Fresh news of the ferry")
    await stage.chat.wait_for("Fresh news of the ferry")
    assert len(stage.alerts()) == 1
