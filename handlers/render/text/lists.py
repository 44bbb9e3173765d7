"""Lists shown a page at a time, in place, and choices with the present one marked."""

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
    """What was just removed, and the data of the button that puts it back."""

    name: RichText | str
    undo: str

    def above(self, message: Message, words: Words) -> Message:
        """The message, below a line about the removal, with the undo button first."""
        said = card_words(words.language)
        text = join("\n\n", (fill(said.removed, name=self.name), message.text))
        undo = (Button(text=said.undo, data=self.undo),)
        return replace(message, text=text, keyboard=(undo, *message.keyboard))


class ListPage(Struct, Generic[T], frozen=True):
    """A page of a list. ``items``, whose first has the index ``first``; ``number``: the page's
    index among ``pages``."""

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
        """A title, an entry for each item, a button for each, and the row that turns pages.

        ``removed``: what was just removed; it comes first, with its undo button.
        """
        rows = tuple((button,) for button in buttons)
        whole = Message(join(between, [title, *entries]), (*rows, *self.turning(verb, (), words)))
        return whole if removed is None else removed.above(whole, words)


def page_of(items: Sequence[T], number: int, size: int = LIST_ROWS) -> ListPage[T]:
    """A page of a list; the last one if there are fewer by now."""
    pages = max(1, -(-len(items) // size))
    number = min(max(number, 0), pages - 1)
    first = number * size
    return ListPage(items[first : first + size], first, number, pages)


def page_with(ids: Sequence[int], id: int) -> int:
    """The page (from 0) with the entry of this id, to which its card leads back; the first one if
    it is not in the list."""
    return ids.index(id) // LIST_ROWS if id in ids else 0


def ticked(text: str, is_on: bool) -> str:
    """The label of a button that sets a value: marked for the present one."""
    return f"✓ {text}" if is_on else text
