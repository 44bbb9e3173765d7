"""The language of posts that are too short to show it: the usual one of their channel."""

from collections import Counter
from collections.abc import Mapping, Sequence

from handlers.normalize.post import language
from storage.connection import Connection, Query
from storage.document import Document
from storage.documents import documents
from storage.structs import replace


async def fill(tx: Connection, batch: Sequence[Document]) -> Sequence[Document]:
    """The documents, in order; those whose language cannot be detected get the usual one of their
    channel, by its newest posts and the batch. One query for each such channel."""
    wanting = _list_wanting(batch)
    if not wanting:
        return batch
    told = {name: Counter[str]() for name in wanting}
    for name, number in _list_numbers(batch).items():
        if name in told:
            told[name].update(await documents.count_languages(tx, number))
    for document in batch:
        if document.lang is not None and document.lang_basis is None:
            told.get(_channel_of(document), Counter[str]())[document.lang] += 1
    return [_with_language(document, told) for document in batch]


def queries(batch: Sequence[Document]) -> list[Query]:
    """What ``fill`` asks."""
    wanting = _list_wanting(batch)
    numbers = _list_numbers(batch) if wanting else {}
    return [
        documents.languages_query(number) for name, number in numbers.items() if name in wanting
    ]


def _list_wanting(batch: Sequence[Document]) -> set[str]:
    return {_channel_of(document) for document in batch if _lacks_language(document)} - {""}


def _list_numbers(batch: Sequence[Document]) -> dict[str, int]:
    return {
        _channel_of(document): document.channel.id
        for document in batch
        if document.channel is not None and document.channel.id is not None
    }


def _with_language(document: Document, told: Mapping[str, Mapping[str, int]]) -> Document:
    if not _lacks_language(document) or (name := _channel_of(document)) not in told:
        return document
    usual = language.choose("\n".join(document.texts()), told[name])
    return replace(document, lang=usual, lang_basis="channel") if usual else document


def _lacks_language(document: Document) -> bool:
    return document.lang is None and document.kind == "post" and bool(document.title)


def _channel_of(document: Document) -> str:
    """The channel's part of a post's ``doc_id``; empty if it has none."""
    return document.doc_id.rpartition("/")[0] if document.channel is not None else ""
