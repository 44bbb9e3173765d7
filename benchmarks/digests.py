"""How near a digest comes to what editors write: its heads to their titles, its order to their
roundups.

``--titles FILE``: lines of ``{"lang", "title", "text"}``. Prints ROUGE-1, ROUGE-2 and ROUGE-L (F1
over words in small letters, without stems) per language, beside those of the first sentence.
``--weights FILE``: posts with roundups among them (``digest_weights``).
"""

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

import digest_weights  # noqa: E402

from handlers.stories import heads, tokens  # noqa: E402

_WORD = re.compile(r"\w+")


class Row(NamedTuple):
    """An article with the title that it had."""

    lang: str
    title: str
    text: str


def read_rows(path: Path) -> list[Row]:
    """The articles of a file. Raises SystemExit, with the line, for what is none."""
    rows = []
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    rows.append(_read_row(line, f"{path}:{number}"))
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"digests: error: {path}: {error}; give a file of JSON Lines") from error
    return rows


def _read_row(line: str, place: str) -> Row:
    try:
        row = json.loads(line)
        return Row(str(row["lang"]), _words_of(row["title"]), _words_of(row["text"]))
    except (ValueError, KeyError, TypeError) as error:
        wanted = '{"lang": …, "title": …, "text": …}'
        raise SystemExit(f"digests: error: {place}: {error!r}; an article is {wanted}") from error


def _words_of(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is a string")
    return value


def lead(text: str) -> str:
    """The first sentence."""
    start = 0
    for end in tokens.sentence_ends(text):
        if text[start:end].strip():
            return text[start:end].strip()
        start = end
    return text


def rouge(found: str, wanted: str) -> tuple[float, float, float]:
    """ROUGE-1, ROUGE-2 and ROUGE-L."""
    mine, theirs = (_WORD.findall(text.lower()) for text in (found, wanted))
    pairs = (Counter(pairwise(words)) for words in (mine, theirs))
    longest = _common(mine, theirs)
    return (
        _f1((Counter(mine) & Counter(theirs)).total(), len(mine), len(theirs)),
        _overlap(*pairs),
        _f1(longest, len(mine), len(theirs)),
    )


def _overlap(one: Counter[tuple[str, str]], other: Counter[tuple[str, str]]) -> float:
    return _f1((one & other).total(), one.total(), other.total())


def _f1(common: int, mine: int, theirs: int) -> float:
    return 2 * common / (mine + theirs) if common else 0.0


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for word in one:
        before = 0
        for place, another in enumerate(other, start=1):
            before, row[place] = (
                row[place],
                before + 1 if word == another else max(row[place], row[place - 1]),
            )
    return row[-1]


def report(rows: Sequence[Row]) -> Iterator[str]:
    """A figure a line, then a summary."""
    by_language: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_language[row.lang].append(row)
    ways: dict[str, Callable[[str], str]] = {"": heads.choose_head, "lead_": lead}
    said = []
    for lang, found in sorted(by_language.items()):
        first = {}
        for prefix, choose in ways.items():
            scores = [rouge(choose(row.text), row.title) for row in found]
            means = [sum(column) / len(found) for column in zip(*scores, strict=True)]
            for name, mean in zip(("rouge1", "rouge2", "rougeL"), means, strict=True):
                yield f"{lang}_{prefix}{name} {mean:.4f}"
            first[prefix] = means[0]
        said.append(f"{lang} {first['']:.3f} (first sentence {first['lead_']:.3f})")
    yield f"{len(rows)} titles: ROUGE-1 of the head {', '.join(said) or '-'}"


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--titles", type=Path, metavar="FILE")
    which.add_argument("--weights", type=Path, metavar="FILE")
    options = parser.parse_args()
    lines = digest_weights.report(options.weights) if options.weights else None
    print("\n".join(lines or report(read_rows(options.titles))))


if __name__ == "__main__":
    main()
