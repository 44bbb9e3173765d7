"""Lists that are shown a page at a time, in place, and choices of which the present is marked."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from handlers.render.text.keyboards import LIST_ROWS, pager
from handlers.render.text.messages import Button, Keyboard, Message
from handlers.render.text.rich import RichText, fill, join
from handlers.texts.cards import card_words
from handlers.texts.words import Words
from storage.structs import replace

T = TypeVar("T")


class Removed(Struct, frozen=True):
    """What was removed just now, and the data of the button that puts it back."""

    name: RichText | str
    undo: str

    def above(self, message: Message, words: Words) -> Message:
        """The message, below a line that says what was removed, and with the button first."""
        said = card_words(words.language)
        text = join("\n\n", (fill(said.removed, name=self.name), message.text))
        undo = (Button(text=said.undo, data=self.undo),)
        return replace(message, text=text, keyboard=(undo, *message.keyboard))


class ListPage(Struct, Generic[T], frozen=True):
    """A page of a list: its ``items``, the first of which is the 0-based ``first`` of all; its
    0-based ``number`` among ``pages``."""

    items: Sequence[T]
    first: int
    number: int
    pages: int

    def turning(self, verb: str, fields: Sequence[int | str], words: Words) -> Keyboard:
        """The row that turns to the other pages: its buttons are ``verb|fields…|page``."""
        more = self.number + 1 < self.pages
        return pager(verb, fields, self.number, self.pages, more=more, words=words)

    def numbered(self) -> enumerate[T]:
        """Its items, each behind its number in the whole list, from 1 on."""
        return enumerate(self.items, self.first + 1)

    def message(
        self,
        title: RichText,
        entries: Sequence[RichText],
        buttons: Sequence[Button],
        verb: str,
        words: Words,
        *,
        between: str = "\n\n",
        removed: Removed | None = None,
    ) -> Message:
        """What each item says below a title, a button for each, and the row that turns. First of
        all what was ``removed`` just now, and the button that puts it back."""
        rows = tuple((button,) for button in buttons)
        whole = Message(join(between, [title, *entries]), (*rows, *self.turning(verb, (), words)))
        return whole if removed is None else removed.above(whole, words)


def page_of(items: Sequence[T], number: int, size: int = LIST_ROWS) -> ListPage[T]:
    """The page of a list; the last one for a number beyond: it may have grown shorter since."""
    pages = max(1, -(-len(items) // size))
    number = min(max(number, 0), pages - 1)
    first = number * size
    return ListPage(items[first : first + size], first, number, pages)


def page_with(ids: Sequence[int], id: int) -> int:
    """The 0-based page of a list on which the entry of this id stands, which its card leads back
    to; the first for one that is not there."""
    return ids.index(id) // LIST_ROWS if id in ids else 0


def ticked(text: str, is_on: bool) -> str:
    """What a button says that sets a value: marked where it is the present one."""
    return f"✓ {text}" if is_on else text
