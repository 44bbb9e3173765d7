"""Matching posts against saved queries: ``--queries 1000 10000`` (to 1,000,000) ``--posts N``.

The naive way looks for the words of every query in the lowered text with ``in``, as keyword bots
do; "with rows" does so on rows that it selects anew for each post, as keyword_alert_bot does. They
are measured on some of the posts where the queries are many. Bare analysis is one regular
expression and a dict of stems that are known already. ``match`` counts in the analysis of the post,
warm too.

Parsing a query's text is timed apart from adding what was parsed, which looks up its words in the
dictionary and finds its place; all queries are added before the first post is matched, as they are
when the service starts. Removing is timed on a thousand of them. Whether the matcher is right is
asked of ``evaluate``, which looks at each query by itself. Ratios are to be read within a line.

``--classes`` takes queries as newsrooms write them (``matching_classes.py``), each class beside a
loop that decides the same: µs a post of the loop, of ``match``, the ratio, the share of the
queries that fired, and of what was checked how many were decided wrongly.
"""

import argparse
import gc
import re
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from matching_classes import Classes, ClassQuery, loop, written
from posts import Corpus

from storage.document import Document
from storage.query import evaluate
from storage.query.matching.matcher import Matcher
from storage.query.reading.syntax import parse
from storage.query.words import analysis, forms

_WORD = re.compile(r"\w+")
_ROUNDS = 9
_AT_ONCE = 10_000


def resident() -> float:
    """This process's memory in MB."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 2**20


def microseconds(
    calls: Sequence[Callable[[Document], object]], made: Sequence[Document], rounds: int
) -> list[float]:
    """What each of the calls takes for one post: in turns, the best of some rounds for each post.

    On a busy machine a call is often held up, but seldom the same one in every round.
    """
    best = [[float("inf")] * len(made) for _ in calls]
    for _ in range(rounds):
        for call, times in zip(calls, best, strict=True):
            for index, document in enumerate(made):
                started = time.process_time()
                call(document)
                times[index] = min(times[index], time.process_time() - started)
    return [1e6 * sum(times) / len(times) for times in best]


def naive(queries: Sequence[str]) -> Callable[[Document], object]:
    """The loop over all queries, each as its words."""
    asked = [re.findall(r"\w+", text.replace(" OR ", " ").lower()) for text in queries]

    def match(document: Document) -> list[int]:
        text = "\n".join(document.texts()).lower()
        return [number for number, words in enumerate(asked) if all(one in text for one in words)]

    return match


def selecting(queries: Sequence[str]) -> Callable[[Document], object]:
    """The same loop over rows that are selected for each post."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE keyword (id INTEGER PRIMARY KEY, chat INTEGER, words TEXT)")
    rows = [
        (number, " ".join(re.findall(r"\w+", text.replace(" OR ", " ").lower())))
        for number, text in enumerate(queries)
    ]
    db.executemany("INSERT INTO keyword (chat, words) VALUES (?, ?)", rows)

    def match(document: Document) -> list[int]:
        text = "\n".join(document.texts()).lower()
        held = db.execute("SELECT id, chat, words FROM keyword").fetchall()
        return [chat for _, chat, words in held if all(one in text for one in words.split())]

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


class Filled:
    """A matcher with queries, and what filling it took, in µs a query and MB."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.matcher = Matcher()
        self.parsing = self.adding = 0.0
        before = resident()
        for start in range(0, len(texts), _AT_ONCE):
            begun = time.process_time()
            queries = list(map(parse, texts[start : start + _AT_ONCE]))
            parsed = time.process_time()
            for number, query in enumerate(queries, start):
                self.matcher.add(number, query)
            self.parsing += 1e6 * (parsed - begun) / len(texts)
            self.adding += 1e6 * (time.process_time() - parsed) / len(texts)
        del queries
        self.memory = resident() - before

    def removing(self, count: int) -> float:
        """What it takes to remove a query, measured on a thousand."""
        some = range(0, count, max(1, count // 1_000))
        started = time.process_time()
        for number in some:
            self.matcher.remove(number)
        return 1e6 * (time.process_time() - started) / len(some)


def count_differences(matcher: Matcher, texts: Sequence[str], made: Sequence[Document]) -> int:
    """Of some queries and posts, how many pairs the matcher decides otherwise than they stand."""
    some = range(0, len(texts), max(1, len(texts) // 5_000))
    queries = {number: parse(texts[number]) for number in some}
    differences = 0
    for document in made[:: max(1, len(made) // 10)]:
        analysed = analysis.analyse_document(document)
        fired = {number for number in matcher.match(document) if number in queries}
        right = {n for n, query in queries.items() if evaluate.matches(query, document, analysed)}
        differences += len(fired ^ right)
    return differences


def measure(texts: Sequence[str], made: Sequence[Document]) -> str:
    """A line of the table."""
    filled = Filled(texts)
    match = filled.matcher.match
    fired = sum(len(match(document)) for document in made) / len(made)
    number = max(min(3_000_000 // len(texts), len(made)), 20)
    few = made[:: max(1, len(made) // number)]
    rounds = 3 if len(texts) <= 100_000 else 1
    loop, with_rows = microseconds([naive(texts), selecting(texts)], few, rounds)
    floor, ours = microseconds([bare(made), match], made, _ROUNDS)
    wrong = count_differences(filled.matcher, texts, made)
    removing = filled.removing(len(texts))
    return (
        f"{len(texts):9,} {loop:9,.0f} {with_rows:9,.0f} {ours:7,.0f} {loop / ours:7.1f}x"
        f" {floor:6.0f} {ours / floor:6.2f}x {fired:8.1f} {wrong:6}"
        f" {filled.parsing:6.1f} {filled.adding:6.1f} {removing:6.1f} {filled.memory:6.0f}"
    )


def measure_class(name: str, asked: Sequence[ClassQuery], made: Sequence[Document]) -> str:
    """A line of the table of classes."""
    texts = [one.text for one in asked]
    filled = Filled(texts)
    match = filled.matcher.match
    fired = sum(len(match(document)) for document in made) / len(made) / len(texts)
    few = made[:: max(1, len(made) * len(texts) // 100_000)]
    (naive_loop,) = microseconds([loop(asked)], few, 2)
    (ours,) = microseconds([match], made, 3)
    wrong = count_differences(filled.matcher, texts, made)
    return (
        f"{name:30} {naive_loop:10,.0f} {ours:9,.0f} {naive_loop / ours:8.1f}x {fired:8.2%}"
        f" {wrong:6} {filled.parsing:7.1f} {filled.adding:7.1f} {filled.memory:7.0f}"
    )


def show_classes(
    corpus: Corpus, made: Sequence[Document], number: int, seed: int, only: Sequence[str]
) -> None:
    """Print the table of classes."""
    print(f"{number:,} queries of each class; µs a post; parse and add in µs a query, memory in MB")
    print(
        f"{'class':30} {'naive loop':>10} {'match':>9} {'ratio':>9} {'fired':>8} {'wrong':>6}"
        "   parse     add  memory"
    )
    for name, make in Classes(corpus, made, seed).all():
        if only and name not in only:
            continue
        print(measure_class(name, [make() for _ in range(number)], written(made)), flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--posts", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--classes", action="store_true")
    parser.add_argument("--only", nargs="+", default=[], help="of the classes these, by name")
    asked = parser.parse_args()
    forms.load()
    corpus = Corpus(asked.seed)
    made = list(corpus.documents(asked.posts))
    gc.collect()
    gc.freeze()  # as the service does once it has started
    if asked.classes:
        for number in asked.queries:
            show_classes(corpus, made, number, asked.seed, asked.only)
        return
    print("µs a post; parse, add and remove in µs a query, memory in MB")
    print(
        "  queries `in` loop with rows   match    ratio   bare  ratio    fired  wrong"
        "  parse    add remove memory"
    )
    for number in asked.queries:
        print(measure([corpus.query() for _ in range(number)], made))


if __name__ == "__main__":
    main()
