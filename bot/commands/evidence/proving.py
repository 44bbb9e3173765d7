"""Verify what a folder of evidence says of the chain: versions, entries, paths, heads.

A signature alone proves nothing of it, since its owner could sign false statements. A file that was
changed is not judged again.
"""

import json
from collections.abc import Callable, Iterator, Set
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.anchoring import timestamps
from bot.commands.evidence import layout
from storage.chain import entries, heads, merkle, versions
from storage.errors import InputError

Read = Callable[[Path], bytes | None]

_MEANT = (
    ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OverflowError,
)  # fmt: skip


def prove(folder: Path, broken: Set[str], read: Read) -> Iterator[str]:
    """What does not hold, a line each, ``changed: FILE: WHY``."""
    if layout.MANIFEST in broken or layout.HEADS in broken:
        return
    try:
        lines = (read(folder / layout.HEADS) or b"").decode().splitlines()
        all_heads = {int(told[1]): (told, line) for line in lines for told in [json.loads(line)]}
        posts = json.loads(read(folder / layout.MANIFEST) or b"")["posts"]
        names = [layout.post_folder(number) for number in range(1, len(posts) + 1)]
        is_as_made = [one["folder"] for one in posts] == names
    except _MEANT:
        yield f"changed: {layout.MANIFEST} or {layout.HEADS}: they cannot be read"
        return
    if not is_as_made:
        yield f"changed: {layout.MANIFEST}: its posts are in no folders of ours"
        return
    yield from (f"changed: {layout.HEADS}: {what}" for what in _prove_heads(lines))
    yield from _prove_stamps(folder, lines, broken, read)
    for name, post in zip(names, posts, strict=True):
        yield from _prove_post(folder, name, post, all_heads, broken, read)


def _prove_heads(lines: list[str]) -> Iterator[str]:
    """Each head holds the hash of the one before, and begins where that ends."""
    previous, last = entries.NOTHING.hex(), 0
    if not lines:
        yield "it holds no heads"
    for number, line in enumerate(lines, 1):
        told = json.loads(line)
        try:
            form, own, _, _, first, end, _, _, before = told
        except (ValueError, TypeError):
            yield f"head {number} is none"
            return
        if not (isinstance(first, int) and isinstance(end, int)):
            yield f"head {number} is none"
            return
        if (form, own, before) != (heads.FORM, number, previous) or first != last + 1:
            yield f"head {number} does not follow the one before"
        previous, last = sha256(line.encode()).hexdigest(), end


def _prove_stamps(folder: Path, lines: list[str], broken: Set[str], read: Read) -> Iterator[str]:
    """Each stamp is of its head; whether its authority signed it needs the authority's key."""
    for number, line in enumerate(lines, 1):
        answer_file, line_file = layout.stamp_files(number)
        answer = None if answer_file in broken else read(folder / answer_file)
        if answer is None:
            continue
        try:
            timestamps.read_answer(answer, imprint=sha256(line.encode()).digest())
        except InputError as error:
            yield f"changed: {answer_file}: {error.what}"
        if line_file not in broken and read(folder / line_file) != line.encode():
            yield f"changed: {line_file}: it is not the line of head {number}"


def _prove_post(
    folder: Path,
    name: str,
    post: dict[str, Any],
    all_heads: dict[int, Any],
    broken: Set[str],
    read: Read,
) -> Iterator[str]:
    place = f"{name}/{layout.POST}"
    if place in broken:
        return
    try:
        told = json.loads(read(folder / place) or b"")
        if told["doc_id"] != post["doc_id"]:
            yield f"changed: {place}: it is another post's"
        proven = set()
        for entry in told["entries"]:
            yield from (f"changed: {place}: {what}" for what in _prove_entry(entry, all_heads))
            if entry["file"] is not None:
                proven.add(entry["file"])
                yield from _prove_version(folder, name, entry, broken, read)
        if not told["doubts"]:
            yield from _prove_rest(folder, name, post, proven, broken, read)
    except _MEANT:
        yield f"changed: {place}: it cannot be read"


def _prove_entry(entry: dict[str, Any], all_heads: dict[int, Any]) -> Iterator[str]:
    """The path of an entry leads to the root of its head."""
    line = entry["line"]
    form, seq, kind, _, made_at, _, _, _ = json.loads(line)
    if form != entries.FORM or (kind, made_at) != (entry["what"], entry["at"]):
        yield f"entry {seq} says something else than its line"
    (_, number, _, _, first, last, root, _, _), _ = all_heads[entry["head"]]
    path = [bytes.fromhex(step) for step in entry["path"]]
    top = merkle.root_by(entries.hash_of(line), seq - first, last - first + 1, path)
    if top is None or top.hex() != root:
        yield f"entry {seq} is not in head {number}"


def _prove_version(
    folder: Path, name: str, entry: dict[str, Any], broken: Set[str], read: Read
) -> Iterator[str]:
    """A version's file is what its entry recorded."""
    place = f"{name}/{layout.version_file(int(entry['file'].split('-')[1].split('.')[0]))}"
    if place in broken:
        return
    content = read(folder / place)
    recorded = json.loads(entry["line"])[6]
    if content is None or versions.digest(content).hex() != recorded:
        yield f"changed: {place}: it is not what entry {json.loads(entry['line'])[1]} recorded"


def _prove_rest(
    folder: Path,
    name: str,
    post: dict[str, Any],
    proven: Set[str],
    broken: Set[str],
    read: Read,
) -> Iterator[str]:
    """Every version is in the chain, and the document is the last of them."""
    for number in range(1, post["versions"] + 1):
        file = layout.version_file(number)
        if file in proven or _is_same_as_another(folder, name, number, proven, read):
            continue
        yield f"changed: {name}/{file}: no entry recorded it"
        if read(folder / name / file) is None:  # nor is any behind it there, however many are said
            break
    place, last = f"{name}/{layout.DOCUMENT}", f"{name}/{layout.version_file(post['versions'])}"
    if not {place, last} & broken:
        text = (read(folder / place) or b"").decode()
        if versions.canonical_of(text) != read(folder / last):
            yield f"changed: {place}: it is not its last version"


def _is_same_as_another(folder: Path, name: str, number: int, proven: Set[str], read: Read) -> bool:
    """An edit may bring back what was said before: both files then hold the same."""
    own = read(folder / name / layout.version_file(number))
    return any(read(folder / name / other) == own for other in proven)
