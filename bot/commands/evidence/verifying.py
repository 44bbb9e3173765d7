"""``dateline evidence verify FOLDER``: offline, with nothing but the folder.

What is found is a line each, ``changed: NAME``, ``missing: NAME``, ``added: NAME``, with what is
wrong about it where that is more than its hash.
"""

import contextlib
import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from bot.commands.evidence import ed25519, layout, proving
from bot.process import terminal
from storage.errors import UsageError

LARGEST = 64 << 20
"""Bytes of a file that is read as a whole; none that we write is larger."""
_CHUNK = 1 << 20
_UNLISTED = frozenset({layout.SUMS, layout.SIGNATURE})


def run(folder: Path, *, key: str | None) -> int:
    """Print what differs; gives 1 where anything does. ``key``: who must have signed it, by a file
    or a fingerprint."""
    if not folder.is_dir():
        raise UsageError("is no folder", where=str(folder), hint="name a folder of evidence")
    wanted = None if key is None else _wanted(key)
    found = list(verify(folder, wanted))
    for line in found:
        sys.stdout.write(f"{terminal.one_line(line)}\n")
    where = terminal.one_line(str(folder))
    if found:
        things = "1 thing is" if len(found) == 1 else f"{len(found)} things are"
        terminal.complain(f"{where}: {things} not as signed")
        return 1
    terminal.say(f"dateline: {where} is as it was signed; {_told(folder)}")
    return 0


def _wanted(key: str) -> str:
    """The fingerprint that is meant, without spaces."""
    path = Path(key)
    with contextlib.suppress(OSError):
        if path.is_file():
            public = ed25519.read_public(path.read_text("ascii", "replace"))
            if public is None:
                raise UsageError("is no public key of Ed25519", where=key)
            return layout.fingerprint(public).replace(" ", "")
    digits = "".join(key.split()).lower()
    if len(digits) != 40 or not set(digits) <= set("0123456789abcdef"):
        raise UsageError("is neither a key nor a fingerprint", where="--key", hint="see key.pem")
    return digits


def _told(folder: Path) -> str:
    """What a folder that is sound says of itself."""
    manifest = json.loads((folder / layout.MANIFEST).read_text("utf-8"))
    key = bytes.fromhex(manifest["key"])
    posts = len(manifest["posts"])
    told = f"{posts} post{'' if posts == 1 else 's'}, key {layout.fingerprint(key)}"
    redacted = sum(one["redacted"] for one in manifest["posts"])
    if redacted:
        told += f"; redacted: {redacted}"
    if (restored := _restored_at(folder)) is not None:
        told += f"; the database is a backup that was put back, found at {restored}"
    if manifest["doubts"]:
        told += (
            f"; when it was made, {len(manifest['doubts'])} things were in doubt: see manifest.json"
        )
    return told


def _restored_at(folder: Path) -> str | None:
    """When the database was last found to be an older copy, as the last head says."""
    lines = (folder / layout.HEADS).read_text("utf-8").splitlines()
    found: str | None = json.loads(lines[-1])[3]
    return found


def verify(folder: Path, wanted: str | None = None) -> Iterator[str]:
    """What differs from what was signed, a line each."""
    sums = _read(folder / layout.SUMS)
    listed = None if sums is None else layout.read_sums(sums.decode("utf-8", "replace"))
    if sums is None:
        yield f"missing: {layout.SUMS}"
    elif listed is None:
        yield f"changed: {layout.SUMS}: it is no list of hashes"
    broken: set[str] = set()
    for line, name in _compare(folder, listed or {}, known=listed is not None):
        broken.add(name)
        yield line
    if sums is not None:
        yield from _signature(folder, sums, wanted)
    yield from proving.prove(folder, broken, _read)


def _compare(folder: Path, listed: dict[str, str], *, known: bool) -> Iterator[tuple[str, str]]:
    """The files that are not as listed: what to say, and their names."""
    there = _files(folder)
    for name, digest in listed.items():
        if name not in there:
            yield f"missing: {name}", name
        elif not there[name]:
            yield f"changed: {name}: it is no plain file", name
        elif _hash(folder / name) != digest:
            yield f"changed: {name}", name
    for name in sorted(there.keys() - listed.keys() - _UNLISTED) if known else ():
        yield f"added: {name}", name


def _files(folder: Path) -> dict[str, bool]:
    """All that is in a folder but folders, and whether it is a plain file."""
    found: dict[str, bool] = {}
    for path in folder.rglob("*"):
        is_link = path.is_symlink()
        if is_link or not path.is_dir():
            name = path.relative_to(folder).as_posix()
            found[name] = path.is_file() and not is_link
    return found


def _hash(path: Path) -> str | None:
    digest = sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                digest.update(piece)
    except OSError:
        return None
    return digest.hexdigest()


def _read(path: Path) -> bytes | None:
    """The bytes of a plain file; None where there is none, or one that we never wrote."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST:
            return None
        return path.read_bytes()
    except OSError:
        return None


def _signature(folder: Path, sums: bytes, wanted: str | None) -> Iterator[str]:
    signature = _read(folder / layout.SIGNATURE)
    if signature is None:
        yield f"missing: {layout.SIGNATURE}"
        return
    key = ed25519.read_public((_read(folder / layout.KEY) or b"").decode("ascii", "replace"))
    signed_by = next(
        (
            one
            for one in (key, _manifest_key(folder))
            if one and ed25519.is_signed(one, sums, signature)
        ),
        None,
    )
    if signed_by is None:
        yield f"changed: {layout.SUMS}, {layout.SIGNATURE} or {layout.KEY}: not what was signed"
    elif wanted is not None and layout.fingerprint(signed_by).replace(" ", "") != wanted:
        yield f"changed: {layout.KEY}: another key signed, {layout.fingerprint(signed_by)}"


def _manifest_key(folder: Path) -> bytes | None:
    """The key as the manifest has it: where key.pem was changed, the rest is still judged."""
    try:
        return bytes.fromhex(json.loads(_read(folder / layout.MANIFEST) or b"")["key"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
