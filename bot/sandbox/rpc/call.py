"""One call of a client, and how it is refused."""

from asyncio import Future
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from telethon.tl import TLObject, TLRequest

from bot.sandbox.state.clock import now
from bot.sandbox.world.accounts import Account, Bot
from bot.sandbox.world.users import User

if TYPE_CHECKING:
    from bot.sandbox.protocol.session import Session
    from bot.sandbox.world.world import World


class Refusal(Exception):
    """An RPC error: ``code`` as in HTTP, ``message`` in capitals as Telegram writes it."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(slots=True, kw_only=True, eq=False)
class CallRecord:
    """A call as the sandbox remembers it. ``outcome``: None until answered, "ok" or an error."""

    at: datetime = field(default_factory=now)
    method: str
    account: Account | None
    request: TLRequest
    outcome: str | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Call:
    """A call on its way through the sandbox."""

    world: "World"
    session: "Session"
    request: TLRequest
    record: CallRecord

    @property
    def account(self) -> Account:
        """Who calls; raises a Refusal when nobody is signed in."""
        if self.record.account is None:
            raise Refusal(401, "AUTH_KEY_UNREGISTERED")
        return self.record.account

    @property
    def user(self) -> User:
        """The person who calls; raises a Refusal for bots."""
        account = self.account
        if not isinstance(account, User):
            raise Refusal(400, "BOT_METHOD_INVALID")
        return account

    @property
    def bot(self) -> Bot:
        """The bot that calls; raises a Refusal for people."""
        account = self.account
        if not isinstance(account, Bot):
            raise Refusal(400, "USER_BOT_REQUIRED")
        return account


# Gives what answers the request: one of Telethon's types, a list, a bool, or a Future of those.
Result: TypeAlias = TLObject | list[TLObject] | bool | Refusal | Future[TLObject]
Method: TypeAlias = Callable[[Call, Any], Result]


def method_name(request: TLRequest) -> str:
    """Gives the name in Telegram's documentation: ``messages.sendMessage``, ``ping``."""
    kind = type(request)
    name = kind.__name__.removesuffix("Request")
    name = name[0].lower() + name[1:]
    group = kind.__module__.rpartition(".")[2]
    return name if group == "functions" else f"{group}.{name}"
