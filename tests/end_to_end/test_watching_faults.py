"""Every method that the service calls, cut or refused: by the ledger nothing is lost or doubled.

The play makes the service call all of them; a test holds the list to that.
"""

import asyncio
import json
from typing import Any

import database_rows
import pytest

from bot.telegram import clients

GROUPS = {
    "connecting": (
        "auth.importBotAuthorization",
        "help.getConfig",
        "updates.getDifference",
        "updates.getState",
        "users.getUsers",
    ),
    "finding": (
        "contacts.resolveUsername",
        "messages.checkChatInvite",
        "messages.getDialogs",
        "messages.importChatInvite",
    ),
    "reading": (
        "bots.setBotCommands",
        "channels.getMessages",
        "messages.getHistory",
        "messages.sendMessage",
        "updates.getChannelDifference",
    ),
}
# How the account is kept: asked one after the other, and where one fails the rest an hour later.
KEEPING = ("account.getAccountTTL", "account.getPassword", "help.getAppConfig")
RECURRING = ("messages.getHistory", "messages.sendMessage")
SETTINGS = {
    "RECONCILE_INTERVAL": "0.3",
    "SCAN_REQUESTS_PER_MINUTE": "6000",
    "SEND_RATE": "1000",
    "SEND_RATE_CHAT": "1000",
    "PREVIEW_BASE_URL": "http://127.0.0.1:9/s/",
}


ALERTS_SENT = "SELECT message_id FROM delivery WHERE kind = 'alert' AND state = 'sent' ORDER BY id"


class Play:
    """What happens: a joined channel, a public one and one behind an invite link are watched."""

    def __init__(self, stage: Any) -> None:
        self.stage = stage
        self.far = stage.sandbox.add_channel("Far Shore", username="far_shore")
        self.hidden = stage.sandbox.add_channel("Hidden")
        self.posts: list[Any] = []
        self.doomed: Any = None

    async def run(self) -> None:
        """Everything, to the end; every method is called on the way."""
        names = f"@harbour @far_shore {self.hidden.invite_link}"
        service = self.stage.process(CHANNELS=names, **SETTINGS)
        await service.start()
        await service.wait_ready(120)
        await self.stage.chat.ask("/alert ferry")
        await service.wait_line("joined")
        await self._wait_scanned(3)
        sandbox = self.stage.sandbox
        self.doomed = await self.stage.news.post("The boat that nobody waits for")
        await self.stage.wait_stored(self.doomed)
        sandbox.faults.withhold_pushes(account=self.stage.watcher, times=3)
        await self.doomed.delete()
        for channel in (self.stage.news, self.far, self.hidden, self.stage.news):
            await self.post(channel, 2)
        await sandbox.wait_for_call("updates.getChannelDifference")
        sandbox.drop_connections()
        await self.post(self.stage.news, 2)

    async def post(self, channel: Any, count: int) -> None:
        for _ in range(count):
            self.posts.append(await channel.post(f"The ferry, part {len(self.posts)} of it"))

    async def _wait_scanned(self, count: int) -> None:
        async def are_scanned(conn: Any) -> bool:
            row = await conn.fetch_one(
                "SELECT count(*) AS n FROM channel WHERE last_scan_at IS NOT NULL"
            )
            return bool(row["n"] == count)

        await self.stage.wait_database(are_scanned)

    async def check(self) -> None:
        """By the ledger: stored as posted, told once and as they were stored (what a push did not
        bring is found later than what comes after it), the deletion noticed."""
        await self.stage.wait_stored(*self.posts)
        due = len(self.posts)
        await self.stage.sandbox.wait_for(
            lambda: len(self.stage.alerts()) >= due or None, timeout=40
        )
        await self.stage.wait_database(self._is_deleted)
        await self.stage.wait_drained()
        documents = self._documents()
        assert sorted(documents) == sorted(
            f"tg:{posted.channel.id}/{posted.id}" for posted in self.stage.sandbox.ledger.posted
        )
        told = [int(alert.text.split("part ")[1].split()[0]) for alert in self.stage.alerts()]
        assert sorted(told) == list(range(due))
        ids = database_rows.read(self.stage.database_url, ALERTS_SENT)
        assert len(ids) == due
        assert ids == sorted(ids)

    async def _is_deleted(self, _: Any) -> bool:
        document = self._documents()[f"tg:{self.doomed.channel.id}/{self.doomed.id}"]
        return bool(document.get("deleted_at"))

    def _documents(self) -> dict[str, Any]:
        rows = database_rows.read(self.stage.database_url, "SELECT json FROM document")
        return {item["doc_id"]: item for item in (json.loads(text) for (text,) in rows)}


def strike(stage: Any, kind: str, method: str) -> Any:
    """Have something go wrong with the method's next call."""
    faults = stage.sandbox.faults
    if kind == "flood":
        return faults.flood_wait(method, 1)
    if kind == "500":
        return faults.fail(method, "INTERNAL", code=500)
    return faults.drop_connection(method, when=kind)


async def test_the_play_uses_every_method_of_the_list(ready_stage: Any) -> None:
    play = Play(ready_stage)
    logged_in = len(ready_stage.sandbox.calls)
    await play.run()
    await play.check()
    used = {call.method for call in ready_stage.sandbox.calls[logged_in:]}
    assert used == {*KEEPING, *(method for group in GROUPS.values() for method in group)}


@pytest.mark.parametrize(
    ("kind", "method"), [*zip(("before", "500", "flood"), KEEPING, strict=True)]
)
async def test_what_is_asked_of_the_account_may_fail(
    ready_stage: Any, kind: str, method: str
) -> None:
    play = Play(ready_stage)
    fault = strike(ready_stage, kind, method)
    await play.run()
    await play.check()
    assert fault.hits


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("kind", ["before", "after", "flood", "500"])
async def test_calls_of_every_method_that_go_wrong_lose_and_repeat_nothing(
    ready_stage: Any, kind: str, group: str
) -> None:
    play = Play(ready_stage)
    faults = [strike(ready_stage, kind, method) for method in GROUPS[group]]
    await play.run()
    faults += [strike(ready_stage, kind, method) for method in RECURRING]
    await play.post(ready_stage.news, 3)
    await play.check()
    assert [fault.method for fault in faults if not fault.hits] == []


async def test_a_network_that_dies_without_a_word_is_noticed_and_nothing_is_missed(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    pings = f"bot.telegram.clients.STATE_INTERVAL = {clients.STATE_INTERVAL / 4}"
    await stage.run(pings, **{**SETTINGS, "RECONCILE_INTERVAL": "600"})
    await stage.chat.ask("/alert ferry")
    before = await stage.news.post("The ferry, before")
    await stage.wait_stored(before)
    stage.sandbox.silence()
    died_at = asyncio.get_running_loop().time()
    missed = [await stage.news.post(f"The ferry, part {number}") for number in range(3)]
    # Those who are cut off cannot tell: they have to find out, and to connect anew.
    stage.sandbox.end_silence()
    await stage.wait_stored(*missed)
    noticed_after = asyncio.get_running_loop().time() - died_at
    assert noticed_after > 2 * clients.STATE_INTERVAL / 4
    after = await stage.news.post("The ferry, after")
    await stage.wait_stored(after)
    await stage.sandbox.wait_for(lambda: len(stage.alerts()) == 5 or None)


def test_two_pings_take_less_than_twenty_seconds() -> None:
    # The network may die right after an answer: then the next ping is lost, and the one after it
    # finds that out. Reading the clock late is allowed for.
    assert 2 * clients.PING_TICKS * clients.STATE_INTERVAL + 2 <= 20


@pytest.mark.parametrize(
    ("reason", "code", "hint"),
    [
        ("AUTH_KEY_UNREGISTERED", 401, "run `dateline login`"),
        ("SESSION_REVOKED", 401, "run `dateline login`"),
        ("AUTH_KEY_DUPLICATED", 406, "stop the other copy"),
        ("USER_DEACTIVATED", 401, "run `dateline login` with another"),
    ],
)
async def test_a_session_that_ends_is_named_with_what_to_do_and_the_rest_is_served(
    ready_stage: Any, reason: str, code: int, hint: str
) -> None:
    stage = ready_stage
    cellar = stage.sandbox.add_channel("Cellar", members=[stage.watcher])
    await stage.chat.send("/start")
    async with stage.sandbox.serve_previews() as previews:
        changes = {"CHANNELS": f"@harbour {cellar.id}", "ADMINS": str(stage.ann.id)}
        changes["PREVIEW_BASE_URL"] = previews.address
        service = await stage.run(**SETTINGS | changes)
        await stage.chat.ask("/alert ferry")
        for method in ("messages.getHistory", "updates.getState", "users.getUsers"):
            stage.sandbox.faults.fail(method, reason, code=code, account=stage.watcher, times=None)
        notice = await stage.chat.wait_for("can't be used any more")
        assert reason in notice.text
        assert hint in notice.text.replace("‘", "`")
        await service.wait_line("the account watches no more")
        await stage.news.post("The ferry, by its preview")
        await stage.chat.wait_for("by its preview")
        # A push may have brought the post, before any preview was read.
        await service.wait_line("read another way")
        shown = await stage.chat.ask("/status")
        assert "web preview" in shown.text
        # That the account is lost is said once, not for each channel that only it could read.
        assert not any("can't be read" in message.text for message in stage.chat.messages)
