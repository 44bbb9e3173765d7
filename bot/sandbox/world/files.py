"""Files that clients upload and send."""

import secrets
import zlib
from collections.abc import Callable

from telethon.tl import TLObject, types

from bot.sandbox.state import media
from bot.sandbox.state.messages import File
from bot.sandbox.world.accounts import Account
from bot.sandbox.world.stage import Stage


def keep_part(account: Account, file_id: int, part: int, data: bytes) -> None:
    """Keeps a part of a file until it is sent."""
    account.uploads.setdefault(file_id, {})[part] = data


def read_media(account: Account, sent: TLObject) -> tuple[TLObject | None, File | None]:
    """Gives the media of a message and the file in it, (None, None) for what is not known.

    ``sent`` is one of Telethon's InputMedia.
    """
    if isinstance(sent, types.InputMediaUploadedPhoto):
        file = _take_file(account, sent.file, "image/jpeg")
        return (media.photo(), file) if file else (None, None)
    if not isinstance(sent, types.InputMediaUploadedDocument):
        return None, None
    file = _take_file(account, sent.file, sent.mime_type)
    if file is None:
        return None, None
    document = types.Document(
        id=secrets.randbits(62),
        access_hash=secrets.randbits(62),
        file_reference=b"",
        date=None,
        mime_type=sent.mime_type,
        size=len(file.data),
        dc_id=2,
        attributes=list(sent.attributes),
    )
    account.world.files[document.id] = document, file.data
    return types.MessageMediaDocument(document=document), file


def find_document(stage: Stage, location: TLObject) -> tuple[TLObject, bytes] | None:
    """Gives a document and its bytes; None where there is no such one."""
    found = stage.files.get(getattr(location, "id", 0))
    return found if found and found[0].access_hash == location.access_hash else None


def preview(sent: TLObject, is_known: Callable[[str], bool]) -> TLObject | None:
    """Gives the preview of a page (InputMediaWebPage): None where there is none."""
    if not is_known(sent.url):
        return None
    page = types.WebPage(
        id=zlib.crc32(sent.url.encode()),
        url=sent.url,
        display_url=sent.url.partition("://")[2],
        hash=0,
        type="telegram_message",
        site_name="Telegram",
        has_large_media=True,
    )
    return types.MessageMediaWebPage(
        webpage=page, force_large_media=sent.force_large_media, manual=True
    )


def _take_file(account: Account, sent: TLObject, mime: str) -> File | None:
    parts = account.uploads.pop(sent.id, {})
    if len(parts) != sent.parts:
        return None
    data = b"".join(parts[number] for number in sorted(parts))
    return File(name=sent.name, mime=mime, data=data)
