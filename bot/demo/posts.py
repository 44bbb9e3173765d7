"""What the demo's channel posts: sample posts of our own, or the documents of files."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from bot.commands.reading import source_files
from handlers.normalize.post import compose
from handlers.render.text.messages import Message, split
from handlers.render.text.rich import RichText
from storage.document import Document, Source
from storage.errors import UsageError
from storage.query.matching.matcher import Matcher
from storage.query.reading.syntax import Query

FALLBACK_QUERY = "news"
_WORD = re.compile(r"[^\W\d_]{5,}")


class Sample(Struct, frozen=True, kw_only=True):
    """One document to post: its text, as the messages it takes; ``origin`` if it is forwarded."""

    parts: tuple[str, ...]
    origin: str | None = None

    @property
    def text(self) -> str:
        """The whole text."""
        return "\n".join(self.parts)


def read_samples(path: Path) -> list[Sample]:
    """The documents of a file or a folder, in order. Raises UsageError if there are none."""
    if not path.exists():
        raise UsageError("there is no such file or folder", where=str(path), hint="check --posts")
    tally = source_files.Tally()
    samples = [
        sample
        for document in source_files.read([path], tally)
        if (sample := sample_of(document)) is not None
    ]
    if not samples:
        raise UsageError("holds no posts with text", where=str(path), hint="check --posts")
    return samples


def sample_of(document: Document) -> Sample | None:
    """A document as something to post; None where it has no text."""
    text = _text(document)
    if not text.strip():
        return None
    parts = tuple(part.text.text for part in split(Message(RichText(text))))
    forward = document.forwarded_from
    return Sample(parts=parts, origin=(forward.name or forward.username) if forward else None)


def _text(document: Document) -> str:
    """The words in reading order; header, forward line and placeholders become real ones."""
    lines = [text for text in (document.title, document.deck) if text]
    paragraph = "\n\n" if document.kind == "article" else "\n"
    first = document.dateline.raw + " " if document.dateline and document.kind == "article" else ""
    for block in document.body:
        lines.append(first + block.text)
        first = ""
    return paragraph.join(lines)


def matches(query: Query, text: str) -> bool:
    """Whether a post of this text answers the query."""
    post = compose.split_post(text)
    document = compose.finish(
        Document(
            kind="post",
            doc_id="demo",
            source=Source(type="telethon"),
            title=post.title,
            body=post.body,
            content_hash="",
        )
    )
    matcher = Matcher()
    matcher.add(1, query)
    return bool(matcher.match(document))


def frequent_word(samples: Iterable[Sample]) -> str:
    """The most frequent word of five letters or more; the first of them among equals."""
    words = Counter(word for sample in samples for word in _WORD.findall(sample.text.lower()))
    return max(words, key=lambda word: words[word]) if words else FALLBACK_QUERY


def builtin_samples() -> list[Sample]:
    """The invented posts that the demo shows when it is given none."""
    return [Sample(parts=(text,), origin=origin) for text, origin in _BUILTIN]


_HARBOUR = "Port of Lisvik ⚓"
_BUILTIN: Sequence[tuple[str, str | None]] = (
    (
        "🛳 The #Lisvik ferry returns to its winter timetable on November 3\n"
        "💬 Harbour master Ida Brandt: We keep the morning crossing, and we add a late one on "
        "Fridays. Those who work on the islands asked for it.\n"
        "• First crossing at 05:40\n"
        "• Last crossing at 23:15, Fridays only\n"
        "Read in full",
        _HARBOUR,
    ),
    (
        "📍 Tarnograd, November 1\n"
        "🎙 Ответы директора обсерватории Павла Лугового на вопросы журналистов\n"
        "Вопрос: Когда откроют новый купол?\n"
        "💬 Павел Луговой: Купол готов, зеркало едет. Первый снимок покажем до конца года, "
        "и мы рады, что его увидят школьники.\n"
        "#Обсерватория #Тарноград",
        "Обсерватория Тарнограда",
    ),
    (
        "LISVIK, November 1. /NORDWIRE/. The town council voted to keep the ferry free for "
        "pupils, Mayor Jon Aker told reporters.\n"
        "The harbour will pay for it out of its berth fees, he said. A ferry that nobody can "
        "afford is no bridge, the mayor added.",
        None,
    ),
    (
        "🌨 Снегопад задержал утренние поезда на линии Тарноград — Веснянка\n"
        "▪️ Дорогу расчистили к полудню\n"
        "▪️ Билеты примут и завтра\n"
        "#Погода",
        None,
    ),
    (
        "🤝 Lisvik and Tarnograd signed an agreement on a joint school of navigation\n"
        "The first class starts in spring: twenty pupils, two languages, one old ferry as their "
        "classroom.\n"
        "#Lisvik #Tarnograd",
        _HARBOUR,
    ),
    (
        "⚡️ Паром «Северянка» прошёл зимние испытания\n"
        "Капитан Вера Сомова: лёд до сорока сантиметров ему не помеха.\n"
        "Читать полностью",
        None,
    ),
    (
        "📚 The harbour library opens its map room to visitors\n"
        "The oldest chart, of 1674, shows an island that no ferry has ever found.\n"
        "Read in full",
        None,
    ),
)
