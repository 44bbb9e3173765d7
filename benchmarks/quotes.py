"""What is read as somebody's words in real posts: how much, how fast, and a draw to be judged.

``quotes.py FILE…`` takes lines with ``text`` (and ``id``), or folders of texts. It prints
posts, posts with a quote, quotes and µs a post; with ``--draw N --seed S`` it draws N
quotes, each with its post's id, to be read by hand.
"""

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from storage.query.words import forms, quotes

_BOLD = re.compile(r"\*\*|__")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def read(path: Path) -> Iterator[tuple[str, str]]:
    """Names and texts of a file's posts."""
    if path.suffix != ".jsonl":
        yield path.stem, path.read_text(encoding="utf-8")
        return
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            row = json.loads(line)
            text = row.get("text") or row.get("message") or ""
            name = str(row.get("id") or row.get("url") or f"{path.stem}:{number}")
            yield name, _LINK.sub(r"\1", _BOLD.sub("", text))


def main() -> None:
    """Read the command line, then the posts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--draw", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    files = [
        one
        for path in options.paths
        for one in (sorted(path.rglob("*.txt")) if path.is_dir() else [path])
    ]
    posts = dict(post for path in files for post in read(path))
    forms.load()
    found, began = [], time.process_time()
    for name, text in posts.items():
        found += [(name, text, quote) for quote in quotes.find_quotes(text)]
    spent = time.process_time() - began
    began = time.process_time()
    for text in posts.values():
        quotes.find_quotes(text)
    again = time.process_time() - began
    print(f"posts {len(posts)}")
    print(f"posts_with_quotes {len({name for name, _, _ in found})}")
    print(f"quotes {len(found)}")
    print(f"us_a_post_first {spent / len(posts) * 1e6:.0f}")
    for name, text, quote in random.Random(options.seed).sample(
        found, min(options.draw, len(found))
    ):
        first, last = quote.who
        print(f"\n{name}\n  {text[first:last]} [{' '.join(quote.name)}]")
        print(f"  said: {text[quote.start : quote.end]}")
        print(f"  in: {text[max(0, min(first, quote.start) - 80) : max(last, quote.end) + 80]!r}")
    print(f"us_a_post {again / len(posts) * 1e6:.0f}")


if __name__ == "__main__":
    main()
