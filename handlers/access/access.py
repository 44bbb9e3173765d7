"""How somebody gets into a private instance: asked for by a button, or by an invitation."""

from handlers.conversation import command_context
from handlers.conversation.press_context import ButtonError, PressContext
from handlers.conversation.requests import PressResult, Request
from handlers.conversation.services import Services
from handlers.render.text.keyboards import ACCESS_ALLOW, ACCESS_ASK, ACCESS_DENY, data, forgetting
from handlers.render.text.messages import Button, Message
from handlers.render.text.names import contained
from handlers.render.text.rich import RichText, code, fill
from handlers.texts.languages import language_of, words_of
from handlers.texts.people.access import access_words
from handlers.texts.words import Words
from storage.connection import Connection
from storage.records import Subscriber
from storage.subscribers import callers, links, subscribers
from storage.subscribers.callers import Caller

INVITATION = "i_"
"""Begins what a link of an invitation says; its token follows."""


async def refuse(request: Request, words: Words, services: Services) -> Message:
    """What one hears who is not let in; a person may ask, and is remembered until then."""
    if not request.is_private:
        return Message(fill(words.refused_group, id=code(str(request.chat_id))))
    async with services.database.transaction() as tx:
        await callers.note_caller(
            tx,
            chat_id=request.chat_id,
            access_hash=request.access_hash,
            username=request.username,
            name=contained(request.name or "").strip() or None,
            language=words.language,
            now=request.now,
        )
    button = Button(text=access_words(words.language).ask, data=ACCESS_ASK)
    return Message(fill(words.refused, id=code(str(request.chat_id))), ((button,),))


def forgetting_caller(words: Words) -> Message:
    """Asks somebody who is not let in before what they asked is forgotten."""
    question = fill(words.forget_ask, alerts=words.count(words.alerts, 0))
    return Message(question, forgetting(words))


async def come_by_invitation(request: Request, argument: str, services: Services) -> bool:
    """Let a person in by the invitation that a link of theirs names; False where it lets nobody
    in, whatever the reason."""
    if not request.is_private or not argument.startswith(INVITATION):
        return False
    async with services.database.transaction() as tx:
        caller = await callers.find_caller(tx, request.chat_id)
        if caller is not None and caller.is_denied(request.now):
            return False
        token = argument.removeprefix(INVITATION)
        if not await links.use_invite(tx, token, now=request.now):
            return False
        await subscribers.add_subscriber(
            tx, chat_id=request.chat_id, access_hash=request.access_hash, now=request.now
        )
        await subscribers.admit(tx, request.chat_id)
        await callers.settle(tx, request.chat_id, denied_at=None)
    return True


async def ask(context: PressContext, services: Services) -> PressResult:
    """Ask the operators, once."""
    press, said = context.press, access_words(context.words.language)
    if command_context.is_let_in(press, context.subscriber, services):
        return PressResult(edit=Message(RichText(said.let_in)))
    async with services.database.transaction() as tx:
        caller = await callers.find_caller(tx, press.chat_id)
        if caller is None:
            raise ButtonError("nobody wrote from this chat")
        if caller.asked_at is not None:
            return PressResult(toast=said.asked_already)
        if caller.is_denied(press.now):
            return PressResult(toast=said.denied_lately)
        if not await callers.ask(tx, press.chat_id, now=press.now):
            return PressResult(toast=said.busy)
        await _tell_operators(tx, context, services)
    return PressResult(edit=Message(RichText(said.asked)))


async def allow(context: PressContext, services: Services) -> PressResult:
    """Let in who asked: the field names the request."""
    return await _settle(context, services, is_allowed=True)


async def deny(context: PressContext, services: Services) -> PressResult:
    """Say no to who asked, for a week. Fields as in ``allow``."""
    return await _settle(context, services, is_allowed=False)


async def let_in(tx: Connection, chat_id: int, services: Services, pressed_at: Request) -> None:
    """Let a chat in that an operator names; a person who wrote before is told."""
    caller = await callers.find_caller(tx, chat_id)
    known = await subscribers.find_subscriber(tx, chat_id)
    if known is None:
        await subscribers.add_subscriber(
            tx,
            chat_id=chat_id,
            access_hash=caller.access_hash if caller else None,
            username=caller.username if caller else None,
            name=caller.name if caller else None,
            now=pressed_at.now,
        )
    is_new = await subscribers.admit(tx, chat_id)
    if caller is not None:
        await callers.settle(tx, chat_id, denied_at=None)
        if is_new:
            await _tell(tx, caller, services, pressed_at)


async def _settle(context: PressContext, services: Services, *, is_allowed: bool) -> PressResult:
    words, press = context.words, context.press
    said = access_words(words.language)
    async with services.database.transaction() as tx:
        caller = await callers.find_by_request(tx, context.fields[0])
        if caller is None:
            raise ButtonError("no such request")
        known = await subscribers.find_subscriber(tx, caller.chat_id)
        is_in = known is not None and known.admitted
        was_open = caller.asked_at is not None and not is_in
        if was_open and is_allowed:
            at = Request(chat_id=press.chat_id, sender_id=None, text="", now=press.now)
            await let_in(tx, caller.chat_id, services, at)
        elif was_open:
            await callers.settle(tx, caller.chat_id, denied_at=press.now)
    is_let_in = is_allowed if was_open else is_in
    text = _about(said.allowed if is_let_in else said.denied, caller, words)
    return PressResult(edit=Message(text), toast=None if was_open else said.settled)


async def _tell_operators(tx: Connection, context: PressContext, services: Services) -> None:
    caller = await callers.find_caller(tx, context.press.chat_id)
    if caller is None:
        return
    now = context.press.now
    for admin in sorted(services.admins):
        words = _words_of(await subscribers.find_subscriber(tx, admin), services)
        message = Message(
            _about(access_words(words.language).request, caller, words), _choice(caller, words)
        )
        # No number of the person: what is forgotten of them would leave it here.
        event = f"access:{caller.request}"
        await services.outbox.queue_notice(tx, admin, event, message.to_payload(), now=now)


def _choice(caller: Caller, words: Words) -> tuple[tuple[Button, ...], ...]:
    said = access_words(words.language)
    allow = Button(text=said.allow, data=data(ACCESS_ALLOW, caller.request))
    return ((allow, Button(text=said.deny, data=data(ACCESS_DENY, caller.request))),)


async def _tell(tx: Connection, caller: Caller, services: Services, at: Request) -> None:
    words = words_of(language_of(caller.language, services.language))
    message = Message(RichText(access_words(words.language).let_in))
    key = f"access:{caller.request}:let-in"
    await services.outbox.queue_answer(
        tx,
        caller.chat_id,
        key,
        message.to_payload(),
        now=at.now,
        access_hash=caller.access_hash,
    )


def _about(template: str, caller: Caller, words: Words) -> RichText:
    """A sentence about somebody, whose name is hostile."""
    name = " ".join((caller.name or words.no_name).split())
    if caller.username:
        name = f"{name} @{caller.username}"
    return fill(template, name=name, id=code(str(caller.chat_id)))


def _words_of(subscriber: Subscriber | None, services: Services) -> Words:
    return command_context.words_for(subscriber, None, services)
