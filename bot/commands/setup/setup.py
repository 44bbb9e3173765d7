"""The questions of ``dateline setup``, in their order. What is there already is not asked for."""

import asyncio
import contextlib
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import logs
from bot import settings as settings_module
from bot.commands import archive, check, status
from bot.commands.checking.channels import Looks, Wanted
from bot.commands.checking.machine import list_wrong_forms
from bot.commands.login import Ask, login
from bot.commands.probing.chat import bot_session, log_out
from bot.commands.setup import env_file, machine_habits, texts, trials
from bot.commands.setup.missing import has_account, list_missing
from bot.commands.setup.operator import Callers
from bot.process import asking, terminal
from bot.settings import Settings
from bot.telegram import failures, signin
from bot.telegram.clients import Client, NotReachedError
from handlers.sources import references
from handlers.sources.references import NoReferenceError
from handlers.times import zones
from storage.channels import channels as stored_channels
from storage.errors import DatelineError, UsageError

Trial = Callable[[], Awaitable[str]]


def run(path: Path | None, account: str = signin.UNNAMED) -> int:
    """Ask for what is missing; the status of the check at the end. ``path``: the settings file;
    ``account``: which of several it is that is to be logged in.

    Without a terminal 2, and the names of what is missing; 0 where nothing is.
    """
    if not sys.stdin.isatty():
        named = path if path is None or path.exists() else None
        return _show_missing(signin.for_account(settings_module.load(os.environ, named), account))
    setup = Setup(path or Path(".env"), asking.ask, account)
    try:
        return asyncio.run(setup.run())
    except (KeyboardInterrupt, EOFError):
        sys.stderr.write("\n")
        return status.fail(1, setup.naming(texts.STOPPED.format(path=path or ".env")))


def _show_missing(settings: Settings) -> int:
    missing = asyncio.run(list_missing(settings))
    if not missing:
        sys.stdout.write("nothing is missing; see `dateline check`\n")
        return 0
    advice = "run `dateline setup` on one, or give what is named below by hand"
    said = f"setup: there is no terminal; {signin.naming(advice, settings)}"
    return status.fail(2, said, *map(str, missing))


class Setup:
    """One course of questions. ``ask(question, secret)`` gives what was typed; ``account`` is the
    name of the one that is to be logged in. Raises UsageError for one that can't be."""

    def __init__(self, path: Path, ask: Ask, account: str = signin.UNNAMED) -> None:
        self._path = path
        self._ask = ask
        self._name = account
        self._bot = ""
        self._has_account = True

    async def run(self) -> int:
        """Ask everything, look at everything; the status of that look."""
        text = texts.AGAIN if self._path.exists() else texts.WELCOME
        logs.configure_for(self._settings())
        _say(self.naming(text.format(path=self._path)))
        await self._ask_application()
        await self._ask_bot()
        await self._ask_account()
        await self._ask_channels()
        await self._ask_operator()
        await self._ask_manners()
        _say(texts.LAST_LOOK)
        looked = await check.look(self._settings(), with_account=self._has_account)
        if looked == 0:
            _say(texts.NEXT.format(bot=self._bot, options=self._options()))
        return looked

    def naming(self, text: str) -> str:
        """What is said, with the account named in what to run where it is one of several."""
        return signin.naming(text, self._settings())

    def _options(self) -> str:
        """What `dateline run` is to be told."""
        if self._name != signin.UNNAMED:
            return f" --roles watch --account {self._name}"
        return "" if self._has_account else " --without-account"

    def _settings(self) -> Settings:
        return self._with()

    def _with(self, **values: str) -> Settings:
        """The settings as they would be with these values."""
        path = self._path if self._path.exists() else None
        return signin.for_account(settings_module.load({**os.environ, **values}, path), self._name)

    def _keep(self, **values: str) -> None:
        env_file.write(self._path, values)

    async def _ask_application(self) -> None:
        settings = self._settings()
        wrong = {problem.where for problem in list_wrong_forms(settings)}
        if settings.api_id and settings.api_hash and "API_HASH" not in wrong:
            await self._reach(lambda: trials.try_application(self._settings()))
            return
        _say(texts.APPLICATION)
        while True:
            values = {
                name: await self._ask_fitting(name, f"     {name.lower()}")
                for name in ("API_ID", "API_HASH")
            }
            try:
                await self._reach(lambda: trials.try_application(self._with(**values)))  # noqa: B023
            except UsageError as error:
                _complain(error)
                continue
            self._keep(**values)
            _say("     Telegram takes them.")
            return

    async def _ask_fitting(self, name: str, question: str) -> str:
        """What is typed for a setting, of the form that this must have."""
        while True:
            typed = await self._ask(question, False)
            if await self._fits({name: typed}):
                return typed

    async def _fits(self, values: dict[str, str]) -> bool:
        """Whether the values have the form that they must have; says why not."""
        try:
            if not all(values.values()):
                raise UsageError("nothing was typed")
            settings = self._with(**values)
        except UsageError as error:
            _say(f"     {_first_line(error)}")
            return False
        wrong = [problem for problem in list_wrong_forms(settings) if problem.where in values]
        for problem in wrong:
            _complain(problem)
        return not wrong

    async def _reach(self, trial: Callable[[], Awaitable[None]]) -> None:
        """Try it until Telegram is reached: by a proxy where it can't be reached directly."""
        while True:
            try:
                await trial()
            except NotReachedError as error:
                _say(texts.NOT_REACHED.format(reason=terminal.one_line(error.what)))
                await self._ask_proxy()
            else:
                return

    async def _ask_proxy(self) -> None:
        while link := await self._ask("     Proxy link (Enter: try again without)", False):
            if await self._fits({"PROXY": link}):
                break
        if link or self._settings().proxy:
            self._keep(PROXY=link)

    async def _ask_bot(self) -> None:
        settings = self._settings()
        if settings.bot_token:
            self._bot = await trials.try_token(settings)
            return
        _say(texts.BOT)
        while not self._bot:
            values = {"BOT_TOKEN": await self._ask_fitting("BOT_TOKEN", "     Token")}
            try:
                self._bot = await trials.try_token(self._with(**values))
            except DatelineError as error:
                _complain(error)
                continue
            self._keep(**values)
            _say(f"     It is @{self._bot}.")

    async def _ask_account(self) -> None:
        if has_account(self._settings()):
            return
        _say(texts.ACCOUNT.format(folder=self._settings().data_dir))
        is_other = self._name != signin.UNNAMED
        question = texts.OTHER_PHONE if is_other else texts.PHONE
        while (phone := await self._ask(question, False)) or is_other:
            try:
                said = await login(self._settings(), phone=phone, ask=self._ask_indented)
            except DatelineError as error:
                _complain(error)
                continue
            _say(f"     {said[:1].upper()}{said[1:]}.")
            return
        self._has_account = False
        _say(texts.PUBLIC_ONLY)

    async def _ask_indented(self, question: str, secret: bool) -> str:
        return await self._ask(f"     {question}", secret)

    async def _ask_channels(self) -> None:
        if (await check.list_wanted(self._settings()))[0]:
            return
        _say(texts.CHANNELS)
        async with self._account() as client:
            looks = Looks(self._settings(), client, refused_until=None)
            with contextlib.suppress(*failures.CALL_ERRORS):
                await looks.list_joined()
            taken: list[str] = []
            question = "     Channels"
            while answer := await self._ask(question, False):
                taken += await self._look_at_channels(looks, answer, taken)
                if taken:
                    self._keep(CHANNELS=",".join(taken))
                    question = "     More (Enter: no more)"
        await self._watch(taken)
        if not taken:
            _say("     None for now: /watch adds them in the chat.")

    async def _look_at_channels(self, looks: Looks, answer: str, taken: list[str]) -> list[str]:
        """Those of the channels that were typed which can be read; says of each how."""
        good: list[str] = []
        wrong: list[str] = []
        for text in dict.fromkeys(filter(None, re.split(r"[,\s]+", answer))):
            try:
                wanted = Wanted(text=text, reference=references.parse_reference(text))
            except NoReferenceError:
                wrong.append(text)
                continue
            if text in taken:
                continue
            (finding,) = await looks.look([wanted])
            left_out = " (left out)" if finding.is_warning else ""
            _say(f"     {finding.where}: {terminal.one_line(finding.what)}{left_out}")
            if not finding.is_warning:
                good.append(text)
        if wrong:
            _say(
                f"     No name, link or number of a channel: {terminal.one_line(', '.join(wrong))}"
            )
        return good

    @contextlib.asynccontextmanager
    async def _account(self) -> AsyncIterator[Client | None]:
        if not self._has_account:
            yield None
            return
        async with signin.signed_in_user(self._settings()) as client:
            yield client

    async def _watch(self, taken: list[str]) -> None:
        """Put them on the list that is there already: one that was taken off it once comes back."""
        if not await check.has_database(self._settings()):
            return
        async with archive.opened(self._settings()) as database, database.transaction() as tx:
            for text in taken:
                reference = references.parse_reference(text)
                await references.watch(tx, reference, by_hand=True, now=datetime.now(UTC))
            await stored_channels.note_change(tx)

    async def _ask_operator(self) -> None:
        if self._settings().admins:
            return
        with tempfile.TemporaryDirectory(prefix="dateline-setup-") as folder:
            async with bot_session(self._settings(), Path(folder)) as bot:
                callers = Callers(bot)
                _say(texts.OPERATOR.format(bot=self._bot))
                await self._ask_code(callers)
                await log_out(bot)

    async def _ask_code(self, callers: Callers) -> None:
        question = "     Code, or your numeric id (Enter: nobody for now)"
        while typed := await self._ask(question, False):
            if re.fullmatch(r"[1-9][0-9]{4,18}", typed):
                self._keep(ADMINS=typed)
                return
            caller = callers.find(typed)
            if caller is not None:
                self._keep(ADMINS=str(caller[0]))
                _say(f"     {terminal.one_line(caller[1])}, {caller[0]}: you are the operator.")
                return
            _say("     That is no code that the bot has given, and no numeric id.")

    async def _ask_manners(self) -> None:
        present = machine_habits.given(os.environ, self._path)
        if {"BOT_LANGUAGE", "TIMEZONE"} <= present:
            return
        _say(texts.MANNERS)
        if "BOT_LANGUAGE" not in present:
            await self._ask_language(machine_habits.language(os.environ))
        if "TIMEZONE" not in present:
            await self._ask_zone(machine_habits.time_zone(os.environ))

    async def _ask_language(self, usual: str) -> None:
        while True:
            typed = await self._ask(f"     Language, en or ru (Enter: {usual})", False) or usual
            if await self._fits({"BOT_LANGUAGE": typed}):
                self._keep(BOT_LANGUAGE=typed.lower())
                return

    async def _ask_zone(self, usual: str) -> None:
        question = f"     Time zone or city (Enter: {_with_time(usual)})"
        while True:
            typed = await self._ask(question, False) or usual
            zone = zones.find_zone(typed)
            if zone is not None:
                break
            near = zones.nearest_zone(typed)
            if near is None:
                _say("     There is no such zone. A city or a country will do.")
                continue
            usual = near
            question = f"     Perhaps {_with_time(near)}? (Enter: yes)"
        self._keep(TIMEZONE=zone)
        _say(f"     {_with_time(zone)}.")


def _with_time(zone: str) -> str:
    """A zone and what its clocks show: the reader knows whether they are theirs."""
    return f"{zone}, now {datetime.now(ZoneInfo(zone)):%H:%M}"


def _say(text: str) -> None:
    """Say it on stderr, where the questions are."""
    sys.stderr.write(f"{text}\n")


def _complain(error: DatelineError) -> None:
    hint = f"; {error.hint}" if error.hint else ""
    _say(f"     {terminal.one_line(f'{error.what}{hint}')}")


def _first_line(error: UsageError) -> str:
    problems = getattr(error, "problems", (error,))
    return terminal.one_line(problems[0].what)
