"""Analysis of posts, against another version of it: ``--against FOLDER --posts N --texts FILE``.

FOLDER is another checkout (``git worktree add FOLDER main``). Either version runs in a process of
its own and analyses the same posts in turns, half of the posts before for it to have met the words.
``live`` is the first time that the posts come, ``again`` the second. Times are of the processor, in
µs a post; ``ratio`` is of this version to the other. FILE: posts to take instead of made ones, a
JSON object with a ``text`` a line.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path

from storage.structs import replace

_HERE = Path(__file__).resolve().parents[1]
_ROUNDS = 20


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=8_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--against", type=Path)
    parser.add_argument("--in-turns", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.in_turns is not None:
        take_turns(asked)
        return
    folders = [_HERE] if asked.against is None else [_HERE, asked.against.resolve()]
    processes = [_start(folder) for folder in folders]
    times = [[_turn(process) for process in processes] for _ in range(2 * _ROUNDS)]
    for name, rows in (("live", times[:_ROUNDS]), ("again", times[_ROUNDS:])):
        found = [statistics.median(column) for column in zip(*rows, strict=True)]
        print(name, *(f"{one:.0f}" for one in found))
        if len(found) == 2:
            ratios = [ours / other for ours, other in rows]
            print(f"{name}_ratio {statistics.median(ratios):.3f}")
    for process in processes:
        process.communicate()


def _start(folder: Path) -> "subprocess.Popen[str]":
    """A process that analyses some posts whenever a line comes."""
    command = [sys.executable, __file__, *sys.argv[1:], "--in-turns", str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    _turn(process)
    return process


def _turn(process: "subprocess.Popen[str]") -> float:
    assert process.stdin is not None
    assert process.stdout is not None
    print(file=process.stdin, flush=True)
    return float(process.stdout.readline())


def take_turns(asked: argparse.Namespace) -> None:
    """Analyse half of the posts, then some of the others for each line that comes."""
    sys.path.insert(0, str(asked.in_turns))  # before benchmarks/, which has a module languages too
    analyse = import_module("storage.query.words.analysis").analyse_document
    made = _posts(asked)
    half = len(made) // 2
    for post in made[:half]:
        analyse(post)
    rest = made[half:]
    size = max(1, len(rest) // _ROUNDS)
    parts = [rest[at : at + size] for at in range(0, size * _ROUNDS, size)]
    for part in [made[:1], *parts, *parts]:
        sys.stdin.readline()
        started = time.process_time()
        for post in part:
            analyse(post)
        print(1e6 * (time.process_time() - started) / len(part), flush=True)


def _posts(asked: argparse.Namespace) -> Sequence[object]:
    posts = import_module("posts")
    if asked.texts is None:
        return [*posts.Corpus(asked.seed).documents(asked.posts)]
    example = next(posts.Corpus(asked.seed).documents(1))
    with asked.texts.open() as lines:
        texts = [json.loads(line)["text"] for line in islice(lines, asked.posts)]
    return [
        replace(example, title=None, body=(replace(example.body[0], text=text, spans=()),))
        for text in texts
    ]


if __name__ == "__main__":
    main()
