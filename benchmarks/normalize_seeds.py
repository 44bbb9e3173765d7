"""Whether the seeds read as their gold and come back, and whether canonical text reads back."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handlers.normalize.text import read_text
from handlers.render.documents.canonical import canonical, day_of
from handlers.render.documents.replay import replay
from storage.document import Document, to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A number of items out of a total."""

    right: int
    whole: int

    def __str__(self) -> str:
        return f"{self.right} of {self.whole}"


def read(path: Path) -> list[Document]:
    """The documents of a text file."""
    data = path.read_bytes()
    file_hash = hashlib.sha256(data).hexdigest()
    return read_text(data.decode("utf-8"), file=path.name, file_hash=file_hash)


def measure_gold(shared: Path) -> Share:
    """Documents of the seeds that hold every field of their gold."""
    pairs: list[tuple[Document | None, dict[str, Any]]] = []
    for path in sorted((shared / "seeds").glob("*.txt")):
        gold = json.loads((shared / "corpus/gold" / f"{path.stem}.docs.json").read_bytes())
        found = read(path)
        missing = [None] * (len(gold) - len(found))
        pairs += zip([*found, *missing], gold, strict=False)
    right = sum(found is not None and holds(to_json(found), gold) for found, gold in pairs)
    return Share(right=right, whole=len(pairs))


def measure_replay(paths: Iterable[Path]) -> Share:
    """Files that come back byte for byte, from their documents alone."""
    files = sorted(paths)
    right = sum(replay(read(path)).encode() == path.read_bytes() for path in files)
    return Share(right=right, whole=len(files))


def measure_canonical(documents: Iterable[Document]) -> Share:
    """Documents whose canonical text reads back as what a text file can hold of them."""
    right = whole = 0
    for document in documents:
        if document.kind == "service" or not any(document.texts()):
            continue
        found = read_text(canonical(document), file="000.txt", file_hash="0" * 64)
        right += len(found) == 1 and kept(found[0]) == kept(document)
        whole += 1
    return Share(right=right, whole=whole)


def kept(document: Document) -> dict[str, object]:
    """The fields that ``SCHEMA.md`` promises of canonical text."""
    forward = document.forwarded_from
    return {
        "kind": document.kind,
        "title": document.title,
        "deck": document.deck,
        "body": [block.text for block in document.body],
        "origin": forward.name if forward else None,
        "day": day_of(document.published_at),
        "dateline": document.dateline,
        "event": document.event,
        "hash": document.content_hash,
    }


def holds(found: Any, wanted: Any) -> bool:
    """Whether every key that is wanted has its value, recursively."""
    if isinstance(wanted, dict):
        return all(key in found and holds(found[key], item) for key, item in wanted.items())
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(holds, found, wanted))
    return bool(found == wanted)
