"""Lists whose entries are removed and put back in place: links, feeds, and whatever else is one.

An entry is removed at once, and the list says which and has a button that puts it back. Fields of
all these buttons are the 0-based page of the list and, but for turning, the entry's key.
"""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from handlers.conversation.press_context import PressContext, number
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.render.text.dates import Here, here_in
from handlers.render.text.keyboards import data
from handlers.render.text.lists import Removed
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText
from handlers.texts.cards import card_words
from handlers.texts.words import Words
from storage.connection import Connection
from storage.undoing import removals
from storage.undoing.removals import Kept


class Taken(Struct, frozen=True):
    """What was removed, as it is called, and what to say of it beside that."""

    name: RichText | str
    toast: str | None = None


def says_restored(is_back: bool, words: Words) -> str:
    """That something is back, or that it is too late for that."""
    said = card_words(words.language)
    return said.restored if is_back else said.too_late


_Show = Callable[[PressContext, int, Removed | None, Services], Awaitable[Message]]
_Draw = Callable[[int, int, Here, Words, Services, Removed | None], Awaitable[Message]]


def of_chat(draw: _Draw) -> _Show:
    """A list's ``show``: ``draw`` makes the page with this number of what the chat with this id
    has."""

    async def show(
        context: PressContext, page: int, removed: Removed | None, services: Services
    ) -> Message:
        here = here_in(context.timezone, context.press.now)
        return await draw(page, context.press.chat_id, here, context.words, services, removed)

    return show


class RemovableList(Struct, frozen=True, kw_only=True):
    """A list whose entries can be removed and restored.

    ``show``: a page, below a line about the last removal; ``take``: removes the entry of the person
    who presses, by its key, None if there is none; ``put``: restores it and gives the answer;
    ``undo``: the verb of the button for that. What was removed is stored as ``kind``, of ``owner``;
    ``called``: its name by its key and the stored row, None if it cannot be restored any more.
    """

    show: _Show
    take: Callable[[Connection, PressContext, str, Services], Awaitable[Taken | None]]
    put: Callable[[Connection, PressContext, str, Services], Awaitable[str]]
    called: Callable[[Connection, PressContext, str, Kept], Awaitable[RichText | str | None]]
    undo: str
    kind: removals.Kind
    owner: Callable[[PressContext, str], int] = lambda context, _: context.press.chat_id

    async def turn(self, context: PressContext, services: Services) -> PressResult:
        """Another page, in place."""
        edit = await self.show(context, number(context.fields, 0), None, services)
        return PressResult(edit=edit)

    async def remove(self, context: PressContext, services: Services) -> PressResult:
        """Remove an entry. Another's stays as it is."""
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
        """What a press does on an entry that is not there: the list without it. Where it can be
        put back still, the button is there that does so: another press, of somebody else or a
        moment ago, may have left it in this message."""
        now, removed = context.press.now, None
        async with services.database.reader() as conn:
            kept = await removals.find(conn, self.owner(context, key), self.kind, key, now=now)
            name = await self.called(conn, context, key, kept) if kept is not None else None
        if name is not None:
            removed = Removed(name, data(self.undo, page, key))
        edit = await self.show(context, page, removed, services)
        return PressResult(edit=edit, toast=card_words(context.words.language).gone)

    async def restore(self, context: PressContext, services: Services) -> PressResult:
        """Put it back, while it is kept."""
        async with services.database.transaction() as tx:
            said = await self.put(tx, context, context.fields[1], services)
        edit = await self.show(context, number(context.fields, 0), None, services)
        return PressResult(edit=edit, toast=said)
