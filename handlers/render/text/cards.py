"""The card of one entry of a list: lines about it, buttons that change it, and the way back.

What the cards of alerts, plans and channels have in common.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec import Struct

from handlers.render.text.lists import page_of, ticked
from handlers.render.text.messages import Button, Keyboard, Message, shorten
from handlers.render.text.names import contained
from handlers.render.text.rich import RichText, bold, fill, join, link
from handlers.texts.cards import card_words
from handlers.texts.words import Words
from storage.channels import chat_ids
from storage.records import Subscriber

NAMED = 3
NAME_UNITS = 30
LABEL_UNITS = 48

Choice = tuple[int, str]
"""A channel: its row, and its title."""


class Card(Struct, frozen=True, kw_only=True):
    """One entry. ``title``; lines (empty ones are left out); rows of buttons; ``back``: the way
    back to its list; ``remove``: the data of the button that removes it, if it can be; ``head``:
    the outcome of the last press."""

    title: RichText | str
    lines: Sequence[RichText | str]
    rows: Keyboard
    back: Button
    remove: str = ""
    head: RichText | str = ""

    def message(self, words: Words) -> Message:
        """As it is shown."""
        lines = [line for line in (self.head, bold(self.title), *self.lines) if line]
        last = (self.back, remove_button(self.remove, words)) if self.remove else (self.back,)
        return Message(join("\n", lines), (*(row for row in self.rows if row), last))


def remove_button(data: str, words: Words, name: str = "") -> Button:
    """The one button that removes something; ``name``: which, where there are several."""
    said = card_words(words.language)
    text = said.remove_named.replace("{name}", name) if name else said.remove
    return Button(text=shorten(text, LABEL_UNITS), data=data)


def remove_numbered(number: int, data: str, words: Words) -> Button:
    """The button that removes the entry with this number in its list."""
    text = card_words(words.language).remove_numbered.replace("{number}", str(number))
    return Button(text=text, data=data)


def undo_row(data: str, words: Words) -> Keyboard:
    """The row with the button that undoes the last removal."""
    return ((Button(text=card_words(words.language).undo, data=data),),)


def removed_line(name: RichText | str, words: Words) -> RichText:
    """That something was removed."""
    return fill(card_words(words.language).removed, name=name)


def channels_line(
    held: Sequence[int], titles: Mapping[int, str], words: Words, others: Sequence[str] = ()
) -> RichText:
    """The known channels that something is limited to, by row id, and ``others`` by name; "all"
    without any."""
    said = card_words(words.language)
    names = [*(titles[id] for id in held if id in titles), *others]
    names = [shorten(name, NAME_UNITS) for name in names]
    if not names:
        told = said.no_channels if held else said.all_channels
    else:
        left = len(names) - NAMED
        more = [said.count(said.more, left)] if left > 0 else []
        told = " ".join([", ".join(names[:NAMED]), *more])
    return fill(said.held_to, channels=told)


def goes_line(chat: Subscriber | None, topic: int | None, words: Words) -> RichText:
    """Where something is sent: a person, a group, a ``topic`` of one, or a channel."""
    said = card_words(words.language)
    if chat is None or chat.chat_id > 0:
        return RichText(said.goes_private)
    name: RichText | str = shorten(contained(chat.name or "").strip(), NAME_UNITS)
    name = name or (f"@{chat.username}" if chat.username else str(chat.chat_id))
    if chat.is_channel:
        return fill(said.goes_channel, name=name)
    number = chat_ids.channel_of(chat.chat_id)
    if topic is None or number is None:
        return fill(said.goes_group, name=name)
    return fill(said.goes_topic, name=link(name, f"https://t.me/c/{number}/{topic}"))


def setting_row(
    choices: Sequence[tuple[str, str, bool]],
) -> tuple[Button, ...]:
    """A row of buttons, each of which sets a value: its label, its data, and whether it is the
    present value, which is marked."""
    return tuple(Button(text=ticked(text, is_on), data=data) for text, data, is_on in choices)


def channel_picker(
    head: Sequence[RichText | str],
    known: Sequence[Choice],
    held: Collection[int],
    page: int,
    *,
    pressed: Callable[[int, int, int], str],
    turning: tuple[str, Sequence[int | str]],
    back: Button,
    words: Words,
) -> Message:
    """A page (from 0) of channels to choose from, below ``head``; those ``held`` are marked.

    ``pressed``: the data of a channel's button, by its row id (0: all channels), 1 or 0 for in or
    out, and the page; ``turning``: the verb and the fields of the page buttons.
    """
    said = card_words(words.language)
    shown = page_of(sorted(known, key=lambda one: (one[1].casefold(), one[0])), page)
    all_of_them = Button(text=ticked(said.choose_all, not held), data=pressed(0, 0, shown.number))
    rows = [
        (
            Button(
                text=ticked(shorten(title, LABEL_UNITS), id in held),
                data=pressed(id, int(id not in held), shown.number),
            ),
        )
        for id, title in shown.items
    ]
    asked = said.choose_channels if known else said.none_watched
    verb, fields = turning
    turns = shown.turning(verb, fields, words)
    return Message(join("\n", [*head, asked]), ((all_of_them,), *rows, *turns, (back,)))
