"""How well copies of posts are told from other posts, and how long it takes to find them.

Without options: a labelled set made from real posts (beside the project, else invented ones) by
real-life edits, and the time of a look-up beside that of an exact hash in the same run.
``--stored N`` times it with N posts stored; ``--pairs FILE`` measures another labelled set,
lines of ``{"a": text, "b": text, "same": true or false}``; ``--events FILE`` how well posts of one
event are found in other words (``story_events``), ``--cost FILE`` what that takes (``story_cost``).
"""

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

import story_cost  # noqa: E402
import story_edits  # noqa: E402
import story_events  # noqa: E402
import story_posts  # noqa: E402
import story_times  # noqa: E402

from handlers.stories import fingerprint  # noqa: E402
from storage.stories import stories  # noqa: E402

FEW_STORED = 2_000
UNRELATED = 600
SHORT_POST = 30
SHOWN = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two texts and whether they are the same story."""

    kind: str
    a: str
    b: str
    same: bool


def label(posts: list[str], seed: int) -> Iterator[Pair]:
    """The labelled set: every post with every edit, and pairs that only look alike."""
    chance = random.Random(seed)
    for kind, edit in story_edits.SAME.items():
        for post in posts:
            yield Pair(kind=kind, a=post, b=edit(post, posts, chance), same=True)
    for post in posts:
        yield Pair(kind="quotes 25%", a=post, b=story_edits.quote(post, posts, chance), same=False)
        one, other = story_edits.sign_both(post, posts, chance)
        yield Pair(kind="same signature", a=one, b=other, same=False)
        if len(post.split()) < SHORT_POST:
            yield from _other_statements(post, chance)
    for _ in range(UNRELATED):
        one, other = chance.sample(posts, 2)
        yield Pair(kind="unrelated", a=one, b=other, same=False)


def _other_statements(post: str, chance: random.Random) -> Iterator[Pair]:
    changes: dict[str, Callable[[str, random.Random], str | None]] = {
        "another number, short": story_edits.change_number,
        "another name, short": story_edits.change_name,
        "not, short": story_edits.negate,
    }
    for kind, change in changes.items():
        other = change(post, chance)
        if other is not None and other != post:
            yield Pair(kind=kind, a=post, b=other, same=False)


def is_joined(pair: Pair) -> bool:
    """Whether the two would become one story, were they the only posts stored."""
    if " ".join(pair.a.split()) == " ".join(pair.b.split()):
        return bool(pair.a.strip())
    found = set(fingerprint.sketch(pair.a)) & set(fingerprint.sketch(pair.b))
    return len(found) >= stories.COMMON and fingerprint.same_story(pair.a, pair.b)


def report(pairs: Iterable[Pair]) -> Iterator[str]:
    """The table by kind, the false joins, precision and recall."""
    verdicts = [(pair, is_joined(pair)) for pair in pairs]
    for kind, same in dict.fromkeys((pair.kind, pair.same) for pair, _ in verdicts):
        of_kind = [joined for pair, joined in verdicts if (pair.kind, pair.same) == (kind, same)]
        count = sum(of_kind)
        wanted = "same " if same else "other"
        share = count / len(of_kind)
        yield f"{wanted}  {kind:28} {count:5} of {len(of_kind):5} joined  {share:.3f}"
    right = sum(pair.same and joined for pair, joined in verdicts)
    wrong = [pair for pair, joined in verdicts if joined and not pair.same]
    alike = sum(pair.same for pair, _ in verdicts)
    yield f"precision {_share(right, right + len(wrong))}  recall {_share(right, alike)}"
    for pair in wrong:
        yield f"false join ({pair.kind}):\n   {_shown(pair.a)}\n   {_shown(pair.b)}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.4f}" if whole else "-"


def _shown(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= SHOWN else folded[:SHOWN] + "…"


def read_pairs(path: Path) -> Iterator[Pair]:
    """The labelled set of a file. Raises SystemExit, with the line, for what is no pair."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _read_pair(line, f"{path}:{number}")
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"stories: error: {path}: {error}; give a file of JSON Lines") from error


def _read_pair(line: str, place: str) -> Pair:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise SystemExit(f"stories: error: {place}: no JSON ({error})") from error
    texts = [row.get("a"), row.get("b")] if isinstance(row, dict) else []
    if not texts or not all(isinstance(text, str) for text in texts) or "same" not in row:
        raise SystemExit(f'stories: error: {place}: a pair is {{"a": …, "b": …, "same": …}}')
    same = bool(row["same"])
    kind = str(row.get("kind") or ("same" if same else "not the same"))
    return Pair(kind=kind, a=row["a"], b=row["b"], same=same)


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, metavar="FILE", help="measure this labelled set only")
    parser.add_argument("--events", type=Path, metavar="FILE", help="measure these events only")
    parser.add_argument("--background", type=Path, metavar="FILE", help="posts of the archive")
    parser.add_argument("--cost", type=Path, metavar="FILE", help="time and memory of events only")
    parser.add_argument("--stored", type=int, default=FEW_STORED, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--invented", action="store_true", help="leave the real posts aside")
    options = parser.parse_args()
    if options.cost:
        print("\n".join(story_cost.report(options.cost)))
        return
    if options.events:
        print("\n".join(story_events.report(options.events, options.background)))
        return
    if options.pairs:
        print("\n".join(report(read_pairs(options.pairs))))
        return
    posts = [] if options.invented else story_posts.read_posts()
    print(f"{len(posts)} real posts" if posts else "invented posts")
    inventor = story_posts.Inventor(options.seed)
    posts = posts or [inventor.post() for _ in range(200)]
    print("\n".join(report(label(posts, options.seed))))
    print("\n".join(story_times.measure(options.stored, options.seed)))


if __name__ == "__main__":
    main()
