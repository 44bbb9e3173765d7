"""``dateline probe``: what the service rests on at Telegram, seen within three minutes."""

import asyncio
import contextlib
import functools
import json
import secrets
import sys
import tempfile
from pathlib import Path
from typing import TypeAlias

import structlog

from bot import logs
from bot.commands.probing import checks, expectations
from bot.commands.probing.chat import Chat, Inbox, bot_session, log_out
from bot.commands.probing.checks import Sent
from bot.commands.probing.expectations import Finding, Text, When
from bot.settings import Settings
from bot.telegram import sessions, signin
from bot.telegram.clients import Client
from bot.telegram.failures import CALL_ERRORS
from storage.errors import DatelineError, ServiceError

MINUTE = 60.0
LIMIT = 150.0
"""Seconds for all that is looked at; what is left of three minutes is for deleting it."""
LEAVING = 25.0
TEXTS: tuple[Text, ...] = ("the same text", "another text")

Originals: TypeAlias = dict[tuple[When, Text], Sent]

log = structlog.get_logger("probe")


def run(settings: Settings, *, as_json: bool, minute: float = MINUTE) -> int:
    """Print a line for each expectation; 1 when one differs from what the service can bear."""
    settings.require("api_id", "api_hash", "bot_token")
    logs.configure_for(settings)
    findings = asyncio.run(probe(settings, minute=minute))
    for finding in findings:
        sys.stdout.write(f"{_as_json(finding) if as_json else _as_line(finding)}\n")
    differing = sum(not finding.holds for finding in findings)
    if differing:
        raise ServiceError(
            f"{differing} of {len(findings)} facts differ from what the service rests on",
            where="probe",
            hint="see docs/probing.md for what that means",
        )
    return 0


def _as_line(finding: Finding) -> str:
    seen = finding.seen if finding.holds else f"{finding.seen} (differs)"
    return "\t".join((finding.expectation.what, finding.expectation.expected, seen))


def _as_json(finding: Finding) -> str:
    shown = {
        "fact": finding.expectation.what,
        "expected": finding.expectation.expected,
        "seen": finding.seen,
        "holds": finding.holds,
    }
    return json.dumps(shown, separators=(",", ":"))


async def probe(settings: Settings, *, minute: float = MINUTE) -> list[Finding]:
    """All that was seen. ``minute``: seconds after which an id is used again.

    Raises SessionInUseError while a service holds a session, NotLoggedInError and ServiceError
    where the accounts cannot be used.
    """
    async with contextlib.AsyncExitStack() as stack:
        user = await stack.enter_async_context(signin.signed_in_user(settings))
        # The service's own session of the bot is not opened: it knows what is not handled yet.
        stack.enter_context(sessions.locked(sessions.session_path(settings.data_dir, "bot")))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dateline-probe-")))
        course = _Course(settings, user, folder, minute)
        try:
            async with asyncio.timeout(LIMIT):
                return await course.run()
        except TimeoutError as error:
            raise ServiceError(
                "it was not done in time", where="probe", hint="try again later"
            ) from error
        finally:
            await course.leave()


class _Course:
    """The looks at each expectation, one after the other, and the leaving of no trace."""

    def __init__(self, settings: Settings, user: Client, folder: Path, minute: float) -> None:
        self._settings = settings
        self._first, self._second = folder / "first", folder / "second"
        self._minute = minute
        self._began = False
        self._chat = Chat(user=user, heard=Inbox(user), pause=1.0 / settings.send_rate_chat)

    async def run(self) -> list[Finding]:
        """Look at everything."""
        async with bot_session(self._settings, self._first) as bot:
            self._began = True
            inbox = Inbox(bot)
            await self._chat.meet(await signin.whoami(bot), inbox)
            findings = await self._look(bot, inbox)
        text = f"Probe: away {secrets.token_hex(8)}"
        await self._chat.write(text)
        async with bot_session(self._settings, self._first) as bot:
            inbox = Inbox(bot)
            away = await checks.look_at(expectations.AWAY, lambda: checks.hear_after(inbox, text))
        return [*findings, away]

    async def _look(self, bot: Client, inbox: Inbox) -> list[Finding]:
        chat = self._chat
        originals: Originals = {}
        await self._send(bot, "at once", originals)
        findings = await self._repeat(bot, "at once", originals)
        await self._send(bot, "from another session", originals)
        await self._send(bot, "after a minute", originals)
        later = asyncio.get_running_loop().time() + self._minute
        findings += [
            await checks.look_at(expectations.REPLY, lambda: checks.reply_to_deleted(chat, bot)),
            await checks.look_at(
                expectations.MANY_ENTITIES, lambda: checks.send_many_entities(chat, bot)
            ),
            await checks.look_at(expectations.OWN_DATA, lambda: checks.press_own(chat, bot, inbox)),
            await checks.look_at(
                expectations.FOREIGN_DATA, lambda: checks.press_foreign(chat, bot)
            ),
            await checks.look_at(expectations.EDIT_PACE, lambda: checks.edit_often(chat, bot)),
        ]
        async with bot_session(self._settings, self._second) as other:
            findings += await self._repeat(other, "from another session", originals)
            await log_out(other)
        await checks.pass_time(later)
        return findings + await self._repeat(bot, "after a minute", originals)

    async def _send(self, bot: Client, when: When, originals: Originals) -> None:
        for text in TEXTS:
            words = f"Probe: {text}, {when}"
            originals[when, text] = await checks.send_first(self._chat, bot, words)

    async def _repeat(self, bot: Client, when: When, originals: Originals) -> list[Finding]:
        findings = []
        for text in TEXTS:
            sent = originals[when, text]
            words = sent.text if text == "the same text" else f"{sent.text}, changed"
            look = functools.partial(checks.send_again, self._chat, bot, sent, words)
            findings.append(await checks.look_at(expectations.repeated(when, text), look))
        return findings

    async def leave(self) -> None:
        """Delete what was written, and end the bot's session."""
        if not self._began:
            return
        try:
            async with asyncio.timeout(LEAVING), bot_session(self._settings, self._first) as bot:
                try:
                    await self._chat.clear(bot)
                finally:
                    await log_out(bot)
        except (DatelineError, *CALL_ERRORS) as error:
            log.error("what the probe wrote is still there", error=str(error))
