"""How fast messages are normalized, as ratios within one run, and what a language costs.

Processor time, the best of many rounds that are taken in turn.
"""

import datetime
import functools
import inspect
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from telethon.extensions import BinaryReader
from telethon.tl import types

from handlers.normalize import registry
from handlers.normalize.parsing import json_stream
from handlers.normalize.post import compose, language
from handlers.normalize.telethon import message as telethon
from storage.document import Channel

Row = tuple[str, str, str]
"""What is measured, the figure, and what is asked for."""


def built(value: Any) -> Any:
    """A Telethon object of its JSON."""
    if isinstance(value, list):
        return [built(item) for item in value]
    if not isinstance(value, dict):
        return value
    cls = getattr(types, value["_"])
    known = inspect.signature(cls.__init__).parameters
    members = {name: built(item) for name, item in value.items() if name in known}
    for name in ("date", "edit_date"):
        if isinstance(members.get(name), str):
            members[name] = datetime.datetime.fromisoformat(members[name])
    if "file_reference" in members:
        members["file_reference"] = b""
    return cls(**members)


def interleaved(work: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The least processor time of each piece of work, the rounds taken in turn."""
    best = dict.fromkeys(work, float("inf"))
    for _ in range(rounds):
        for name, run in work.items():
            start = time.process_time()
            run()
            best[name] = min(best[name], time.process_time() - start)
    return best


class Wordless:
    """Stands in for ``language`` where its cost is kept apart."""

    @staticmethod
    def identify(text: str) -> None:
        """No language."""


def without_language(run: Callable[[], object]) -> Callable[[], object]:
    """The same work with no language asked for."""

    def apart() -> object:
        vars(compose)["language"] = Wordless
        try:
            return run()
        finally:
            vars(compose)["language"] = language

    return apart


def time_telethon(corpus: Path) -> Iterator[Row]:
    """Normalizing against decoding from TL bytes, over the cases and real news."""
    cases = json.loads((corpus / "telethon/messages_cases.json").read_text("utf-8"))
    messages = [built(message) for case in cases["cases"] for message in case["messages"]]
    for text in news(corpus):
        messages.append(
            types.Message(
                id=9000 + len(messages),
                peer_id=types.PeerChannel(1700000001),
                date=messages[0].date,
                message=text,
                entities=[types.MessageEntityBold(offset=0, length=min(20, len(text)))],
                views=310,
                forwards=4,
                post=True,
            )
        )
    raw = [bytes(message) for message in messages]
    live = [BinaryReader(each).tgread_object() for each in raw]
    channel = Channel(**cases["channel"])
    texts = [message.message or "" for message in live]
    work: dict[str, Callable[[], object]] = {
        "decode": lambda: [BinaryReader(each).tgread_object() for each in raw],
        "normalize": without_language(
            lambda: [telethon.normalize([message], channel=channel) for message in live]
        ),
        "language": lambda: [language.identify(text) for text in texts],
    }
    best = {name: 1e6 * took / len(raw) for name, took in interleaved(work, 40).items()}
    yield "decoding a message from TL bytes", f"{best['decode']:.1f} µs", ""
    ratio = best["normalize"] / best["decode"]
    shown = f"{best['normalize']:.1f} µs = {ratio:.2f} × decoding"
    yield "normalizing it (language apart)", shown, "≤ 4 ×"
    yield "identifying its language", f"{best['language']:.1f} µs", ""


def news(corpus: Path) -> list[str]:
    """Texts of real posts."""
    rows = (corpus / "telethon/nktkln_ria_57.jsonl").read_text("utf-8").splitlines()
    return [json.loads(row)["text"].replace("**", "") for row in rows]


def make_export(corpus: Path, messages: int, *, short: bool = False) -> bytes:
    """The corpus's own channel, over and over; ``short``: real news of a few lines instead.

    As Desktop writes them today: each text twice, in ``text`` and in ``text_entities``.
    """
    value = json.loads((corpus / "desktop_json/channel_single.result.json").read_text("utf-8"))
    model = list(value["messages"])
    if short:
        last = model[-1]
        pieces = ((text[:30], text[30:]) for text in news(corpus))
        parts = [({"type": "bold", "text": first}, rest) for first, rest in pieces]
        model = [
            {**last, "text": [bold, rest], "text_entities": [bold, {"type": "plain", "text": rest}]}
            for bold, rest in parts
        ]
    value["messages"] = [
        {**model[number % len(model)], "id": 3 * number} for number in range(messages)
    ]
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def stream(raw: bytes) -> int:
    """The raw messages of an export, one after the other."""
    size = 1 << 20
    pieces = (raw[at : at + size].decode("utf-8", "replace") for at in range(0, len(raw), size))
    scanner = json_stream.Scanner(pieces)
    scanner.enter("{")
    count = 0
    while not scanner.leave("}"):
        if scanner.key() != "messages":
            scanner.value()
            continue
        scanner.enter("[")
        while not scanner.leave("]"):
            scanner.value()
            count += 1
    return count


def time_desktop_json(corpus: Path) -> Iterator[Row]:
    """Streaming exports against ``json.loads`` of the whole: long posts, and short ones."""
    for name, short in (("a channel's posts", False), ("short news", True)):
        raw = make_export(corpus, 1200, short=short)

        def documents(raw: bytes = raw) -> int:
            return sum(1 for _ in registry.read(io.BytesIO(raw), name="result.json"))

        work: dict[str, Callable[[], object]] = {
            "loads": functools.partial(json.loads, raw),
            "stream": functools.partial(stream, raw),
            "documents": without_language(documents),
            "all": documents,
        }
        best = interleaved(work, 15)
        times = 1e6 * best["loads"] / 1200
        yield f"json.loads of a result.json, {name}", f"{times:.1f} µs a message", ""
        for key, what, asked in (
            ("stream", "raw messages streamed from it", "≥ 0.5 ×"),
            ("documents", "documents out of it (language apart)", "≥ 0.15 ×"),
            ("all", "documents with their language", ""),
        ):
            yield what, f"{best['loads'] / best[key]:.2f} × its speed", asked


_PEAK = """
import re, sys
from pathlib import Path
from handlers.normalize import registry
from handlers.normalize.post import language

def highest():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])

before = highest()
if sys.argv[1] == "language":
    language.identify("Dette er en helt vanlig setning om vaeret i byen ved havet")
else:
    with open(sys.argv[1], "rb") as stream:
        sum(1 for _ in registry.read(stream, name="result.json"))
print(highest() - before)
"""


def peak(argument: str) -> float:
    """Megabytes that a fresh process takes more for a language, or for a file (Linux)."""
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, argument], cwd=root, capture_output=True, check=True
    )
    return int(done.stdout) / 1024


def weigh(corpus: Path, megabytes: int) -> Iterator[Row]:
    """The memory of the language identifier, and of a large export."""
    yield "memory of the language identifier", f"{peak('language'):.0f} MB", ""
    for share in (20, 1):
        raw = make_export(corpus, 470 * megabytes // share)
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            file.write(raw)
            file.flush()
            size = f"{len(raw) / 1e6:.0f} MB"
            yield f"memory for a result.json of {size}", f"{peak(file.name):.0f} MB", ""
