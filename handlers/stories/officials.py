"""Which channels belong to a ministry, an embassy or a similar office. Pure."""

import re
from collections.abc import Mapping

from storage.document import Document
from storage.records import Channel

_TITLE = re.compile(
    r"\bМИД\b|министерств|минобороны|минфин|минюст|минэкономразвития|минэнерго|посольств"
    r"|генконсульств|кремл|президент|правительств|госдум|совет федерации|роскомнадзор|центробанк"
    r"|\bЦБ\b|пресс-служб"
    r"|\bMFA\b|\bministry\b|\bminist(?:er|ère|erio)\b|\bembassy\b|\bconsulate\b|\bpresident\b"
    r"|\bgovernment\b|\bparliament\b|\bForeign Office\b|\bState Department\b|\bWhite House\b"
    r"|\bUnited Nations\b|\bNATO\b|\bEuropean Commission\b|\bMZV\b|\bAuswärtiges Amt\b",
    re.IGNORECASE,
)


def channel_key(document: Document) -> str:
    """A text that identifies a document's channel."""
    channel = document.channel
    return str((channel and (channel.id or channel.username)) or document.source.file)


def is_official(document: Document, known: Mapping[str, bool]) -> bool:
    """Whether an official channel published a document: as ``known`` says (by ``channel_key``),
    else by its title."""
    said = known.get(channel_key(document))
    if said is not None:
        return said
    channel = document.channel
    return channel is not None and seems_official(channel.title)


def is_channel_official(channel: Channel) -> bool:
    """Whether a watched channel is official: as the operator says, else by its title."""
    return seems_official(channel.title) if channel.official is None else channel.official


def seems_official(title: str | None) -> bool:
    """Whether a channel's title reads like that of an office."""
    return title is not None and _TITLE.search(title) is not None
