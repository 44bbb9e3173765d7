"""Receives everything that people do with the bot: messages, presses, inline queries, and changes
of its memberships."""

import asyncio

import structlog
from telethon.tl import types
from telethon.tl.functions.bots import SetBotCommandsRequest

from bot.process.gate import Gate
from bot.process.lines import Lines
from bot.serving.allowance import Allowance
from bot.serving.inline_receiver import InlineReceiver
from bot.serving.membership_receiver import MembershipReceiver
from bot.serving.message_receiver import MessageReceiver
from bot.serving.press_receiver import PressReceiver
from bot.serving.sentences import Sentences
from bot.telegram import clients, failures, outgoing
from bot.telegram.clients import Client
from bot.telegram.pace import Pace
from handlers import command_table
from handlers.conversation.services import Services
from storage.languages.catalogue import spoken

_KEPT_CHATS = 4096

log = structlog.get_logger("serve")


class Receiver:
    """Receives the bot's updates."""

    def __init__(
        self,
        client: Client,
        services: Services,
        pace: Pace,
        gate: Gate,
        *,
        commands_per_minute: int,
        presses_per_minute: int,
        tasks: asyncio.TaskGroup,
    ) -> None:
        self._client = client
        self._services = services
        self._allowance = Allowance(commands_per_minute)
        self._told: set[int] = set()
        lines = Lines(tasks)
        sentences = Sentences(client, pace)
        self._memberships = MembershipReceiver(client, services, gate, lines)
        self._messages = MessageReceiver(
            client,
            services,
            gate,
            lines,
            sentences,
            tasks,
            may_ask=self._may_ask,
        )
        self._presses = PressReceiver(
            client,
            services,
            pace,
            gate,
            sentences,
            tasks,
            per_minute=presses_per_minute,
            may_reply=lambda chat_id: self._may_ask(chat_id)[0],
        )
        self._inline = InlineReceiver(client, services, gate, tasks, per_minute=presses_per_minute)

    def open(self) -> None:
        """Subscribe to updates."""
        self._memberships.open()
        self._messages.open()
        self._presses.open()
        self._inline.open()

    def _may_ask(self, chat_id: int) -> tuple[bool, bool]:
        """Whether a chat may make another request, and whether it was told before that it may
        not."""
        if self._allowance.take(chat_id, asyncio.get_running_loop().time()):
            self._told.discard(chat_id)
            return True, False
        was_told = chat_id in self._told
        if len(self._told) >= _KEPT_CHATS:
            self._told.clear()
        self._told.add(chat_id)
        return False, was_told

    async def set_menu(self) -> None:
        """Set the bot's command menu; failures are logged."""
        for language in ("", *spoken()):
            table = command_table.menu(language or self._services.language)
            await self._set_menu(types.BotCommandScopeDefault(), language, table)
            table = command_table.menu(language or self._services.language, place="group")
            await self._set_menu(types.BotCommandScopeChats(), language, table)
        for admin in sorted(self._services.admins):
            scope = types.BotCommandScopePeer(outgoing.peer(admin, None))
            table = command_table.menu(self._services.language, operator=True)
            await self._set_menu(scope, "", table)

    async def _set_menu(
        self, scope: types.TypeBotCommandScope, language: str, table: list[tuple[str, str]]
    ) -> None:
        commands = [types.BotCommand(name, description) for name, description in table]
        try:
            await clients.call(self._client, SetBotCommandsRequest(scope, language, commands))
        except failures.CALL_ERRORS as error:
            reason = failures.failure_of(error).reason
            log.warning("the menu was not set", language=language or "any", reason=reason)
