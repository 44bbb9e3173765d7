"""Collections as messages: the list, one with its posts, and what came of saving."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from handlers.render.text.bars import Matches, matches_text
from handlers.render.text.cards import remove_button, removed_line, undo_row
from handlers.render.text.dates import Here
from handlers.render.text.headings import address, channel_name, headline, published
from handlers.render.text.keyboards import (
    COLLECTED_BACK,
    COLLECTED_OUT,
    COLLECTION,
    COLLECTION_FILE,
    COLLECTION_LIST,
    COLLECTION_REMOVE,
    COLLECTION_RESTORE,
    data,
    pager,
)
from handlers.render.text.lists import page_of
from handlers.render.text.messages import Button, Keyboard, Message, has_room, shorten
from handlers.render.text.names import contained
from handlers.render.text.rich import RichText, bold, fill, italic, join, link
from handlers.texts.cards import card_words
from handlers.texts.collecting import CollectionWords, collection_words
from handlers.texts.words import Words
from storage.document import Document
from storage.subscribers.collections import Collection, Saved

POSTS = 5
"""The posts of a collection on one page."""
NAME_UNITS = 40
NOTE_UNITS = 300


class View(Struct, frozen=True):
    """How a collection is read: when and where, and in which words."""

    here: Here
    words: Words

    @property
    def said(self) -> CollectionWords:
        """The words of collections."""
        return collection_words(self.words.language)


def label(collection: Collection) -> str:
    """Its name, as it is shown."""
    return shorten(contained(collection.name).strip(), NAME_UNITS)


def count_posts(collection: Collection, words: Words) -> str:
    """How many posts it holds."""
    return words.count(words.posts, collection.posts)


def collections_list(
    have: Sequence[Collection], page: int, view: View, *, removed: Collection | None = None
) -> Message:
    """A page (from 0) of a chat's collections; ``removed`` was just removed."""
    said, words = view.said, view.words
    shown = page_of(have, page)
    lines: list[RichText | str] = []
    rows: list[tuple[Button, ...]] = []
    if removed is not None:
        lines.append(removed_line(label(removed), words))
        rows += undo_row(data(COLLECTION_RESTORE, removed.id), words)
    lines += [bold(fill(said.title, count=len(have))), said.hint] if have else [said.none]
    for one in shown.items:
        text = f"📁 {label(one)} · {one.posts}"
        rows.append((Button(text=text, data=data(COLLECTION, one.id, 0)),))
    return Message(join("\n", lines), (*rows, *shown.turning(COLLECTION_LIST, (), words)))


def collection_card(
    collection: Collection,
    saved: Sequence[Saved],
    found: Mapping[str, Document],
    page: int,
    view: View,
    *,
    taken: str | None = None,
    list_page: int = 0,
    days: Matches | None = None,
) -> Message:
    """A page (from 0) of a collection.

    ``saved``: its posts on this page; ``found``: those that are still stored, by ``doc_id``;
    ``taken``: a post that was just taken out; ``list_page``: the page of the list that it leads
    back to; ``days``: how many posts were saved on each of the last days.
    """
    said, words = view.said, view.words
    pages = max(1, -(-collection.posts // POSTS))
    first = page * POSTS + 1
    head = bold(f"📁 {label(collection)} · {count_posts(collection, words)}")
    entries: list[RichText | str] = [
        _entry(number, one, found.get(one.doc_id), view) for number, one in enumerate(saved, first)
    ] or [said.empty]
    rows: list[tuple[Button, ...]] = []
    if taken is not None:
        entries.insert(0, fill(said.taken_out, name=label(collection)))
        rows += _row(
            card_words(words.language).undo, data(COLLECTED_BACK, collection.id, page, taken)
        )
    out = [
        Button(text=said.take_out_button.replace("{number}", str(number)), data=pressed)
        for number, one in enumerate(saved, first)
        if has_room(pressed := data(COLLECTED_OUT, collection.id, page, one.doc_id))
    ]
    rows += [tuple(out)] if out else []
    rows += pager(COLLECTION, (collection.id,), page, pages, more=page + 1 < pages, words=words)
    if saved:
        rows.append(
            (
                Button(text=said.page_button, data=data(COLLECTION_FILE, collection.id, "html")),
                Button(text=said.text_button, data=data(COLLECTION_FILE, collection.id, "txt")),
            )
        )
        entries.append(said.take_out_hint)
    if days is not None and collection.posts:
        entries.append(join("\n", (said.by_day, matches_text(days, view.here, words))))
    back = Button(text=said.back_button, data=data(COLLECTION_LIST, list_page))
    remove = remove_button(data(COLLECTION_REMOVE, collection.id), words)
    return Message(join("\n\n", (head, *entries)), (*rows, (back, remove)))


def saved_message(collection: Collection, outcome: str, post: Document, view: View) -> Message:
    """The outcome of saving a post: ``new``, ``there``, ``noted`` or ``full``."""
    said, words = view.said, view.words
    template = {"there": said.there, "noted": said.noted, "full": said.full}.get(
        outcome, said.saved
    )
    text = fill(template, name=bold(label(collection)), posts=count_posts(collection, words))
    opening = Button(
        text=said.open_button.replace("{name}", label(collection)),
        data=data(COLLECTION, collection.id, 0),
    )
    rows: Keyboard = ((opening,),)
    undo = data(COLLECTED_OUT, collection.id, 0, post.doc_id)
    if outcome == "new" and has_room(undo):
        rows = ((opening, Button(text=said.undo_save, data=undo)),)
    return Message(text, rows)


def _entry(number: int, saved: Saved, document: Document | None, view: View) -> RichText:
    said, words = view.said, view.words
    if document is None:
        lines: list[RichText | str] = [f"{number}. {said.post_gone}"]
    else:
        head = link(headline(document, words), address(document))
        facts = [channel_name(document, words), published(document, view.here, words)]
        if document.deleted_at is not None:
            facts.append(said.deleted)
        lines = [f"{number}. " + head, " · ".join(facts)]
    if saved.note:
        note = contained(shorten(saved.note, NOTE_UNITS))
        lines.append(italic(fill(said.note, note=note)))
    return join("\n", lines)


def _row(text: str, pressed: str) -> list[tuple[Button, ...]]:
    return [(Button(text=text, data=pressed),)] if has_room(pressed) else []
