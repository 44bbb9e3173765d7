"""Telethon messages in files: JSON Lines of ``Message.to_json()`` and its relatives.

A line is a message; or ``{"channel": {"id", "username", "title"}, "message": {…}}``, with
``"peers"`` (a list of such channels) for the names of origins; or a flat record of the two dumps
that are common in research: ``{"message_id", "sender_id", "text", …}``, and TGDataset's
``{"channel_id", "message", "is_forwarded", …}``, both of which hold Markdown.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import partial

from msgspec import Struct

from handlers.normalize.parsing import addresses, json_stream, markdown, times
from handlers.normalize.parsing.fields import Record, clean, kind, whole, words
from handlers.normalize.parsing.json_stream import BrokenError, Scanner
from handlers.normalize.post import compose
from handlers.normalize.post.problems import Problem
from handlers.normalize.post.reading import Items, Reading
from handlers.normalize.telethon import message as telethon
from handlers.normalize.telethon.forwards import Peers
from storage.channels import chat_ids
from storage.document import Channel, Document, Forward, Source
from storage.structs import replace

# Lists may be indented: there only what begins as a record does stands for the next one.
_NEXT_LINE = re.compile(
    r"\n(?=[{\[])|\n[ \t]{1,16}(?=\{\s*\"(?:message_id|channel|_\"\s*:\s*\"Message(?:Service)?)\")"
)
_MESSAGES = ("Message", "MessageService", "MessageEmpty")
_FIRST_CHANNEL_ID = 1_000_000_000


class _Posted(Struct, frozen=True):
    """A message with what its line says about where it was posted."""

    value: dict[str, object]
    channel: Channel
    peers: Peers
    line: int

    @property
    def message(self) -> Record:
        """The message with its members as attributes."""
        return Record(self.value)

    def owner(self) -> tuple[int | None, str | None]:
        channel_id = self.channel.id or whole(getattr(self.message, "peer_id", None), "channel_id")
        return channel_id, self.channel.username


def read(scanner: Scanner, reading: Reading) -> Items:
    """The documents of a stream of messages; an album's parts stand in a row."""
    waiting: list[_Posted] = []
    for item in _records(scanner, reading):
        if not isinstance(item, _Posted):
            yield from _documents(waiting, reading)
            waiting = []
            yield item
        elif waiting and _is_same_album(waiting, item):
            waiting.append(item)
        else:
            yield from _documents(waiting, reading)
            waiting = [item]
    yield from _documents(waiting, reading)


def _is_same_album(waiting: list[_Posted], item: _Posted) -> bool:
    parts = [each.message for each in waiting]
    return item.owner() == waiting[0].owner() and telethon.is_same_album(parts, item.message)


def _records(scanner: Scanner, reading: Reading) -> Iterator[_Posted | Document | Problem]:
    """Messages, documents of flat records, and problems, in the order of the file."""
    values = json_stream.iterate_values(scanner)
    while True:
        try:
            value = next(values, None)
        except BrokenError as error:
            is_more = scanner.skip_to(_NEXT_LINE)
            hint = "the line was left out"
            yield reading.problem(f"line {error.line}", error.what, hint, raw=scanner.skipped)
            if not is_more:
                return
            values = json_stream.iterate_values(scanner)
            continue
        if value is None:
            return
        yield from _understood(value, scanner.line, reading)


def _understood(
    value: object, line: int, reading: Reading
) -> Iterator[_Posted | Document | Problem]:
    if not isinstance(value, dict):
        what, hint = "this is no message", "give one object a line"
        yield reading.problem(f"line {line}", what, hint, raw=json.dumps([value]))
        return
    flat = reading.attempt(
        partial(_flat, value, reading), f"line {line}", partial(json.dumps, value)
    )
    if flat is not None:
        yield flat
        return
    channel, peers = _channel(value.get("channel"), reading), _peers(value.get("peers"))
    found = list(_messages_in(value, 4))
    for message in found:
        # One that is deleted leaves an empty one in its place.
        if message.get("_") != "MessageEmpty":
            yield _Posted(message, channel, peers, line)
    if not found:
        what, hint = "this is no message", "give Message.to_json()"
        yield reading.problem(f"line {line}", what, hint, raw=json.dumps([value]))


def _messages_in(value: object, depth: int) -> Iterator[dict[str, object]]:
    """The messages in a value: itself, its ``message`` or ``messages``, or further inside."""
    if isinstance(value, dict):
        if value.get("_") in _MESSAGES or ("id" in value and ("peer_id" in value)):
            yield value
            return
        inner: Iterable[object] = [value["message"]] if "message" in value else value.values()
    else:
        inner = value if isinstance(value, list) else ()
    if depth:
        for item in inner:
            yield from _messages_in(item, depth - 1)


def _documents(posted: list[_Posted], reading: Reading) -> Items:
    if not posted:
        return
    first = posted[0]
    yield reading.attempt(
        partial(
            telethon.normalize,
            [each.message for each in posted],
            channel=first.channel,
            peers=first.peers,
            source=Source(type="telethon", file=reading.file),
        ),
        f"line {first.line}",
        partial(_lines, posted),
        message_id=whole(first.message, "id"),
    )


def _lines(posted: list[_Posted]) -> str:
    return "\n".join(line_of(each.value, channel=each.channel, peers=each.peers) for each in posted)


def line_of(message: object, *, channel: Channel, peers: Peers) -> str:
    """A message's JSON with where it was posted, as this reader takes it."""
    named = [
        {
            "_": "User" if marked > 0 else "Peer",
            "id": marked,
            "username": peer.username,
            "title": peer.title,
        }
        for marked, peer in peers.items()
    ]
    where = {"id": channel.id, "username": channel.username, "title": channel.title}
    return json.dumps({"channel": where, "peers": named, "message": message})


def _channel(value: object, reading: Reading) -> Channel:
    record = Record(value) if isinstance(value, dict) else None
    said = Channel(
        id=_bare(whole(record, "id")),
        username=(words(record, "username") or "").removeprefix("@") or None,
        title=words(record, "title"),
    )
    return addresses.joined(said, reading.channel)


def _peers(value: object) -> Peers:
    peers: dict[int, Channel] = {}
    for entry in value if isinstance(value, list) else ():
        record = Record(entry) if isinstance(entry, dict) else None
        number = whole(record, "id")
        if number is not None:
            is_marked = number < 0 or kind(record) == "User"
            marked = number if is_marked else chat_ids.of_channel(number)
            peers[marked] = Channel(
                id=abs(number), username=words(record, "username"), title=words(record, "title")
            )
    return peers


def _bare(number: int | None) -> int | None:
    """A channel's id without Telethon's ``-100`` mark."""
    if number is None or number > 0:
        return number
    return chat_ids.channel_of(number)


def _flat(value: dict[str, object], reading: Reading) -> Document | None:
    """The document of a flat record, None when the value is something else."""
    record = Record(value)
    message_id = whole(record, "message_id")
    if isinstance(value.get("text"), str) and message_id is not None:
        channel = Channel(id=_bare(whole(record, "sender_id")), title=words(record, "channel"))
        return _flat_document(record, "text", message_id, channel, reading)
    if isinstance(value.get("message"), str) and whole(record, "channel_id") is not None:
        channel = Channel(
            id=whole(record, "channel_id"),
            username=words(record, "channel"),
            title=words(record, "title"),
        )
        number = whole(record, "id")
        if number is None:
            return None
        document = _flat_document(record, "message", number, channel, reading)
        return document and replace(document, forwarded_from=_flat_forward(record))
    return None


def _flat_document(
    record: Record, name: str, message_id: int, channel: Channel, reading: Reading
) -> Document | None:
    where = addresses.joined(channel, reading.channel)
    identity = addresses.doc_id(where, message_id)
    if identity is None:
        return None
    text, spans = markdown.read(clean(getattr(record, name)))
    taken = compose.split_post(text, spans)
    moment = times.read(getattr(record, "date", None))
    return compose.finish(
        Document(
            kind="post",
            doc_id=identity,
            source=Source(type="telethon", file=reading.file),
            channel=where,
            message_id=message_id,
            url=addresses.link(where, message_id),
            published_at=moment.text if moment else None,
            published_precision="second" if moment else "none",
            published_basis="api" if moment else "none",
            flags=("zone_unknown",) if moment and not moment.zone_known else (),
            author_signature=words(record, "author"),
            views=whole(record, "views"),
            title=taken.title,
            body=taken.body,
            links=taken.links,
            content_hash="",
        )
    )


def _flat_forward(record: Record) -> Forward | None:
    """TGDataset names the origin by a bare number: small ones can only be users."""
    if getattr(record, "is_forwarded", None) is not True:
        return None
    number = whole(record, "forwarded_from_id")
    date = times.text(getattr(record, "forwarded_message_date", None))
    if number is not None and number < _FIRST_CHANNEL_ID:
        return Forward(user_id=number, kind="user", date=date)
    return Forward(channel_id=number, date=date)
