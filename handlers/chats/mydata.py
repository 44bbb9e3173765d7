"""``/mydata``: everything stored about a chat, as a JSON file for a private chat."""

import asyncio
import json
from collections.abc import Sequence

from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.text.messages import PERSONAL_DATA, Attachment, File, Message
from handlers.render.text.rich import RichText, code, fill
from handlers.searching.exports import MOST_BYTES
from handlers.texts.people.privacy import privacy_words
from storage.chats import personal
from storage.chats.personal import Part
from storage.connection import Database


async def handle(context: CommandContext, services: Services) -> Reply:
    """A message with the file, which is made when it is sent. The data of a group or channel is
    given only to its managers, in private: not everybody who reads there should have it."""
    request = context.request
    if not request.is_private and not context.handle:
        name = f"@{request.username}" if request.username else request.chat_id
        said = fill(
            privacy_words(context.words.language).in_private, example=code(f"/for {name} /mydata")
        )
        return Reply((Message(said),))
    chat_id = str(request.chat_id)
    file = Attachment(chat_id, PERSONAL_DATA, request.now, context.timezone)
    return Reply((Message(RichText(""), attachment=file),))


async def make_file(
    database: Database, attachment: Attachment, *, most_bytes: int = MOST_BYTES
) -> File:
    """The data of the chat that the attachment names, as it is when the file is sent."""
    async with database.reader() as conn:
        parts = await personal.list_parts(conn, int(attachment.query))
    return await asyncio.to_thread(_file, parts, attachment, most_bytes)


def _file(parts: Sequence[Part], attachment: Attachment, most_bytes: int) -> File:
    pieces = [f'{{\n"asked_at": "{attachment.asked_at.isoformat()}"'.encode()]
    left, count, more = most_bytes - len(pieces[0]), 0, False
    for part in parts:
        rows, cut = _rows(part, left)
        pieces.append(f',\n"{part.name}": ['.encode() + b",".join(rows) + b"\n]")
        left -= len(pieces[-1])
        count, more = count + len(rows), more or cut
    return File(
        name="dateline-my-data.json",
        mime="application/json",
        data=b"".join((*pieces, f',\n"complete": {json.dumps(not more)}\n}}\n'.encode())),
        count=count,
        more=more,
    )


def _rows(part: Part, room: int) -> tuple[list[bytes], bool]:
    """As many rows as fit, and whether any are left out."""
    rows: list[bytes] = []
    for row in part.rows:
        written = b"\n" + json.dumps(row, ensure_ascii=False).encode("utf-8", "replace")
        room -= len(written) + 1
        if room < 1000:
            return rows, True
        rows.append(written)
    return rows, part.more
