"""How long from nothing to a first alert, behind a block? ``dateline setup`` on a terminal, then
``run``, then ``/alert`` in the chat; no file is edited by hand.

The sandbox is reached through a SOCKS5 server alone: its name means something to nobody else. What
a person would read and look up takes no time here; ``--show`` prints the terminal as they would see
it. The exit status is 1 unless the alert comes.
"""

import argparse
import asyncio
import re
import secrets
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.demo.process import ServiceProcess
from bot.demo.terminal import TerminalProcess
from bot.sandbox.proxies.servers import SocksServer
from bot.sandbox.server import Sandbox
from bot.sandbox.world.chats import Chat

HOST = "telegram.invalid"
PHONE = "+15550000001"
PASSWORD = "correct horse"  # noqa: S105


async def _main(*, show: bool) -> None:
    begun = time.monotonic()
    proxy = SocksServer(("ann", "hunter2"), names={HOST: "127.0.0.1"})
    with tempfile.TemporaryDirectory(prefix="dateline-first-") as name:
        async with Sandbox.start() as sandbox, proxy.serve():
            watcher = sandbox.add_user("Watcher", phone=PHONE, password=PASSWORD)
            bot = sandbox.add_bot("lookout_bot")
            news = sandbox.add_channel("Harbour News", username="harbour", members=[watcher])
            sandbox.manners.application = (12345, secrets.token_hex(16))
            environment = {
                "TELEGRAM_SERVER": sandbox.address.replace("127.0.0.1", HOST),
                "TELEGRAM_SERVER_KEY": str(sandbox.public_key_path),
            }
            chat = sandbox.add_user("Ann", username="ann").chat_with(bot)
            setup = TerminalProcess(environment, Path(name), "setup")
            application = sandbox.manners.application
            link = f"socks5://ann:hunter2@127.0.0.1:{proxy.port}"
            await _set_up(setup, chat, application, bot.token, link)
            if show:
                print(setup.screen)
            print(f"setup_seconds {time.monotonic() - begun:.1f}")
            service = ServiceProcess(environment, Path(name))
            try:
                await service.start()
                await service.wait_ready(60)
                await chat.ask("/alert ferry", timeout=120)  # The first answer may be the greeting.
                await chat.wait_for("Alert set: ferry", timeout=120)
                await news.post("The ferry sails at noon")
                alert = await chat.wait_for(
                    lambda message: message.text.startswith("🔔") and "sails" in message.text,
                    timeout=120,
                )
                assert "ferry" in alert.text
            finally:
                await service.stop()
    print(f"first alert after {time.monotonic() - begun:.1f} s")


async def _set_up(
    setup: TerminalProcess, chat: Chat, application: tuple[int, str], token: str, link: str
) -> None:
    """Answer everything that is asked; the first connection fails, for there is a block."""
    await setup.start()
    try:
        for question, answer in (
            ("api_id", str(application[0])),
            ("api_hash", application[1]),
            ("Proxy link", link),
            ("Token", token),
            ("Phone number", PHONE),
            ("Code that Telegram", "12345"),
            ("password", PASSWORD),
            ("Channels", "@harbour"),
            ("More", ""),
        ):
            await setup.answer(question, answer)
        await setup.wait("numeric id")
        await chat.send("/start")
        told = await chat.wait_for("dateline setup", timeout=120)
        code = re.search(r"\b[A-Z]{6}\b", told.text)
        assert code is not None
        for question, answer in (("", code[0]), ("Language", ""), ("Time zone", "Berlin")):
            await setup.answer(question, answer)
        status = await setup.end()
        if status:
            raise SystemExit(f"setup ended with {status}:\n{setup.screen}")
    finally:
        await setup.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="print the terminal")
    asyncio.run(_main(show=parser.parse_args().show))
