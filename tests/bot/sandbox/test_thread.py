"""The sandbox in a thread of its own."""

from typing import Any

import pytest
from telethon import TelegramClient
from telethon.crypto import rsa
from telethon.sessions import MemorySession

from bot.sandbox.server import Sandbox
from bot.sandbox.thread import SandboxThread


async def test_a_client_in_another_loop_is_served() -> None:
    with SandboxThread() as thread:

        async def prepare(sandbox: Sandbox) -> Any:
            return sandbox.add_bot("dateline_bot", token="1:secret")

        bot = thread.run(prepare)
        rsa.add_key(thread.public_key_path.read_text(), old=False)
        session = MemorySession()
        session.set_dc(2, "127.0.0.1", int(thread.address.rpartition(":")[2]))
        client = TelegramClient(session, 1, "hash")
        await client.connect()
        me = await client.sign_in(bot_token="1:secret")
        await client.disconnect()

    assert me.id == bot.id


def test_what_fails_in_the_thread_is_raised_outside() -> None:
    async def fail(sandbox: Sandbox) -> None:
        raise LookupError("nothing there")

    with SandboxThread() as thread, pytest.raises(LookupError, match="nothing there"):
        thread.run(fail)
