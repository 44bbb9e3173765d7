"""Matching posts against saved queries: ``--queries 1000 10000`` (to 1,000,000) ``--posts N``.

The naive way looks for the words of every query in the lowered text with ``in``, as keyword bots
do; it is measured on few posts where the queries are many. Bare analysis is one regular expression
and a dict of stems that are known already. ``match`` counts in the analysis of the post, warm too.
Times are of the processor; ratios are to be read within a line.
"""

import argparse
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from posts import Corpus

from storage.document import Document
from storage.query import forms
from storage.query.matcher import Matcher
from storage.query.syntax import parse
from storage.query.tree import Query

_WORD = re.compile(r"\w+")
_ROUNDS = 5


def resident() -> float:
    """This process's memory in MB."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 2**20


def microseconds(
    call: Callable[[Document], object], made: Sequence[Document], rounds: int
) -> float:
    """The best of some rounds, for one post."""
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        for document in made:
            call(document)
        best = min(best, time.process_time() - started)
    return 1e6 * best / len(made)


def naive(queries: Sequence[str]) -> Callable[[Document], object]:
    """The loop over all queries, each as its words."""
    asked = [re.findall(r"\w+", text.replace(" OR ", " ").lower()) for text in queries]

    def match(document: Document) -> list[int]:
        text = "\n".join(document.texts()).lower()
        return [number for number, words in enumerate(asked) if all(one in text for one in words)]

    return match


def bare(made: Sequence[Document]) -> Callable[[Document], object]:
    """Words found and looked up, nothing else."""
    stems = {
        word: forms.normal_form(word.replace("ё", "е"))
        for document in made
        for word in _WORD.findall("\n".join(document.texts()).lower())
    }

    def analyse(document: Document) -> list[str]:
        return [stems[word] for word in _WORD.findall("\n".join(document.texts()).lower())]

    return analyse


def measure(texts: Sequence[str], made: Sequence[Document]) -> str:
    """A line of the table."""
    queries: list[Query] = [parse(text) for text in texts]
    before = resident()
    matcher = Matcher()
    for document in made[: len(made) // 2]:
        matcher.match(document)
    started = time.process_time()
    for number, query in enumerate(queries):
        matcher.add(number, query)
    added = 1e6 * (time.process_time() - started) / len(queries)
    fired = sum(len(matcher.match(document)) for document in made) / len(made)
    ours = microseconds(matcher.match, made, _ROUNDS)
    memory = resident() - before
    few = max(3, min(len(made), 3_000_000 // len(queries)))
    loop = microseconds(naive(texts), made[:few], 1 if len(queries) > 1_000 else 3)
    analysis = microseconds(bare(made), made, _ROUNDS)
    some = range(0, len(queries), max(1, len(queries) // 1_000))
    started = time.process_time()
    for number in some:
        matcher.remove(number)
    removed = 1e6 * (time.process_time() - started) / len(some)
    return (
        f"{len(queries):9,} {loop:9,.0f} {ours:7,.0f} {loop / ours:7.1f}x {analysis:6.0f}"
        f" {ours / analysis:6.2f}x {fired:7.1f} {added:6.1f} {removed:6.1f} {memory:6.0f}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--posts", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    forms.load()
    corpus = Corpus(asked.seed)
    made = list(corpus.documents(asked.posts))
    print("µs a post; add and remove in µs, memory in MB")
    print("  queries `in` loop   match   ratio   bare  ratio   fired    add remove memory")
    for number in asked.queries:
        print(measure([corpus.query() for _ in range(number)], made))


if __name__ == "__main__":
    main()
