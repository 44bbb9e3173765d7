"""``/mine``: the groups and channels that the sender manages, with buttons to their alerts and
plans."""

import asyncio
from collections.abc import Sequence

from handlers.conversation import behalf
from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import ButtonError, PressContext, number
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.text.keyboards import LABEL_UNITS, LIST_PAGE, MINE_PAGE, PLAN_LIST, data
from handlers.render.text.lists import page_of
from handlers.render.text.messages import Button, Message, shorten
from handlers.render.text.rich import RichText, bold, code, fill, join
from handlers.texts.people.places import place_words
from handlers.texts.words import Words
from storage.connection import Connection
from storage.records import Subscriber
from storage.subscribers import alerts, managed, plans

HERE = "/for @my_channel /alerts"
AT_ONCE = 8
"""The number of chats whose managers are looked up concurrently; most people manage fewer."""


async def handle(context: CommandContext, services: Services) -> Reply:
    """The first page; in private only, because it concerns nobody else."""
    request = context.request
    if not request.is_private:
        return Reply((Message(RichText(place_words(context.words.language).act_private)),))
    return Reply((await _page(0, request.chat_id, context.words, services),))


async def turn(context: PressContext, services: Services) -> PressResult:
    """Another page, in place. The field is the page from 0."""
    if not context.press.is_private:
        raise ButtonError("that list is shown in private")
    page, person = number(context.fields, 0), context.press.chat_id
    return PressResult(edit=await _page(page, person, context.words, services))


async def _page(page: int, person: int, words: Words, services: Services) -> Message:
    said = place_words(words.language)
    async with services.database.reader() as conn:
        noted = await managed.list_managed(conn, person)
    chats = await _still_managed(person, noted, services)
    shown = page_of(chats, page)
    there, here = f"/alerts@{services.bot_username}", words.example(HERE)
    hint = fill(said.mine_hint, example=code(there), here=code(here))
    if not chats:
        return Message(join("\n", [said.mine_none, hint]))
    async with services.database.reader() as conn:
        lines = [
            fill(
                said.mine_row, number=number, name=_name(chat), told=await _told(conn, chat, words)
            )
            for number, chat in shown.numbered()
        ]
    rows = tuple(
        (
            _button("🔔", number, chat, data(LIST_PAGE, 0)),
            _button("📰", number, chat, data(PLAN_LIST, 0)),
        )
        for number, chat in shown.numbered()
    )
    title = bold(fill(said.mine_title, count=len(chats)))
    text = join("\n", [title, *lines, said.mine_press, hint])
    return Message(text, (*rows, *shown.turning(MINE_PAGE, (), words)))


async def _still_managed(
    person: int, noted: Sequence[Subscriber], services: Services
) -> list[Subscriber]:
    """Those of the chats that the person still manages: the stored list may be out of date."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def manages(chat: Subscriber) -> bool:
        async with turn:
            return await services.role_of(chat.chat_id, person) == "manager"

    are_theirs = await asyncio.gather(*map(manages, noted))
    return [chat for chat, is_theirs in zip(noted, are_theirs, strict=True) if is_theirs]


def _button(sign: str, number: int, chat: Subscriber, pressed: str) -> Button:
    """A button that concerns another chat than the one it is in."""
    text = shorten(f"{sign} {number}. {behalf.name_of(chat)}", LABEL_UNITS)
    return Button(text=text, data=f"{chat.chat_id}:{pressed}")


def _name(chat: Subscriber) -> str:
    return f"{'📢' if chat.is_channel else '👥'} {shorten(behalf.name_of(chat), LABEL_UNITS)}"


async def _told(conn: Connection, chat: Subscriber, words: Words) -> str:
    """How many alerts, plans and so on the chat has."""
    said = place_words(words.language)
    told = [
        words.count(words.alerts, await alerts.count_alerts(conn, chat.chat_id)),
        words.count(said.plans, len(await plans.list_plans(conn, chat.chat_id))),
    ]
    return ", ".join([*told, *([] if chat.active else [said.mine_stopped])])
