"""Second readers of the structured formats, to judge the project's own by.

They share no code with it: UTF-16 slices of the entities, lists joined by hand, Python's own HTML
parser, and markup counted by the names of its elements.
"""

import datetime
import html
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from handlers.normalize import registry
from storage.document import Document

ASPECTS = ("text", "forward", "time", "media", "links")
_ATTACHED = (
    *("photo", "file", "media_type", "poll", "location_information", "place_name"),
    *("contact_information", "game_title", "invoice_information"),
)
_WRAPS = (
    *("tgme_widget_message_photo_wrap", "tgme_widget_message_video_player"),
    *("tgme_widget_message_roundvideo_player", "tgme_widget_message_document_wrap"),
    *("tgme_widget_message_voice_player", "tgme_widget_message_sticker_wrap"),
    *("tgme_widget_message_poll", "tgme_widget_message_location_wrap"),
    *("tgme_widget_message_link_preview", "tgme_widget_message_contact_wrap"),
)


@dataclass(slots=True)
class Wanted:
    """What a second reader finds in one post; None: it cannot tell."""

    text: list[str]
    forward: str | None = None
    time: str | None = None
    media: int | None = None
    links: list[str] | None = None


Found = Iterator[tuple[str, Wanted, Document | None]]
"""For each post: its format, what is wanted, what was read."""


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


def list_telethon(corpus: Path) -> Found:
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
        wanted = Wanted(
            text=lines(text),
            forward=fold(name) if name is not None else None,
            time=utc(first["date"]),
            media=sum(bool(m.get("media")) for m in case["messages"]),
            links=links,
        )
        yield "telethon", wanted, documents[0] if len(documents) == 1 else None


def list_desktop_json(corpus: Path) -> Found:
    """Every export; the parts of a guessed album count with their first."""
    for path in sorted((corpus / "desktop_json").rglob("*.json")):
        value = json.loads(path.read_text("utf-8"))
        chats = [value] if "messages" in value else value["chats"]["list"]
        found = iter(read(path))
        for chat in chats:
            known = {message["id"]: message for message in chat["messages"]}
            part_of: set[int] = set()
            for message in chat["messages"]:
                if message["id"] in part_of:
                    continue
                document = next(found, None)
                part_of = set(document.album_ids) if document else set()
                wanted = wanted_of_export(message)
                parts = [known[number] for number in part_of] or [message]
                wanted.media = sum(map(has_medium, parts))
                yield "desktop_json", wanted, document


def has_medium(message: dict[str, Any]) -> bool:
    """Whether an exported message names something attached; a service message has nothing."""
    return message["type"] != "service" and any(message.get(name) for name in _ATTACHED)


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
    buttons = [button for row in message.get("inline_bot_buttons", []) for button in row]
    return Wanted(
        text=lines(text),
        forward=fold(message["forwarded_from"] or "") if "forwarded_from" in message else None,
        time=moment.strftime("%Y-%m-%dT%H:%M:%SZ") if exact else message["date"],
        links=[
            part.get("href") or part["text"]
            for part in marked
            if part["type"] in ("link", "text_link")
        ]
        + [button["data"] for button in buttons if button["type"] in ("url", "auth")],
    )


class PostParser(HTMLParser):
    """Text, links and forward name of one post of a page, by Python's own parser."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.forward: list[str] = []
        self.links: list[str] = []
        self.poll: list[str] = []
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
        if self._inside(
            "tgme_widget_message_poll_question", "tgme_widget_message_poll_option_text"
        ):
            self.poll += lines(data)

    def _inside(self, *wanted: str) -> bool:
        return any(name in names.split() for _, names in self._open for name in wanted)


def list_previews(corpus: Path) -> Found:
    """Pages as they were saved, and generated pages beside their gold."""
    for path in sorted((corpus / "tme_html").rglob("*.html")):
        page = path.read_text("utf-8")
        posts = re.split(r"(?=<div[^<>]*class=\"tgme_widget_message[ \"])", page)[1:]
        found = read(path)
        for post, document in zip(posts, [*found, *[None] * len(posts)], strict=False):
            parser = PostParser()
            parser.feed(post)
            wanted = Wanted(text=[], forward=fold("".join(parser.forward)) or None)
            wanted.time = parser.time
            if "service_message" not in post[:300]:
                wanted.text = [*lines("".join(parser.text)), *parser.poll]
                wanted.links = parser.links
                wanted.media = count_media(post)
            yield "tme_html", wanted, document
    for path in sorted((corpus / "corpus_pages/generated").glob("*.html")):
        gold = json.loads(path.with_name(path.stem + ".gold.json").read_text("utf-8"))
        known = {document.message_id: document for document in read(path)}
        for post in gold:
            text = [fold(line) for line in post["lines"]]
            forward = fold(post["forwarded_from"]) if post["forwarded_from"] else None
            wanted = Wanted(text=text, forward=forward, time=utc(post["date"]))
            wanted.media = int(post["kind"] in ("big", "preview"))
            yield "tme_html (gold)", wanted, known.get(post["id"])


def count_media(post: str) -> int:
    """How many things a post of a page has attached, by the names of its elements."""
    names = [name for found in re.findall(r'class="([^"]*)"', post) for name in found.split()]
    return sum(name in _WRAPS for name in names)


def list_desktop_html(corpus: Path) -> Found:
    """Exported pages, by their markup's lines."""
    for path in sorted((corpus / "desktop_html").glob("*.html")):
        page = path.read_text("utf-8")
        found = read(path)
        known = {part: each for each in found for part in (each.album_ids or (each.message_id,))}
        posts = {
            int(number): post
            for post in re.split(r'(?=<div class="message default)', page)[1:]
            for number in re.findall(r'^[^>]*id="message(\d+)"', post)
        }
        for number, post in posts.items():
            document = known.get(number)
            if document is not None and document.message_id != number:
                continue
            parts = document.album_ids if document is not None else ()
            wanted = wanted_of_page(post)
            wanted.media = sum(posts[part].count("media_wrap") for part in parts or (number,))
            yield "desktop_html", wanted, document


def wanted_of_page(post: str) -> Wanted:
    """What a message of an exported page holds."""
    inner = re.search(r'<div class="text">\n(.*?)\n\s*</div>', post, re.S)
    text = re.sub(r"\s*<br/?>\s*", "\n", inner[1]) if inner else ""
    links = re.findall(r'<a href="([^"]+)"(?! onclick)', text)
    text = re.sub(r"<[^>]+>", "", text)
    stamp = re.search(r'title="(\d\d)\.(\d\d)\.(\d{4}) ([\d:]+) (?:UTC|GMT)([+-][\d:]+)"', post)
    return Wanted(
        text=lines(html.unescape(text)),
        forward="SomeChannel" if 'class="forwarded body"' in post else None,
        time=utc("{2}-{1}-{0}T{3}{4}".format(*stamp.groups())) if stamp else None,
        links=[html.unescape(link) for link in links if not link.startswith(("mailto", "tel"))],
    )


def list_wanted(corpus: Path) -> Found:
    """Every post of every structured format, as it is wanted and as it was read."""
    for found in (list_telethon, list_desktop_json, list_desktop_html, list_previews):
        yield from found(corpus)
