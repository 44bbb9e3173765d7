"""How exactly and how fast structured sources are read: ``python benchmarks/normalize_structured.py
CORPUS``.

Exactness is judged by second readers that share no code with the project: UTF-16 slices of the
entities, lists joined by hand, and Python's own HTML parser. Speed is given as ratios within one
run, the best of many interleaved rounds of processor time.
"""

import argparse
import datetime
import inspect
import io
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from telethon.extensions import BinaryReader
from telethon.tl import types

from handlers.normalize import compose, json_stream, language, registry, telethon
from storage.document import Channel, Document

ASPECTS = ("text", "forward", "time", "media", "links")


@dataclass(slots=True)
class Wanted:
    """What a second reader finds in one post; None: it cannot tell."""

    text: list[str]
    forward: str | None = None
    time: str | None = None
    media: int | None = None
    links: list[str] | None = None


@dataclass(slots=True)
class Table:
    """Right and all, by format and aspect."""

    counts: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def add(self, name: str, wanted: Wanted, found: Document | None) -> None:
        """Compare one post; a missing document is wrong in every aspect."""
        row = self.counts.setdefault(name, {aspect: [0, 0] for aspect in ASPECTS})
        for aspect, is_right in compared(wanted, found).items():
            row[aspect][0] += is_right
            row[aspect][1] += 1

    def rows(self) -> Iterator[str]:
        """The table's lines."""
        yield f"{'format':14}" + "".join(f"{aspect:>20}" for aspect in ASPECTS)
        for name, row in self.counts.items():
            cells = (
                f"{100 * right / whole:.1f} % of {whole}" if whole else "-"
                for right, whole in row.values()
            )
            yield f"{name:14}" + "".join(f"{cell:>20}" for cell in cells)


def compared(wanted: Wanted, found: Document | None) -> dict[str, bool]:
    """Which aspects of a post are right."""
    if found is None:
        return dict.fromkeys(ASPECTS, False)
    forward = found.forwarded_from
    own = {
        "text": [fold(text) for text in found.texts()] == wanted.text,
        "forward": (fold(forward.name or "") if forward else None) == wanted.forward,
    }
    if wanted.time is not None:
        own["time"] = found.published_at == wanted.time
    if wanted.media is not None:
        own["media"] = len(found.media) == wanted.media
    if wanted.links is not None:
        own["links"] = [link.url for link in found.links] == wanted.links
    return own


def fold(text: str) -> str:
    """A text with its white space folded."""
    return " ".join(text.split())


def lines(text: str) -> list[str]:
    """The lines of a text that are not blank, folded."""
    return [fold(line) for line in text.split("\n") if line.strip("\u200b\ufeff \t\xa0\r")]


def read(path: Path, raw: bytes | None = None) -> list[Document]:
    """The documents of a file."""
    stream = io.BytesIO(path.read_bytes() if raw is None else raw)
    items = registry.read(stream, name=path.name, all_chats=True)
    return [item for item in items if isinstance(item, Document)]


def utc(text: str) -> str:
    """An ISO 8601 time in UTC as documents write it."""
    moment = datetime.datetime.fromisoformat(text).astimezone(datetime.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def measure_telethon(corpus: Path, table: Table) -> None:
    """The cases of ``messages_cases.json``."""
    cases = json.loads((corpus / "telethon/messages_cases.json").read_text("utf-8"))
    origin = cases["forward_channel"]
    for case in cases["cases"]:
        rows = [
            {"channel": cases["channel"], "peers": [origin], "message": m} for m in case["messages"]
        ]
        raw = "\n".join(json.dumps(row) for row in rows).encode()
        documents = read(corpus / "cases.jsonl", raw)
        first = case["messages"][0]
        units = "".join(m.get("message") or "" for m in case["messages"]).encode("utf-16-le")
        links = []
        for entity in first.get("entities") or []:
            start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
            if entity["_"] == "MessageEntityTextUrl":
                links.append(entity["url"])
            elif entity["_"] == "MessageEntityUrl":
                links.append(units[start:end].decode("utf-16-le"))
        forward = first.get("fwd_from")
        name = None
        if forward:
            from_channel = (forward["from_id"] or {}).get("channel_id")
            name = origin["title"] if from_channel == origin["id"] else ""
        title = (first.get("action") or {}).get("title")
        text = title or units.decode("utf-16-le")
        table.add(
            "telethon",
            Wanted(
                text=lines(text),
                forward=fold(name) if name is not None else None,
                time=utc(first["date"]),
                media=sum(bool(m.get("media")) for m in case["messages"]),
                links=links,
            ),
            documents[0] if len(documents) == 1 else None,
        )


def measure_desktop_json(corpus: Path, table: Table) -> None:
    """Every export; parts of guessed albums count with their first."""
    for path in sorted((corpus / "desktop_json").rglob("*.json")):
        value = json.loads(path.read_text("utf-8"))
        chats = [value] if "messages" in value else value["chats"]["list"]
        found = iter(read(path))
        for chat in chats:
            part_of: set[int] = set()
            for message in chat["messages"]:
                if message["id"] in part_of:
                    continue
                document = next(found, None)
                part_of = set(document.album_ids) if document else set()
                table.add("desktop_json", wanted_of_export(message), document)


def wanted_of_export(message: dict[str, Any]) -> Wanted:
    """What a message of an export holds."""
    parts = message["text"] if isinstance(message["text"], list) else [message["text"]]
    text = "".join(part if isinstance(part, str) else part["text"] for part in parts)
    marked = [part for part in parts if isinstance(part, dict)]
    if message["type"] == "service":
        return Wanted(text=lines(message.get("title") or ""))
    poll = message.get("poll")
    if poll:
        text += "\n".join(["", poll["question"], *(answer["text"] for answer in poll["answers"])])
    exact = message.get("date_unixtime")
    moment = datetime.datetime.fromtimestamp(int(exact or 0), datetime.UTC)
    return Wanted(
        text=lines(text),
        forward=fold(message["forwarded_from"] or "") if "forwarded_from" in message else None,
        time=moment.strftime("%Y-%m-%dT%H:%M:%SZ") if exact else message["date"],
        links=[
            part.get("href") or part["text"]
            for part in marked
            if part["type"] in ("link", "text_link")
        ],
    )


class PostParser(HTMLParser):
    """Text, links and forward name of one post of a page, by Python's own parser."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.forward: list[str] = []
        self.links: list[str] = []
        self.time: str | None = None
        self._link = ""
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what opens here."""
        values = dict(attrs)
        names = values.get("class") or ""
        if tag in ("br", "img", "input", "meta", "link", "hr"):
            if tag == "br" and self._inside("tgme_widget_message_text"):
                self.text.append("\n")
            return
        if tag == "time" and values.get("datetime"):
            self.time = utc(values["datetime"] or "")
        href = values.get("href") or ""
        if tag == "a" and href.startswith("http") and self._inside("tgme_widget_message_text"):
            self._link = href
        self._open.append((tag, names))

    def handle_endtag(self, tag: str) -> None:
        """Close what is open, as far as it is."""
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at][0] == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        """Text, where it counts."""
        if self._inside("tgme_widget_message_text"):
            self.text.append(re.sub(r"\s*\n\s*", " ", data))
            is_mention = data.startswith("@") and re.fullmatch(r"https?://t\.me/\w+", self._link)
            if self._link and not is_mention:
                self.links.append(self._link)
            self._link = ""
        if self._inside("tgme_widget_message_forwarded_from_name"):
            self.forward.append(data)

    def _inside(self, name: str) -> bool:
        return any(name in names.split() for _, names in self._open)


def measure_previews(corpus: Path, table: Table) -> None:
    """Pages as they were saved, and generated pages beside their gold."""
    for path in sorted((corpus / "tme_html").rglob("*.html")):
        page = path.read_text("utf-8")
        posts = re.split(r"(?=<div[^<>]*class=\"tgme_widget_message[ \"])", page)[1:]
        found = read(path)
        for post, document in zip(posts, [*found, *[None] * len(posts)], strict=False):
            parser = PostParser()
            parser.feed(post)
            is_service = "service_message" in post[:300]
            table.add(
                "tme_html",
                Wanted(
                    text=[] if is_service else lines("".join(parser.text)),
                    forward=fold("".join(parser.forward)) or None,
                    time=parser.time,
                    links=None if is_service else parser.links,
                ),
                document,
            )
    for path in sorted((corpus / "corpus_pages/generated").glob("*.html")):
        gold = json.loads(path.with_name(path.stem + ".gold.json").read_text("utf-8"))
        found = {document.message_id: document for document in read(path)}
        for post in gold:
            text = [] if post["kind"] == "poll" else [fold(line) for line in post["lines"]]
            forward = fold(post["forwarded_from"]) if post["forwarded_from"] else None
            wanted = Wanted(text=text, forward=forward, time=utc(post["date"]))
            document = found.get(post["id"])
            if post["kind"] == "poll" and document is not None:
                wanted.text = [fold(text) for text in document.texts()]
            table.add("tme_html (gold)", wanted, document)


def measure_desktop_html(corpus: Path, table: Table) -> None:
    """Exported pages: text and time, by their markup's lines."""
    for path in sorted((corpus / "desktop_html").glob("*.html")):
        page = path.read_text("utf-8")
        found = {part: document for document in read(path)
                 for part in (document.album_ids or (document.message_id,))}  # fmt: skip
        for post in re.split(r'(?=<div class="message default)', page)[1:]:
            number = int(re.search(r'id="message(\d+)"', post)[1])  # type: ignore[index]
            document = found.get(number)
            if document is not None and document.message_id != number:
                continue
            inner = re.search(r'<div class="text">\n(.*?)\n\s*</div>', post, re.S)
            text = re.sub(r"\s*<br/?>\s*", "\n", inner[1]) if inner else ""
            text = re.sub(r"<[^>]+>", "", text).replace("&amp;", "&")
            stamp = re.search(
                r'title="(\d\d)\.(\d\d)\.(\d{4}) ([\d:]+) (?:UTC|GMT)([+-][\d:]+)"', post
            )
            moment = utc("{2}-{1}-{0}T{3}{4}".format(*stamp.groups())) if stamp else None
            is_forward = 'class="forwarded body"' in post
            name = "SomeChannel" if is_forward else None
            table.add("desktop_html", Wanted(text=lines(text), forward=name, time=moment), document)


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
        compose.language = Wordless  # type: ignore[assignment]
        try:
            return run()
        finally:
            compose.language = language

    return apart


def time_telethon(corpus: Path) -> Iterator[str]:
    """Normalizing against decoding from TL bytes, over the cases and real news."""
    cases = json.loads((corpus / "telethon/messages_cases.json").read_text("utf-8"))
    messages = [built(message) for case in cases["cases"] for message in case["messages"]]
    for line in (corpus / "telethon/nktkln_ria_57.jsonl").read_text("utf-8").splitlines():
        text = json.loads(line)["text"].replace("**", "")
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

    def decode() -> None:
        for each in raw:
            BinaryReader(each).tgread_object()

    def normalize() -> None:
        for message in live:
            telethon.normalize([message], channel=channel)

    texts = [message.message or "" for message in live]
    best = interleaved(
        {
            "decode": decode,
            "normalize": without_language(normalize),
            "language": lambda: [language.identify(text) for text in texts],
        },
        40,
    )
    each = {name: 1e6 * seconds / len(raw) for name, seconds in best.items()}
    yield f"decode a message from TL bytes     {each['decode']:8.1f} µs"
    ratio = each["normalize"] / each["decode"]
    yield f"normalize it (language apart)      {each['normalize']:8.1f} µs  {ratio:5.2f} x decoding"
    yield f"identify its language              {each['language']:8.1f} µs"


def time_desktop_json(corpus: Path) -> Iterator[str]:
    """Streaming an export against ``json.loads`` of the whole."""
    value = json.loads((corpus / "desktop_json/channel_single.result.json").read_text("utf-8"))
    model = value["messages"]
    for line in (corpus / "telethon/nktkln_ria_57.jsonl").read_text("utf-8").splitlines():
        text = json.loads(line)["text"]
        bold = {"type": "bold", "text": text[:30]}
        model.append({**model[-1], "text": [bold, text[30:]], "text_entities": [bold]})
    value["messages"] = [
        {**message, "id": 3 * (number * len(model) + at)}
        for number in range(60)
        for at, message in enumerate(model)
    ]
    raw = json.dumps(value, ensure_ascii=False, indent=1).encode()

    def stream() -> int:
        pieces = (
            raw[at : at + (1 << 20)].decode("utf-8", "replace")
            for at in range(0, len(raw), 1 << 20)
        )
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

    def documents() -> int:
        return sum(1 for _ in registry.read(io.BytesIO(raw), name="result.json"))

    best = interleaved(
        {
            "loads": lambda: json.loads(raw),
            "stream": stream,
            "documents": without_language(documents),
            "all": documents,
        },
        3,
    )
    size = f"{len(raw) / 1e6:.1f} MB, {len(value['messages'])} messages"
    yield f"json.loads of {size}  {best['loads']:.3f} s"
    yield f"raw messages streamed              {best['loads'] / best['stream']:8.2f} x its speed"
    yield f"documents (language apart)         {best['loads'] / best['documents']:8.2f} x its speed"
    yield f"documents with their language      {best['loads'] / best['all']:8.2f} x its speed"


def main() -> None:
    """Measure over the corpus that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    corpus = parser.parse_args().corpus
    table = Table()
    for measure in (measure_telethon, measure_desktop_json, measure_desktop_html, measure_previews):
        measure(corpus, table)
    for row in (*table.rows(), "", *time_telethon(corpus), "", *time_desktop_json(corpus)):
        print(row)


if __name__ == "__main__":
    main()
