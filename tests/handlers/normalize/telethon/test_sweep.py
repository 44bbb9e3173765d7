"""A message of every kind that the installed Telethon knows: none is refused, no text of it lost.

The messages are made from the types themselves (``telethon.tl.types``), each string in them a word
of its own, which has to be found again in the document. A kind that a later Telethon brings fails
here by its name: read it, then name it in ``telethon_kinds.json``, which also says what is no word
of a post and why.
"""

import datetime
import inspect
import itertools
import json
import types as python_types
import typing
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from telethon.tl import types

from handlers.normalize.parsing.fields import Record
from handlers.normalize.telethon import message as telethon
from storage.document import Channel, Document, to_json

CHANNEL = Channel(id=1500000001, username="harbour", title="Harbour Office")
DEEPEST = 7
NOON = datetime.datetime(2026, 3, 4, 12, tzinfo=datetime.UTC)
# What stands for a type inside another: the kind whose words are plainest.
USUAL = {
    "TypeRichText": "TextPlain",
    "TypePageBlock": "PageBlockParagraph",
    "TypeMessageMedia": "MessageMediaVenue",
    "TypeChat": "Channel",
    "TypeWebPage": "WebPage",
}

_KINDS = json.loads(Path(__file__).with_name("telethon_kinds.json").read_text())
KNOWN: dict[str, list[str]] = _KINDS["known"]
UNREAD: dict[str, str] = _KINDS["unread"]
"""What is no word of a post, by the field that holds it, and why."""


def family(name: str) -> tuple[type, ...]:
    """The kinds of a Telegram type; those that only a client sends come never."""
    found = getattr(types, name)
    kinds = typing.get_args(found) or (found,)
    return tuple(kind for kind in kinds if not kind.__name__.startswith("Input"))


@cache
def fields(kind: type) -> dict[str, Any]:
    if "__init__" not in vars(kind):
        return {}
    # Some name types that Telethon keeps in a room of their own.
    apart = {f"Type{name}": found for name, found in vars(types.messages).items()}
    names = {**apart, **vars(types)}
    hints = typing.get_type_hints(kind.__init__, names)  # type: ignore[misc]
    return {name: hints[name] for name in inspect.signature(kind).parameters if name in hints}


@dataclass
class Maker:
    """Makes objects of Telegram's types.

    ``said`` is each word that has to be found, with the field that it was put in; ``met`` are the
    fields whose words need not be.
    """

    said: dict[str, str] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(10))

    def make(self, kind: type, depth: int = 0, **given: Any) -> Any:
        made = {
            name: given.get(name, self.value(hint, f"{kind.__name__}.{name}", depth + 1))
            for name, hint in fields(kind).items()
            if hint is not bool and hint != bool | None and name not in given
        }
        required = {
            name: False for name, hint in fields(kind).items() if hint is bool and name not in given
        }
        return kind(**made, **required, **given)

    def value(self, hint: Any, place: str, depth: int) -> Any:
        if place not in UNREAD:
            return self._value(hint, place, depth)
        self.met.add(place)
        aside = Maker(numbers=self.numbers)
        return aside._value(hint, place, depth)

    def _value(self, hint: Any, place: str, depth: int) -> Any:
        arguments = typing.get_args(hint)
        if type(None) in arguments:
            if depth > DEEPEST:
                return None
            rest = [part for part in arguments if part is not type(None)]
            return self._value(typing.Union[tuple(rest)], place, depth)  # noqa: UP007
        if typing.get_origin(hint) is list:
            return [] if depth > DEEPEST else [self._value(arguments[0], place, depth)]
        if typing.get_origin(hint) in (typing.Union, python_types.UnionType):
            return self.make(self.chosen(arguments, depth), depth)
        return self.plain(hint, place, depth)

    def plain(self, hint: Any, place: str, depth: int) -> Any:
        number = next(self.numbers)
        if hint is str:
            word = f"q{number}q"
            self.said[word] = place
            return word
        simple = {int: number, float: float(number), bytes: b"x", bool: False}
        if hint in simple:
            return simple[hint]
        return NOON if hint is datetime.datetime else self.make(hint, depth)

    def chosen(self, kinds: tuple[type, ...], depth: int) -> type:
        usual = [kind for kind in kinds if kind.__name__ in USUAL.values()]
        if usual and depth <= DEEPEST + 2:
            return usual[0]
        shown = [kind for kind in kinds if not kind.__name__.startswith("Input")] or list(kinds)
        ranked = sorted(shown, key=lambda kind: len(fields(kind)))
        return ranked[0] if depth > DEEPEST else ranked[-1]


def message(maker: Maker, **given: Any) -> Any:
    given = {"message": "", **given}
    return types.Message(
        id=7, peer_id=types.PeerChannel(1500000001), date=NOON, entities=given.pop("entities", []),
        **given,
    )  # fmt: skip


def in_rich(maker: Maker, block: Any) -> Any:
    page = types.RichMessage(blocks=[block], photos=[], documents=[])
    return message(maker, rich_message=page)


def in_paragraph(maker: Maker, text: Any) -> Any:
    return in_rich(maker, types.PageBlockParagraph(text))


def in_list(maker: Maker, item: Any) -> Any:
    return in_rich(maker, types.PageBlockList([item]))


def in_ordered_list(maker: Maker, item: Any) -> Any:
    return in_rich(maker, types.PageBlockOrderedList([item]))


def in_media(maker: Maker, media: Any) -> Any:
    return message(maker, media=media)


def in_web_page(maker: Maker, page: Any) -> Any:
    return message(maker, media=types.MessageMediaWebPage(page))


def in_paid(maker: Maker, part: Any) -> Any:
    return message(maker, media=types.MessageMediaPaidMedia(5, [part]))


def in_document(maker: Maker, attribute: Any) -> Any:
    media = maker.make(types.MessageMediaDocument)
    media.document.attributes = [attribute]
    return message(maker, media=media)


def in_story(maker: Maker, story: Any) -> Any:
    return message(maker, media=types.MessageMediaStory(types.PeerChannel(9), 3, story=story))


def in_markup(maker: Maker, markup: Any) -> Any:
    return message(maker, message="Words", reply_markup=markup)


def in_button(maker: Maker, kind: Any) -> Any:
    button = types.KeyboardInlineButton("Open", kind)
    markup = types.ReplyInlineMarkup([types.KeyboardInlineButtonRow([button])])
    return message(maker, message="Words", reply_markup=markup)


def in_entity(maker: Maker, entity: Any) -> Any:
    entity.offset, entity.length = 5, 4
    return message(maker, message="Head\nword", entities=[entity])


def in_forward(maker: Maker, header: Any) -> Any:
    return message(maker, message="Words", fwd_from=header)


def in_reply(maker: Maker, header: Any) -> Any:
    return message(maker, message="Words", reply_to=header)


def in_service(maker: Maker, action: Any) -> Any:
    peer = types.PeerChannel(1500000001)
    return types.MessageService(id=7, peer_id=peer, date=NOON, action=action)


def in_note(maker: Maker, note: Any) -> Any:
    return message(maker, message="Words", factcheck=note)


PLACES = {
    "TypeRichText": in_paragraph,
    "TypePageBlock": in_rich,
    "TypePageListItem": in_list,
    "TypePageListOrderedItem": in_ordered_list,
    "TypeMessageMedia": in_media,
    "TypeWebPage": in_web_page,
    "TypeMessageExtendedMedia": in_paid,
    "TypeDocumentAttribute": in_document,
    "TypeStoryItem": in_story,
    "TypeReplyMarkup": in_markup,
    "TypeInlineButtonType": in_button,
    "TypeMessageEntity": in_entity,
    "TypeMessageFwdHeader": in_forward,
    "TypeMessageReplyHeader": in_reply,
    "TypeMessageAction": in_service,
    "TypeFactCheck": in_note,
}


def read(place: str, kind: type) -> tuple[Document, Maker]:
    """The document of a message with an object of this kind, and what was put into it."""
    maker = Maker()
    made = PLACES[place](maker, maker.make(kind))
    document = telethon.normalize([made], channel=CHANNEL)
    as_json = Record(json.loads(made.to_json()))
    assert telethon.normalize([as_json], channel=CHANNEL) == document
    return document, maker


@pytest.mark.parametrize("place", PLACES)
def test_every_kind_that_telethon_knows_is_known_here(place: str) -> None:
    assert {kind.__name__ for kind in family(place)} - set(KNOWN[place]) == set()


@pytest.mark.parametrize("place", PLACES)
def test_no_kind_is_refused_and_no_word_of_it_lost(place: str) -> None:
    lost = []
    for kind in family(place):
        document, maker = read(place, kind)
        whole = json.dumps(to_json(document), ensure_ascii=False)
        lost += [
            f"{where} in {kind.__name__}" for word, where in maker.said.items() if word not in whole
        ]
    assert lost == []


def test_what_is_left_unread_is_still_there() -> None:
    met = {
        field for place in PLACES for kind in family(place) for field in read(place, kind)[1].met
    }
    assert set(UNREAD) - met == set()


def test_every_kind_of_entity_is_a_span() -> None:
    without = {
        kind.__name__
        for kind in family("TypeMessageEntity")
        if not any(block.spans for block in read("TypeMessageEntity", kind)[0].body)
        and read("TypeMessageEntity", kind)[0].body[0].type == "para"
    }
    assert without == {"MessageEntityUnknown"}
