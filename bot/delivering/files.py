"""Files that the bot sends: generated, uploaded in parts, and then sent like any other message.

Telegram forgets uploaded parts that were never sent. After a lost reply the file is generated and
uploaded again, and the row's random id keeps it from arriving twice.
"""

import secrets

from telethon.tl import types
from telethon.tl.functions.messages import SendMediaRequest, SendMessageRequest
from telethon.tl.functions.upload import SaveFilePartRequest

from bot.charts.child import Artist
from bot.delivering.rendering import UnreadableRowError
from bot.telegram import clients, outgoing
from bot.telegram.clients import Client
from handlers.chats import mydata
from handlers.collections import brief_file
from handlers.digests import page_file
from handlers.render.answers.trends import CAPTION_UNITS, in_signs
from handlers.render.text.messages import (
    BRIEFS,
    CHART,
    DIGEST_PAGE,
    PERSONAL_DATA,
    SUBSCRIPTIONS,
    Attachment,
    File,
    Message,
    truncate,
)
from handlers.render.text.rich import RichText, code, fill, join
from handlers.searching import exports
from handlers.subscriptions import subscriptions
from handlers.texts.collecting import collection_words
from handlers.texts.digests.digesting import digesting_words
from handlers.texts.exporting import exporting_words
from handlers.texts.languages import words_of
from handlers.texts.people.privacy import privacy_words
from handlers.texts.subscribing import subscription_words
from storage.connection import Database
from storage.errors import NotFoundError, QueryError

PART = 512 * 1024
"""Bytes of a part: the most that Telegram takes (core.telegram.org/api/files)."""


class Files:
    """Generates and uploads files."""

    def __init__(self, database: Database, client: Client) -> None:
        self._database = database
        self._client = client
        self._artist = Artist()

    async def aclose(self) -> None:
        """Stop the workers that generate them."""
        await self._artist.aclose()

    async def request(
        self, to: types.TypeInputPeer, message: Message, random_id: int, language: str
    ) -> SendMediaRequest | SendMessageRequest:
        """The request that sends a message's file, which this uploads. Raises UnreadableRowError,
        the errors of the upload, or StorageError for a retry."""
        attachment = message.attachment
        if attachment is None:
            raise UnreadableRowError("a message without a file")
        if attachment.format == CHART:
            return await self._picture(to, message, attachment.query, random_id, language)
        try:
            file = await self._make(attachment, language)
        except QueryError as error:
            raise UnreadableRowError(f"a query that cannot be read: {error}") from error
        except NotFoundError as error:
            raise UnreadableRowError(str(error)) from error
        uploaded = await self._upload(file.name, file.data)
        said = _caption(file, attachment, language)
        parts = [part for part in (message.text.stripped(), said) if part]
        caption = truncate(join("\n\n", parts), CAPTION_UNITS)
        return outgoing.file_request(to, file, uploaded, caption, random_id=random_id)

    async def _picture(
        self, to: types.TypeInputPeer, message: Message, chart: str, random_id: int, language: str
    ) -> SendMediaRequest | SendMessageRequest:
        """The request that sends a picture; a line of bars as text where none can be drawn."""
        drawn = await self._artist.draw(chart)
        if drawn is None:
            return outgoing.send_request(to, in_signs(message, words_of(language)), random_id)
        uploaded = await self._upload("chart.png", drawn)
        return outgoing.picture_request(to, message, uploaded, random_id=random_id)

    async def _upload(self, name: str, data: bytes) -> types.InputFile:
        file_id = secrets.randbits(63)
        parts = [data[at : at + PART] for at in range(0, len(data), PART)]
        for number, part in enumerate(parts):
            await clients.call(self._client, SaveFilePartRequest(file_id, number, part))
        return types.InputFile(id=file_id, parts=len(parts), name=name, md5_checksum="")

    async def _make(self, attachment: Attachment, language: str) -> File:
        if attachment.format == DIGEST_PAGE:
            return await page_file.make_page(self._database, attachment, language)
        if attachment.format == PERSONAL_DATA:
            return await mydata.make_file(self._database, attachment)
        if attachment.format == SUBSCRIPTIONS:
            return await subscriptions.make_file(self._database, attachment)
        if attachment.format in BRIEFS:
            return await brief_file.make_brief(self._database, attachment, language)
        return await exports.make_file(self._database, attachment)


def _caption(file: File, attachment: Attachment, language: str) -> RichText:
    if attachment.format == DIGEST_PAGE:
        return RichText(digesting_words(language).page_caption)
    if attachment.format == PERSONAL_DATA:
        said = privacy_words(language)
        return RichText(said.file_cut if file.more else said.file_caption)
    if attachment.format == SUBSCRIPTIONS:
        return RichText(subscription_words(language).caption)
    if attachment.format in BRIEFS:
        return fill(collection_words(language).file_caption, count=file.count)
    words = exporting_words(language)
    template = words.cut if file.more else words.caption
    return fill(template, count=str(file.count), query=code(attachment.query))
