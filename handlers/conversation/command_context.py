"""Commands as rows of the table, and the context that one is called with: who gave it, where, in
which language and time zone."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Literal

from msgspec import Struct

from handlers.conversation.requests import Press, Reply, Request
from handlers.conversation.services import Services
from handlers.render.text.messages import Keyboard
from handlers.texts import languages
from handlers.texts.chats import ChatKind
from handlers.texts.words import Words
from storage.outbox import notices
from storage.records import Alert, Subscriber
from storage.subscribers import alerts, managed, subscribers
from storage.subscribers.questions import Question

Who = Literal["anyone", "manager", "operator"]
"""Who may give a command: anyone let in; who manages the chat; the instance's operator."""


class CommandContext(Struct, frozen=True, kw_only=True):
    """What a command is given. ``argument`` is what stands after it; ``timezone`` is the IANA zone
    in which this chat reads times; ``commands`` are those that this person may give here.
    ``handle`` names the chat where the command is given for it in private. ``question`` is the
    one that the command answers or ends. ``is_plain``: no command was written.
    """

    request: Request
    argument: str
    subscriber: Subscriber
    words: Words
    timezone: str
    commands: tuple["Command", ...] = ()
    handle: str = ""
    question: Question | None = None
    is_plain: bool = False


Handler = Callable[[CommandContext, Services], Awaitable[Reply]]


class Command(Struct, frozen=True, kw_only=True):
    """A row of the table: everything about a command is said here and nowhere else.

    ``examples`` are to copy, with samples for ``{names}``; the first is the one in ``/help``.
    ``question`` picks what is asked when the command comes bare (None: it needs no argument;
    ``takes_reply``: nor does one that answers a message), ``choices`` the buttons that answer it,
    or with ``offers_examples`` one for each example, with ``offers_speakers`` one for each of a few
    who are quoted; ``is_private``: it is given in private. Its
    summary is in the words of each language, under its name.
    """

    name: str
    handle: Handler
    examples: tuple[str, ...]
    who: Who = "anyone"
    question: Callable[[Words], str] | None = None
    takes_reply: bool = False
    choices: Callable[[Words, str], Keyboard] | None = None
    offers_examples: bool = False
    offers_speakers: bool = False
    is_private: bool = False

    def needs_words(self, argument: str, request: Request) -> bool:
        """Whether it is given bare where it needs something: then it asks."""
        if self.is_private and not request.is_private:
            return False  # It says where it belongs.
        meant = self.takes_reply and (request.reply_to is not None or request.is_forwarded)
        return self.question is not None and not argument and not meant

    def takes_words(self, words: Words) -> bool:
        """Whether anything may stand behind it."""
        return any(" " in usage for usage in self.usage(words))

    def summary(self, words: Words) -> str:
        """What the command does, in a line."""
        return words.summaries[self.name]

    def usage(self, words: Words) -> tuple[str, ...]:
        """The examples in a language."""
        return tuple(words.example(template) for template in self.examples)


def words_for(subscriber: Subscriber | None, code: str | None, services: Services) -> Words:
    """How to speak to a chat: its stored language, else Telegram's code, else the instance's."""
    stored = subscriber.language if subscriber else None
    chosen = stored or languages.language_at_first_sight(code)
    language = languages.language_of(chosen, services.language)
    return languages.words_of(language, _chat_kind(subscriber))


def _chat_kind(subscriber: Subscriber | None) -> ChatKind:
    if subscriber is None or subscriber.chat_id > 0:
        return "private"
    return "channel" if subscriber.is_channel else "group"


def timezone_of(subscriber: Subscriber | None, services: Services) -> str:
    """The IANA zone in which a chat reads times."""
    return (subscriber.timezone if subscriber else None) or services.timezone


def is_operator(sender_id: int | None, services: Services) -> bool:
    """Whether someone runs this instance."""
    return sender_id is not None and sender_id in services.admins


def is_let_in(request: Request | Press, subscriber: Subscriber | None, services: Services) -> bool:
    """Whether a chat may use the instance: always an open one; a private one when admitted."""
    if services.access == "open" or is_operator(request.sender_id, services):
        return True
    return subscriber is not None and subscriber.admitted


async def acquaint(request: Request, known: Subscriber | None, services: Services) -> Subscriber:
    """The chat's subscriber, added at first contact and brought up to date later.

    A stopped subscriber stays stopped: only ``revive`` turns its alerts on.
    """
    if known is not None and _same(request, known):
        return known
    async with services.database.transaction() as tx:
        if known is not None:
            return await subscribers.update_subscriber(
                tx,
                request.chat_id,
                access_hash=request.access_hash or known.access_hash,
                # One without a name could not be asked for: nothing new is known of it.
                username=request.username if request.name else known.username,
                name=request.name or known.name,
                language=known.language or _first_language(request),
                is_channel=request.is_channel,
            )
        await notices.release_notices(tx, request.chat_id, now=request.now)
        added = await subscribers.add_subscriber(
            tx,
            chat_id=request.chat_id,
            access_hash=request.access_hash,
            username=request.username,
            name=request.name,
            language=_first_language(request),
            is_channel=request.is_channel,
            now=request.now,
        )
        # Of a chat that was not stored it could not be noted when Telegram was asked for it.
        if request.may_manage and request.chat_id < 0 < (request.sender_id or 0):
            sender = request.sender_id or 0
            await managed.note_managed(tx, sender, request.chat_id, now=request.now)
        return added


def _same(request: Request, known: Subscriber) -> bool:
    hash_known = request.access_hash in (None, known.access_hash)
    language_known = known.language is not None or _first_language(request) is None
    names = (request.username, request.name)
    same_names = request.name is None or names == (known.username, known.name)
    same_kind = request.is_channel == known.is_channel
    return hash_known and language_known and same_names and same_kind


def _first_language(request: Request) -> str | None:
    return languages.language_at_first_sight(request.language)


async def revive(context: CommandContext, services: Services) -> tuple[Alert, ...]:
    """Turn a stopped subscriber's alerts and digest on again; gives its alerts."""
    return await revive_chat(context.request.chat_id, services, now=context.request.now)


async def revive_chat(chat_id: int, services: Services, *, now: datetime) -> tuple[Alert, ...]:
    """The same for a chat in which a button was pressed. One that could not be written to gets what
    waited for it."""
    async with services.database.transaction() as tx:
        former = await subscribers.get_subscriber(tx, chat_id)
        await subscribers.update_subscriber(tx, chat_id, active=True)
        if former.lost:
            await services.outbox.chat_found(tx, chat_id, now=now)
        kept = await alerts.list_alerts(tx, chat_id)
    services.plans_changed(chat_id)
    return tuple(kept)


async def revive_if_stopped(context: CommandContext, services: Services) -> None:
    """What asks for messages to come ends a ``/stop``."""
    if not context.subscriber.active:
        await revive(context, services)
