"""How exactly articles' openings are read: precision and recall of each field.

Three sets: ``openings.jsonl`` beside this file (invented, as agencies of many countries write them;
each of its four rounds was measured before anything was mended by it), the corpus's real openings,
and its cases. ``openings_corpus.jsonl`` says what is right of the real ones; of texts it holds
hashes alone.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handlers.normalize.text import read_text
from storage.document import Document

HERE = Path(__file__).resolve().parent
FIELDS = ("place", "date", "agency", "title", "first")
_BEGINNING = 40
Fields = Mapping[str, Any]


@dataclass(slots=True)
class Score:
    """What is there, what was found and what of it is right, by field; and openings with a wrong
    place, date or agency, of those with a dateline and those without."""

    wanted: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FIELDS, 0))
    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FIELDS, 0))
    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FIELDS, 0))
    openings: int = 0
    wrong: int = 0
    bare: int = 0
    invented: int = 0

    def add(self, want: Fields, got: Fields) -> None:
        """Count one opening. What ``want`` does not name is not judged."""
        self.openings += 1
        for name in want:
            self.wanted[name] += want[name] is not None
            self.found[name] += got[name] is not None
            self.right[name] += want[name] is not None and got[name] == want[name]
        line = [name for name in ("place", "date", "agency") if name in want]
        is_wrong = any(got[name] not in (None, want[name]) for name in line)
        is_bare = bool(line) and all(want[name] is None for name in line)
        self.wrong += is_wrong
        self.bare += is_bare
        self.invented += is_bare and is_wrong

    def row(self) -> Iterator[str]:
        """The cells: precision and recall of each field, and openings with a wrong value."""
        for name in FIELDS:
            right, found, wanted = self.right[name], self.found[name], self.wanted[name]
            yield f"{_share(right, found)} / {_share(right, wanted)} of {wanted}"
        yield f"{self.wrong} of {self.openings}"
        yield f"{self.invented} of {self.bare}"


def measure(corpus: Path, *, show: bool) -> Iterator[tuple[str, ...]]:
    """A row for each set."""
    for round_ in ("1", "2", "3", "4"):
        rows = (row for row in _lines(HERE / "openings.jsonl") if row["id"].startswith(round_))
        yield f"invented, round {round_}", *_score(rows, show=show).row()
    right = {row["id"]: row["want"] for row in _lines(HERE / "openings_corpus.jsonl")}
    real = (
        {**row, "want": right[row["id"]]}
        for row in _lines(corpus / "articles/openings.jsonl")
        if row["id"] in right
    )
    yield "real, of the corpus", *_score(real, show=show, hashed=True).row()
    cases = json.loads((corpus / "cases/articles.json").read_text("utf-8"))
    yield "cases", *_score(iter(cases), show=show).row()


def _score(rows: Iterator[dict[str, Any]], *, show: bool, hashed: bool = False) -> Score:
    score = Score()
    for row in rows:
        (document,) = read_text(row["text"], file="opening.txt", file_hash="ab" * 32)
        want = _wanted(row["want"])
        got = _got(document, want, hashed=hashed)
        score.add(want, got)
        wrong = {name: (got[name], want[name]) for name in want if got[name] != want[name]}
        if show and wrong:
            print(row["id"], wrong)
    return score


def _wanted(want: Fields) -> dict[str, Any]:
    fields = {}
    if "dateline" in want:
        line = want["dateline"] or {}
        fields = {name: line.get(name) for name in ("place", "date", "agency")}
    if "title" in want:
        fields["title"] = want["title"]
    if "first" in want or "body0" in want:
        fields["first"] = want.get("first", want.get("body0"))
    return fields


def _got(document: Document, want: Fields, *, hashed: bool) -> dict[str, Any]:
    line = document.dateline
    first = document.body[0].text if document.body else document.title
    title = document.title
    if hashed:
        first = _hash(document.body[0].text[:_BEGINNING]) if document.body else None
        title = _hash(title) if title is not None else None
    elif first is not None and want.get("first") is not None:
        first = first.lstrip()[: len(want["first"])]
    return {
        "place": line.place if line else None,
        "date": line.date if line else None,
        "agency": line.agency if line else None,
        "title": title,
        "first": first,
    }


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"
