"""Editing the query of an alert or a surge: its card asks for another one, and the answer replaces
it."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, Literal, Protocol, TypeVar

from msgspec import Struct

from handlers.conversation import dialogue
from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, code, fill, join
from handlers.sources import holding
from handlers.sources.holding import Held
from handlers.texts.alerts.alert_settings import alert_settings_words
from handlers.texts.words import Words
from storage.channels import channels
from storage.connection import Connection
from storage.query.reading.syntax import Query
from storage.records import Channel

EXAMPLE = "{words}"
_EDIT = re.compile(r"(edit:(\d{1,18}))(?:\s+(.*))?", re.DOTALL | re.ASCII)


class Written(Protocol):
    """Something with a query that can be edited."""

    @property
    def id(self) -> int:
        """The number that its card names it by."""

    @property
    def query(self) -> str:
        """The query as it was typed."""


T = TypeVar("T", bound=Written)


class Rewritable(Struct, Generic[T], frozen=True, kw_only=True):
    """A kind of thing whose query ``command`` edits; ``lists`` is the command that lists them.

    ``find``: one of a chat, by id; ``asked``: the question; ``read``: parses a query, or says what
    is wrong with it; ``change``: stores the new query; ``gone``: the answer if it does not exist
    any more.
    """

    command: Literal["alert", "surge"]
    lists: str
    find: Callable[[Connection, int, int], Awaitable[T | None]]
    asked: Callable[[Words], str]
    read: Callable[[str, Words, str], Query | Message]
    change: Callable[[CommandContext, T, Query, Services], Awaitable[Reply]]
    gone: Callable[[Words], Message]


async def rewrite(context: CommandContext, services: Services, kind: Rewritable[T]) -> Reply | None:
    """Ask for the new query, or store the one that was typed; None if the argument is not of that
    kind but ordinary words.

    A new query without channels stays limited to the channels of the former one.
    """
    wanted, words = _read_rewriting(context), context.words
    if wanted is None:
        return None
    async with services.database.reader() as conn:
        one = await kind.find(conn, wanted.id, context.request.chat_id)
        known = await channels.list_channels(conn, watched=None)
    if one is None:
        return Reply((kind.gone(words),)) if wanted.text else None
    held = holding.held_of(one.query)
    if not wanted.text:
        return Reply((await _ask(context, services, kind, one, held),))
    query = kind.read(wanted.text, words, EXAMPLE)
    if isinstance(query, Message):
        return Reply((query,), stands=True)
    kept = _keep_held(query, held, known)
    if kept is None:
        return Reply(
            (Message(RichText(alert_settings_words(words.language).edit_long)),), stands=True
        )
    return await kind.change(context, one, kept, services)


class _Rewriting(Struct, frozen=True):
    """What to edit, by id; ``text``: the new query, "" if it is still to be asked for."""

    id: int
    text: str


def _read_rewriting(context: CommandContext) -> _Rewriting | None:
    """The argument as written by a card's button or by the question that it asked; None for
    ordinary words."""
    match = _EDIT.fullmatch(context.argument)
    if match is None or (match[3] and not _is_asked(context, match[1])):
        return None
    return _Rewriting(int(match[2]), match[3] or "")


def _is_asked(context: CommandContext, before: str) -> bool:
    question = context.question
    return question is not None and question.before.endswith(before)


async def _ask(
    context: CommandContext, services: Services, kind: Rewritable[T], one: T, held: Held
) -> Message:
    """Ask for the new query, with the present one shown; where a chat cannot be asked, say how to
    do it elsewhere."""
    if not dialogue.can_ask(context):
        said = alert_settings_words(context.words.language)
        example = code(f"/for {context.subscriber.chat_id} /{kind.lists}")
        return Message(fill(said.edit_elsewhere, example=example))
    asked = join("\n", (kind.asked(context.words), code(held.asked or one.query)))
    return await dialogue.ask(context, services, kind.command, asked, before=f"edit:{one.id}")


def _keep_held(query: Query, former: Held, known: Sequence[Channel]) -> Query | None:
    """The new query, limited to the channels of the former one if it names none itself; None if it
    becomes too long."""
    rows = former.rows(known)
    if holding.read_held(query).values or not former.values or "channel:" in query.text:
        return query
    channels = [one for one in known if one.id in rows]
    return holding.hold(holding.read_held(query).asked, channels, former.strangers(known))
