"""How faithfully, how fast and in what memory material is normalized: the whole table.

``python benchmarks/normalize.py`` measures over ``../shared`` (``--shared DIR``), ``--pairs DIR``
flattened pages alone: pairs ``NAME.flat.txt`` and ``NAME.gold.json`` as in
``corpus_pages/generated``. ``--show`` prints the posts that differ.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import normalize_articles
import normalize_exactness
import normalize_pages
import normalize_seeds
import normalize_speed
from normalize_sources import ASPECTS, list_wanted

from storage.document import Document

SHARED = Path(__file__).resolve().parents[2] / "shared"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A table in Markdown, its columns aligned."""
    cells = [list(head), *map(list, rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for number, row in enumerate(cells):
        padded = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        yield f"| {' | '.join(padded)} |"
        if number == 0:
            yield f"| {' | '.join('-' * width for width in widths)} |"


def list_documents(corpus: Path, shared: Path) -> Iterator[Document]:
    """Every document of the corpus and of the seeds."""
    for _, _, document in list_wanted(corpus):
        if document is not None:
            yield document
    for path in (*(shared / "seeds").glob("*.txt"), *corpus.rglob("*.flat.txt")):
        yield from normalize_seeds.read(path)


def list_texts(corpus: Path, shared: Path) -> Iterator[tuple[str, str, str]]:
    """The rows of text files: seeds, pages and canonical text."""
    seeds = (shared / "seeds").glob("*.txt")
    pages = (*corpus.rglob("*.flat.txt"), *(corpus / "corpus_pages/tme_flat").glob("*.txt"))
    score = normalize_pages.total_of(corpus / "corpus_pages/generated")
    canonical = normalize_seeds.measure_canonical(list_documents(corpus, shared))
    yield "seeds: documents equal to their gold", str(normalize_seeds.measure_gold(shared)), "all"
    yield "seeds: byte for byte again", str(normalize_seeds.measure_replay(seeds)), "all"
    yield "other pages: byte for byte again", str(normalize_seeds.measure_replay(pages)), ""
    exact = f"{100 * score.exact / score.wanted:.1f} % of {score.wanted}"
    yield "flattened pages: posts exact", exact, "≥ 97 %"
    yield "flattened pages: spurious", f"{100 * score.spurious / score.found:.1f} %", "≤ 3 %"
    yield "canonical text reads back", str(canonical), "all"


def list_articles(corpus: Path, *, show: bool) -> Iterator[str]:
    """The table of articles' openings: precision / recall of each field."""
    names = ("place", "date", "agency", "title", "first paragraph")
    head = ("articles' openings", *names, "wrong value", "dateline where none is")
    yield from table(head, normalize_articles.measure(corpus, show=show))


def measure(shared: Path, *, megabytes: int, show: bool) -> Iterator[str]:
    """The lines of the whole table."""
    corpus = shared / "corpus"
    exactness = normalize_exactness.measure(corpus, show=show)
    yield from table(("format", *ASPECTS), exactness.rows())
    yield ""
    yield from table(("text files", "measured", "asked"), list_texts(corpus, shared))
    yield ""
    yield from list_articles(corpus, show=show)
    yield ""
    rows = [*normalize_speed.time_telethon(corpus), *normalize_speed.time_desktop_json(corpus)]
    rows += normalize_speed.weigh(corpus, megabytes)
    yield from table(("cost", "measured", "asked"), rows)


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, metavar="DIR", help="flattened pages alone")
    parser.add_argument("--articles", action="store_true", help="articles' openings alone")
    parser.add_argument("--shared", type=Path, metavar="DIR", default=SHARED)
    parser.add_argument("--megabytes", type=int, default=200, help="size of the large export")
    parser.add_argument("--show", action="store_true", help="print the posts that differ")
    options = parser.parse_args()
    if options.pairs is not None:
        rows = normalize_pages.measure_pairs(options.pairs, show=options.show)
    elif not options.shared.is_dir():
        parser.error(f"{options.shared}: there is no such folder; name it with --shared")
    elif options.articles:
        rows = list_articles(options.shared / "corpus", show=options.show)
    else:
        rows = measure(options.shared, megabytes=options.megabytes, show=options.show)
    for row in rows:
        print(row, flush=True)


if __name__ == "__main__":
    main()
