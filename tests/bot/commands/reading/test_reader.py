"""Chunks of what reading comes to: a chunk is full by its documents or by the bytes of files."""

from pathlib import Path
from typing import Any

import pytest

from bot.commands.reading import reader
from bot.commands.reading.reader import Chunk, Making, ReadRequest
from bot.commands.reading.source_files import Begun
from bot.intake.prepared import Prepared
from handlers.normalize.post.problems import Problem
from storage.document import Block, Document, Source


def prepared(letters: int) -> Prepared:
    body = (Block(type="paragraph", text="x" * letters),)
    source = Source(type="text")
    return Prepared(
        Document(kind="article", doc_id="x", source=source, body=body, content_hash="0" * 16)
    )


def problem(size: int | None) -> Problem:
    raw = None if size is None else b"x" * size
    return Problem(file="x", place="x", what="cut off", raw=raw)


@pytest.mark.parametrize(
    ("events", "full"),
    [
        ([Begun("x")] * 1000, 0),
        ([prepared(0)] * 50, 1),
        ([prepared(0)] * 49, 0),
        ([prepared(240_000)] * 2, 1),
        ([prepared(239_999), prepared(240_000)], 0),
        ([prepared(490_000)], 1),
        ([prepared(489_999)], 0),
        ([problem(None)] * 50, 1),
        ([problem(490_000)], 1),
        ([problem(489_999)], 0),
        ([prepared(490_000)] * 3, 3),
    ],
)
def test_a_chunk_is_full_by_what_is_in_it(events: list[Any], full: int) -> None:
    sent: list[Chunk] = []
    making = Making(sent.append)
    for event in events:
        making.add(event)
    assert len(sent) == full
    making.end(is_last=True)
    assert [event for chunk in sent for event in chunk.events] == events
    assert [chunk.is_last for chunk in sent] == [False] * full + [True]


def test_a_chunk_is_full_by_the_bytes_that_were_read_for_it() -> None:
    sent: list[Chunk] = []
    making = Making(sent.append)
    making.advance(reader.MOST_BYTES - 1)
    assert sent == []
    making.add(Begun("x"))
    making.advance(1)
    making.advance(7)
    making.end()
    assert sent == [Chunk([Begun("x")], reader.MOST_BYTES), Chunk([], 7)]


@pytest.mark.parametrize("prepares", [True, False])
def test_documents_come_with_what_can_be_worked_out_where_that_is_wanted(
    tmp_path: Path, prepares: bool
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Ferries are late\n\nThe ice holds them, the harbour said on 3 March 2026.\n")
    counted: list[int] = []
    found = list(reader.read(ReadRequest(paths=(path,)), counted.append, prepares=lambda: prepares))
    documents = [one for one in found if isinstance(one, Prepared)]
    assert len(documents) == 1
    assert (documents[0].ready is not None, documents[0].reading is not None) == (prepares,) * 2
    assert sum(counted) == path.stat().st_size
    assert isinstance(found[0], Begun)
