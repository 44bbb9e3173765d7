"""Lists whose entries are removed and put back in place: links, feeds, and whatever else is one.

An entry is removed at once, and the list says which and has a button that puts it back. Fields of
all these buttons are the 0-based page of the list and, but for turning, the entry's key.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from handlers.conversation.press_context import PressContext, number
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.render.text.keyboards import data
from handlers.render.text.lists import Removed
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText
from handlers.texts.cards import card_words
from handlers.texts.words import Words
from storage.connection import Connection
from storage.undoing import removals


@dataclass(frozen=True, slots=True)
class Taken:
    """What was removed, as it is called, and what to say of it beside that."""

    name: RichText | str
    toast: str | None = None


def says_restored(is_back: bool, words: Words) -> str:
    """That something is back, or that it is too late for that."""
    said = card_words(words.language)
    return said.restored if is_back else said.too_late


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovableList:
    """``show`` gives a page, below what was removed just now; ``take`` removes an entry of whoever
    presses by its key, None where there is none; ``put`` brings it back and gives what to say of
    that; ``undo`` is the verb of the button that does so. What was removed is kept as ``kind``, of
    ``owner``. ``refuse``: why whoever presses may not.
    """

    show: Callable[[PressContext, int, Removed | None, Services], Awaitable[Message]]
    take: Callable[[Connection, PressContext, str, Services], Awaitable[Taken | None]]
    put: Callable[[Connection, PressContext, str, Services], Awaitable[str]]
    undo: str
    kind: removals.Kind
    owner: Callable[[PressContext], int] = lambda context: context.press.chat_id
    refuse: Callable[[PressContext, Services], str | None] = lambda *_: None

    async def turn(self, context: PressContext, services: Services) -> PressResult:
        """Another page, in place."""
        if refused := self.refuse(context, services):
            return PressResult(toast=refused)
        edit = await self.show(context, number(context.fields, 0), None, services)
        return PressResult(edit=edit)

    async def remove(self, context: PressContext, services: Services) -> PressResult:
        """Remove an entry. Another's stays as it is."""
        if refused := self.refuse(context, services):
            return PressResult(toast=refused)
        page, key = number(context.fields, 0), context.fields[1]
        async with services.database.transaction() as tx:
            taken = await self.take(tx, context, key, services)
        if taken is None:
            return await self.gone(context, page, key, services)
        removed = Removed(taken.name, data(self.undo, page, key))
        edit = await self.show(context, page, removed, services)
        return PressResult(edit=edit, toast=taken.toast)

    async def gone(
        self, context: PressContext, page: int, key: str, services: Services
    ) -> PressResult:
        """What a press does on an entry that is not there. Where it can be put back still, the
        message stays: another press, of somebody else or a moment ago, left the button there that
        does so."""
        toast, now = card_words(context.words.language).gone, context.press.now
        async with services.database.reader() as conn:
            kept = await removals.find(conn, self.owner(context), self.kind, key, now=now)
        if kept is not None:
            return PressResult(toast=toast)
        return PressResult(edit=await self.show(context, page, None, services), toast=toast)

    async def restore(self, context: PressContext, services: Services) -> PressResult:
        """Put it back, while it is kept."""
        if refused := self.refuse(context, services):
            return PressResult(toast=refused)
        async with services.database.transaction() as tx:
            said = await self.put(tx, context, context.fields[1], services)
        edit = await self.show(context, number(context.fields, 0), None, services)
        return PressResult(edit=edit, toast=said)
