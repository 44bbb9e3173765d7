"""What the probe sees of a Telegram whose ways are known, and what it leaves behind."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import settings
from bot.commands import status
from bot.commands.login import login
from bot.commands.probing import expectations, probe
from bot.demo import process
from bot.sandbox.server import Sandbox
from bot.sandbox.state.repeats import MODES, Repeats
from bot.telegram import sessions
from storage.errors import ServiceError

PHONE = "+15550000001"
WHENS: tuple[expectations.When, ...] = ("at once", "from another session", "after a minute")


class Ground:
    """A bot and the operator's account, logged in, on the sandbox."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.user = sandbox.add_user("Olga", phone=PHONE)
        self.bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")
        environment = process.environment_for(sandbox, self.bot, folder, "", SEND_RATE_CHAT="100")
        self.settings = settings.load(environment, folder / "none.env")

    async def seen(self, minute: float = 0.3) -> dict[str, str]:
        """What is seen of each expectation."""
        findings = await probe.probe(self.settings, minute=minute)
        return {finding.expectation.what: finding.seen for finding in findings}


@pytest.fixture
async def ground(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Ground]:
    (tmp_path / "none.env").touch()
    made = Ground(sandbox, tmp_path)
    await login(made.settings, phone=PHONE)
    await login(made.settings, code="12345")
    yield made


@pytest.mark.parametrize(
    ("repeats", "at_once", "elsewhere", "later"),
    [
        (MODES["error"], expectations.REFUSED, expectations.REFUSED, expectations.REFUSED),
        (MODES["original"], expectations.FIRST, expectations.FIRST, expectations.FIRST),
        (MODES["forgotten"], expectations.REFUSED, expectations.TWICE, expectations.REFUSED),
        (Repeats(kept=timedelta(seconds=3)), expectations.REFUSED, "", expectations.TWICE),
    ],
)
async def test_what_becomes_of_a_repeated_id_is_seen_in_each_mode(
    ground: Ground, repeats: Repeats, at_once: str, elsewhere: str, later: str
) -> None:
    ground.sandbox.manners.repeats = repeats
    seen = await ground.seen(minute=4.0 if repeats.kept else 0.3)
    for when, outcome in zip(WHENS, (at_once, elsewhere, later), strict=True):
        for text in probe.TEXTS:
            # How soon another session is there is the machine's affair.
            assert seen[expectations.repeated(when, text).what] == outcome or not outcome
    assert seen[expectations.REPLY.what] == "refused"
    assert seen[expectations.MANY_ENTITIES.what] == "101 of 101 kept"
    assert seen[expectations.OWN_DATA.what] == expectations.SAME_DATA
    assert seen[expectations.FOREIGN_DATA.what] == "refused"
    assert seen[expectations.EDIT_PACE.what] == expectations.NO_WAIT
    assert seen[expectations.AWAY.what] == expectations.CAME
    dialogue = ground.sandbox._world.dialogue(ground.user, ground.bot)
    assert dialogue.messages
    assert all(message.deleted_at for message in dialogue.messages)
    # No session of the bot is left, neither here nor there.
    assert not ground.sandbox.is_signed_in(ground.bot)
    assert not sessions.session_path(ground.settings.data_dir, "bot").exists()


async def test_another_telegram_is_told_from_ours(ground: Ground) -> None:
    faults = ground.sandbox.faults
    faults.fail("messages.editMessage", "FLOOD_WAIT_9", code=420, every=4, times=1)
    faults.fail("messages.sendMessage", "INTERNAL", code=500, text="x x x")
    seen = await ground.seen()
    assert seen[expectations.EDIT_PACE.what] == "asked to wait 9 s after 3 edits"
    assert seen[expectations.MANY_ENTITIES.what] == "failed: INTERNAL"
    assert seen[expectations.AWAY.what] == expectations.CAME


async def test_sessions_in_use_are_left_alone(ground: Ground) -> None:
    for account in ("user", "bot"):
        path = sessions.session_path(ground.settings.data_dir, account)  # type: ignore[arg-type]
        with sessions.locked(path), pytest.raises(sessions.SessionInUseError):
            await probe.probe(ground.settings)
    assert not ground.sandbox._world.dialogue(ground.user, ground.bot).messages


async def test_an_account_that_cannot_write_to_the_bot_is_said_so(ground: Ground) -> None:
    ground.sandbox.faults.fail("messages.sendMessage", "YOU_BLOCKED_USER", account=ground.user)
    with pytest.raises(ServiceError, match="YOU_BLOCKED_USER"):
        await probe.probe(ground.settings)
    assert not ground.sandbox.is_signed_in(ground.bot)


@pytest.mark.parametrize("mode", MODES)
async def test_a_line_is_printed_for_each_fact_and_the_status_says_whether_one_differs(
    ground: Ground, mode: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ground.sandbox.manners.repeats = MODES[mode]
    differs = mode == "forgotten"

    def run(*, as_json: bool) -> int:
        return status.status_of(lambda: probe.run(ground.settings, as_json=as_json, minute=0.1))

    assert await asyncio.to_thread(run, as_json=False) == int(differs)
    shown = capsys.readouterr()
    lines = [line.split("\t") for line in shown.out.splitlines()]
    assert [len(line) for line in lines] == [3] * 12
    assert sum(seen.endswith(" (differs)") for _, _, seen in lines) == (2 if differs else 0)
    assert ("dateline: error: probe: 2 of 12 facts differ" in shown.err) == differs
    assert await asyncio.to_thread(run, as_json=True) == int(differs)
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [list(one) for one in found] == [["fact", "expected", "seen", "holds"]] * 12
    assert all(one["holds"] for one in found) == (not differs)
