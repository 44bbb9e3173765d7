"""The seeds, which define the schema: read as their gold documents, in any order of their posts."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from handlers.normalize.text import read_text
from storage.document import Document, to_json

CHANNEL_PAGE = "002"


def seed(shared: Path, number: str) -> Path:
    return next((shared / "seeds").glob(f"{number}_*.txt"))


def read(path: Path, text: str | None = None) -> list[Document]:
    data = path.read_bytes()
    return read_text(
        data.decode() if text is None else text,
        file=path.name,
        file_hash=hashlib.sha256(data).hexdigest(),
    )


def gold(shared: Path, path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        (shared / "corpus" / "gold" / f"{path.stem}.docs.json").read_bytes()
    )
    return found


def holds(found: Any, wanted: Any) -> bool:
    """Whether every key that is wanted has its value, recursively."""
    if isinstance(wanted, dict):
        return all(key in found and holds(found[key], item) for key, item in wanted.items())
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(holds, found, wanted))
    return bool(found == wanted)


@pytest.mark.parametrize("number", ["000", "001", "002", "003"])
def test_a_seed_reads_as_its_gold_documents(shared: Path, number: str) -> None:
    path = seed(shared, number)
    for document, wanted in zip(read(path), gold(shared, path), strict=True):
        assert holds(to_json(document), wanted), wanted["doc_id"]


def posts(shared: Path) -> tuple[list[str], list[dict[str, Any]]]:
    path = seed(shared, CHANNEL_PAGE)
    rows = path.read_text(encoding="utf-8").split("\n")
    wanted = gold(shared, path)
    ranges = [document["source"]["lines"] for document in wanted]
    return ["\n".join(rows[first - 1 : last]) for first, last in ranges], wanted


def same(document: Document, wanted: dict[str, Any]) -> bool:
    kept = {key: item for key, item in wanted.items() if key not in ("doc_id", "source")}
    return holds(to_json(document), kept)


@pytest.mark.parametrize("step", [1, 3, 7, 9])
@pytest.mark.parametrize("start", range(10))
def test_the_posts_of_a_page_read_the_same_in_any_order(
    shared: Path, step: int, start: int
) -> None:
    texts, wanted = posts(shared)
    order = [(start + step * number) % 10 for number in range(10)]
    documents = read(seed(shared, CHANNEL_PAGE), "\n".join(texts[number] for number in order))
    for number, document in zip(order, documents, strict=True):
        assert same(document, wanted[number]), number


@pytest.mark.parametrize("number", range(10))
def test_a_post_reads_the_same_alone_and_thrice(shared: Path, number: int) -> None:
    texts, wanted = posts(shared)
    for times in (1, 3):
        documents = read(seed(shared, CHANNEL_PAGE), "\n".join([texts[number]] * times))
        assert len(documents) == times
        assert all(same(document, wanted[number]) for document in documents)


@pytest.mark.slow
def test_a_page_cut_after_any_line_keeps_the_posts_before(shared: Path) -> None:
    path = seed(shared, CHANNEL_PAGE)
    wanted = gold(shared, path)
    rows = path.read_text(encoding="utf-8").split("\n")
    for count in range(1, len(rows) + 1):
        documents = read(path, "\n".join(rows[:count]))
        whole = [document for document in wanted if document["source"]["lines"][1] <= count]
        assert len(documents) == len(whole) + (
            count > whole[-1]["source"]["lines"][1] if whole else 1
        ), count
        for document, known in zip(documents, whole, strict=False):
            assert same(document, known), count
