"""Searching: ``--posts 100000`` (to 1,000,000), ``--others`` for whoosh and tantivy beside it.

``--database PATH`` keeps the filled database there, and takes it from there the next time.

    pip install whoosh tantivy pystemmer

Each query is asked as the bot asks it, a page of ten with snippets, newest first and by relevance;
beside it FTS5's BM25 over all matches, ids only. Milliseconds of the processor, median and 95th
percentile over words of that kind. Whoosh (with stems, Russian and English) and tantivy (as it
comes) index the first 50,000 posts at most and are asked for common words, ids only, as ours then
are on the same posts; they are left out where they are not installed.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import lru_cache
from importlib import import_module, util
from pathlib import Path
from statistics import median, quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from filled import open_filled
from posts import Corpus

from storage.connection import Connection
from storage.document import Document
from storage.documents import search
from storage.query.compile_fts5 import compile_query
from storage.query.reading.syntax import parse
from storage.query.words import forms

_OTHERS = 50_000
_FULL = (
    "SELECT rowid FROM document_index WHERE document_index MATCH ?"
    " ORDER BY bm25(document_index, 1.0, 3.0, 0.0, 1.0) LIMIT 10"
)
_SIZE = (
    "SELECT sum(length(block)) AS n, (SELECT count(*) FROM document) AS posts"
    " FROM document_index_data"
)
_NEWEST = (
    "SELECT rowid FROM document_index WHERE document_index MATCH ? ORDER BY rowid DESC LIMIT 10"
)

Ask = Callable[[str], Awaitable[object]]


def kinds(corpus: Corpus, number: int) -> dict[str, list[str]]:
    """Queries by kind."""
    common = [word for word in corpus.words["ru"][20:200] if len(word) > 2]
    rare = corpus.words["ru"][15_000 : 15_000 + number]
    pairs = list(zip(common, common[number:], strict=False))[:number]
    return {
        "rare word": rare,
        "common word": common[:number],
        "two common words": [f"{one} {other}" for one, other in pairs],
        "phrase": [f'"{one} {other}"' for one, other in pairs],
        "prefix": [f"{word[:4]}*" for word in common if len(word) > 3][:number],
        "boolean": [f"({one} OR {other}) -{rare[0]}" for one, other in pairs],
        "filtered": [f"{one} channel:1007 lang:ru" for one, _ in pairs],
    }


async def times(ask: Ask, queries: list[str]) -> tuple[float, float]:
    """Milliseconds: median and 95th percentile."""
    taken = []
    for text in queries:
        await ask(text)
        started = time.process_time()
        await ask(text)
        taken.append(1e3 * (time.process_time() - started))
    return median(taken), quantiles(taken, n=20)[-1]


def by_rows(conn: Connection, sql: str) -> Ask:
    """Asks the index alone."""

    async def ask(text: str) -> object:
        root = parse(text).root
        assert root is not None
        return await conn.fetch_all(sql, (compile_query(root).expression,))

    return ask


def by_page(conn: Connection, sort: Any) -> Ask:
    """Asks as the bot does."""

    async def ask(text: str) -> object:
        return await search.search(conn, parse(text), sort=sort)

    return ask


@lru_cache(maxsize=2)
def stemmer(language: str) -> Any:
    """Snowball's stemmer of a language."""
    return import_module("Stemmer").Stemmer(language)


def stem(word: str) -> str:
    """A word's stem; whoosh wants to find this function again by its name."""
    return str(stemmer("english" if word.isascii() else "russian").stemWord(word))


def whoosh(folder: Path, made: Iterator[Document]) -> Ask:
    """Whoosh with stems of both languages."""
    fields, index, analysis = (
        import_module(f"whoosh.{n}") for n in ("fields", "index", "analysis")
    )
    analyzer = (
        analysis.RegexTokenizer(r"\w+")
        | analysis.LowercaseFilter()
        | analysis.StemFilter(stemfn=stem, cachesize=-1)
    )
    schema = fields.Schema(id=fields.STORED, text=fields.TEXT(analyzer=analyzer))
    folder.mkdir()
    made_index = index.create_in(str(folder), schema)
    writer = made_index.writer(limitmb=256)
    for document in made:
        writer.add_document(id=document.doc_id, text="\n".join(document.texts()))
    writer.commit()
    parser = import_module("whoosh.qparser").QueryParser("text", schema)
    searcher = made_index.searcher()

    async def ask(text: str) -> object:
        return [hit["id"] for hit in searcher.search(parser.parse(text), limit=10)]

    return ask


def tantivy(folder: Path, made: Iterator[Document]) -> Ask:
    """tantivy with its default tokenizer."""
    module = import_module("tantivy")
    builder = module.SchemaBuilder()
    builder.add_text_field("text", stored=False)
    builder.add_text_field("id", stored=True)
    folder.mkdir()
    index = module.Index(builder.build(), path=str(folder))
    writer = index.writer()
    for document in made:
        writer.add_document(module.Document(id=document.doc_id, text="\n".join(document.texts())))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    async def ask(text: str) -> object:
        return searcher.search(index.parse_query(text, ["text"]), 10).hits

    return ask


async def compare(folder: Path, conn: Connection, asked: argparse.Namespace) -> None:
    """The others, on common words."""
    common = kinds(Corpus(asked.seed), asked.queries)["common word"]
    number = min(asked.posts, _OTHERS)
    ours, _ = await times(by_rows(conn, _NEWEST), common)
    scored, _ = await times(by_page(conn, "relevance"), common)
    print(f"\ncommon word: newest 10 {ours:.2f} ms, a page by relevance {scored:.2f} ms")
    for name, make in (("whoosh", whoosh), ("tantivy", tantivy)):
        if util.find_spec(name) is None:
            print(f"{name}: not installed")
            continue
        ask = make(folder / name, Corpus(asked.seed).documents(number))
        theirs, _ = await times(ask, common)
        print(f"{name} ({number:,} posts): {theirs:.2f} ms, {theirs / ours:.2g}x ours newest,"
              f" {theirs / scored:.2g}x ours by relevance")  # fmt: skip


async def run(asked: argparse.Namespace, folder: Path) -> None:
    """Fill, measure, print."""
    corpus = Corpus(asked.seed)
    path = asked.database or folder / "posts.db"
    database = await open_filled(path, number=asked.posts, seed=asked.seed)
    async with database.reader() as conn:
        row = await conn.fetch_one(_SIZE)
        assert row is not None
        print(f"{row['posts']:,} posts, index {row['n'] / row['posts']:.0f} bytes a post")
        print(f"{'':17} newest page    relevant page  full BM25      newest ids  times full")
        for kind, queries in kinds(corpus, asked.queries).items():
            newest = await times(by_page(conn, "newest"), queries)
            relevant = await times(by_page(conn, "relevance"), queries)
            full = await times(by_rows(conn, _FULL), queries)
            ids = await times(by_rows(conn, _NEWEST), queries)
            cells = "".join(f"{one:6.2f}/{other:6.2f}  " for one, other in (newest, relevant, full))
            print(f"{kind:17}{cells} {ids[0]:6.2f} {full[0] / ids[0]:9.0f}x"
                  f" (page by relevance {full[0] / relevant[0]:.1f}x)")  # fmt: skip
        if asked.others:
            await compare(folder, conn, asked)
    await database.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=40, help="of each kind")
    parser.add_argument("--others", action="store_true", help="whoosh and tantivy too")
    parser.add_argument("--database", type=Path, help="kept, and used again")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    forms.load()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(asked, Path(folder)))


if __name__ == "__main__":
    main()
