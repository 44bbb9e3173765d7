"""Each thing that can be made to go wrong."""

import asyncio
from typing import Any

import pytest
from telethon import errors, events
from telethon.tl import functions, types

from bot.sandbox.server import Sandbox

SEND = "messages.sendMessage"


@pytest.fixture
async def bot(sandbox: Sandbox) -> Any:
    """A bot that Ann and Bob have started."""
    made = sandbox.add_bot("dateline_bot")
    for name in ("Ann", "Bob"):
        await sandbox.add_user(name, username=name.lower()).chat_with(made).send("/start")
    return made


def send(client: Any, user: Any, random_id: int) -> Any:
    """Starts sending; gives the task."""
    peer = types.InputPeerUser(user.id, 0)
    request = functions.messages.SendMessageRequest(peer, f"text {random_id}", random_id=random_id)
    return asyncio.ensure_future(client(request))


def person(sandbox: Sandbox, name: str) -> Any:
    return sandbox._world.names[name]


async def test_a_flood_wait_strikes_so_many_times(sandbox: Sandbox, sign_in: Any, bot: Any) -> None:
    client, ann = await sign_in(bot), person(sandbox, "ann")
    fault = sandbox.faults.flood_wait(SEND, 2, times=2)

    for _ in range(2):
        with pytest.raises(errors.FloodWaitError) as caught:
            await send(client, ann, 1)
        assert caught.value.seconds == 2
    await send(client, ann, 1)

    assert (fault.hits, fault.active) == (2, False)
    assert [call.outcome for call in sandbox.calls if call.method == SEND] == [
        "FLOOD_WAIT_2",
        "FLOOD_WAIT_2",
        "ok",
    ]


async def test_a_fault_may_strike_each_so_many_th_call(
    sandbox: Sandbox, sign_in: Any, bot: Any
) -> None:
    client, ann = await sign_in(bot), person(sandbox, "ann")
    fault = sandbox.faults.flood_wait(SEND, 2, every=3, times=None)

    for number in range(1, 8):
        if number % 3:
            await send(client, ann, number)
        else:
            with pytest.raises(errors.FloodWaitError):
                await send(client, ann, number)
    assert (fault.seen, fault.hits) == (7, 2)


async def test_a_fault_may_concern_one_peer(sandbox: Sandbox, sign_in: Any, bot: Any) -> None:
    client, ann, bob = await sign_in(bot), person(sandbox, "ann"), person(sandbox, "bob")
    sandbox.faults.fail(SEND, "PEER_ID_INVALID", peer=ann, times=None)

    await send(client, bob, 1)
    with pytest.raises(errors.PeerIdInvalidError):
        await send(client, ann, 2)

    sandbox.faults.clear()
    await send(client, ann, 2)


async def test_a_fault_may_concern_one_text(sandbox: Sandbox, sign_in: Any, bot: Any) -> None:
    client, ann = await sign_in(bot), person(sandbox, "ann")
    sandbox.faults.fail(SEND, "INTERNAL_FAILURE", text="text 2", times=None)

    await send(client, ann, 1)
    with pytest.raises(errors.RPCError):
        await send(client, ann, 2)
    await send(client, ann, 3)


async def test_a_call_may_be_answered_with_anything(
    sandbox: Sandbox, sign_in: Any, bot: Any
) -> None:
    client = await sign_in(bot)
    odd = types.updates.ChannelDifferenceEmpty(pts=7)
    sandbox.faults.muddle("updates.getState", odd)

    assert (await client(functions.updates.GetStateRequest())).pts == 7
    assert isinstance(await client(functions.updates.GetStateRequest()), types.updates.State)


async def test_a_fault_may_concern_one_account(sandbox: Sandbox, sign_in: Any, bot: Any) -> None:
    ann = person(sandbox, "ann")
    client, other = await sign_in(bot), await sign_in(ann)
    sandbox.faults.fail("updates.getState", "INTERNAL", code=500, account=ann, times=None)

    await client(functions.updates.GetStateRequest())
    with pytest.raises(errors.ServerError):
        await other(functions.updates.GetStateRequest())


async def test_a_connection_lost_before_the_call_loses_nothing(
    sandbox: Sandbox, sign_in: Any, bot: Any
) -> None:
    client, ann = await sign_in(bot), person(sandbox, "ann")
    sandbox.faults.drop_connection(SEND, when="before")

    await send(client, ann, 5)

    assert [message.random_id for message in ann.chat_with(bot).messages] == [5]
    assert sandbox.count_calls(SEND) == 2


async def test_a_connection_lost_before_the_answer_shows_as_a_duplicate(
    sandbox: Sandbox, sign_in: Any, bot: Any
) -> None:
    client, ann = await sign_in(bot), person(sandbox, "ann")
    sandbox.faults.drop_connection(SEND, when="after")

    with pytest.raises(errors.RandomIdDuplicateError):
        await send(client, ann, 5)

    assert [message.random_id for message in ann.chat_with(bot).messages] == [5]
    assert len(sandbox.ledger.duplicates) == 1


async def test_a_withheld_request_waits_until_it_is_released(
    sandbox: Sandbox, sign_in: Any, bot: Any
) -> None:
    client, ann = await sign_in(bot), person(sandbox, "ann")
    fault = sandbox.faults.withhold_request(SEND)

    sending = send(client, ann, 5)
    await fault.wait_hit()
    assert not sending.done()
    assert ann.chat_with(bot).messages == []

    fault.release()
    await sending
    assert len(ann.chat_with(bot).messages) == 1


async def test_a_withheld_reply_comes_after_the_deed(
    sandbox: Sandbox, sign_in: Any, bot: Any
) -> None:
    client, ann = await sign_in(bot), person(sandbox, "ann")
    fault = sandbox.faults.withhold_reply(SEND)

    sending = send(client, ann, 5)
    await fault.wait_hit()
    assert len(ann.chat_with(bot).messages) == 1
    assert not sending.done()

    fault.release()
    await sending


async def test_a_delayed_call_is_processed_late(sandbox: Sandbox, sign_in: Any, bot: Any) -> None:
    client, ann = await sign_in(bot), person(sandbox, "ann")
    sandbox.faults.delay(SEND, 0.2, times=1)
    loop = asyncio.get_running_loop()

    began = loop.time()
    await send(client, ann, 5)
    delayed = loop.time() - began
    began = loop.time()
    await send(client, ann, 6)

    assert delayed >= 0.2
    assert loop.time() - began < 0.2


async def test_withheld_pushes_are_found_by_the_difference(
    sandbox: Sandbox, sign_in: Any, listen: Any, bot: Any
) -> None:
    client, ann = await sign_in(bot), person(sandbox, "ann")
    inbox = listen(client, events.NewMessage)
    fault = sandbox.faults.withhold_pushes(bot, times=1)

    await ann.chat_with(bot).send("unheard")
    await fault.wait_hit()
    assert len(inbox) == 0
    await client.catch_up()

    assert (await inbox.next()).raw_text == "unheard"


async def test_duplicate_pushes_are_heard_once(
    sandbox: Sandbox, sign_in: Any, listen: Any, bot: Any
) -> None:
    client, ann = await sign_in(bot), person(sandbox, "ann")
    inbox = listen(client, events.NewMessage)
    sandbox.faults.duplicate_pushes(bot, times=1)

    await ann.chat_with(bot).send("one")
    await ann.chat_with(bot).send("two")

    assert [(await inbox.next()).raw_text for _ in range(2)] == ["one", "two"]
    assert len(inbox) == 0


async def test_reordered_pushes_come_backwards(
    sandbox: Sandbox, sign_in: Any, listen: Any, bot: Any
) -> None:
    client, ann = await sign_in(bot), person(sandbox, "ann")
    raw = listen(client, events.Raw(types.UpdateNewMessage))
    fault = sandbox.faults.reorder_pushes(bot, times=2)

    await ann.chat_with(bot).send("one")
    await ann.chat_with(bot).send("two")

    # The client puts them back in order by their numbers.
    assert [(await raw.next()).message.message for _ in range(2)] == ["one", "two"]
    assert fault.hits == 2
    assert sandbox.count_calls("updates.getDifference") == 1


async def test_any_method_at_all_may_fail(sandbox: Sandbox, sign_in: Any, bot: Any) -> None:
    client = await sign_in(bot)
    sandbox.faults.fail("*", "AUTH_KEY_DUPLICATED", code=406)

    with pytest.raises(errors.AuthKeyDuplicatedError):
        await client(functions.updates.GetStateRequest())


async def test_a_fault_that_does_not_strike_is_missed(sandbox: Sandbox) -> None:
    fault = sandbox.faults.fail(SEND, "PEER_ID_INVALID")

    with pytest.raises(TimeoutError, match="to strike 1 time"):
        await fault.wait_hit(timeout=0.05)


async def test_blocking_by_way_of_the_faults(sandbox: Sandbox, sign_in: Any, bot: Any) -> None:
    client, ann = await sign_in(bot), person(sandbox, "ann")

    await sandbox.faults.block(ann, bot)
    with pytest.raises(errors.UserIsBlockedError):
        await send(client, ann, 1)
    await sandbox.faults.unblock(ann, bot)

    await send(client, ann, 1)
