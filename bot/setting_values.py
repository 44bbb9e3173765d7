"""How the text of each setting is read. Every reader raises ValueError with what is wrong, and none
shows what is secret."""

import math
import re
import zoneinfo
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from storage.languages.catalogue import spoken


def language(text: str) -> str:
    """A language that is spoken."""
    return choice(*spoken())(text)


def api_id(text: str) -> int:
    """The number of an application."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 2**31:
        raise ValueError("is not a number of up to ten digits")
    return int(text)


def api_hash(text: str) -> str:
    """The hash of an application."""
    if not re.fullmatch(r"[0-9A-Za-z]{1,64}", text):
        raise ValueError("is not a run of letters and digits")
    return text


def bot_token(text: str) -> str:
    """A bot's token."""
    if not re.fullmatch(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,100}", text):
        raise ValueError("does not look like a bot's token (digits, a colon, letters)")
    return text


def words(text: str) -> tuple[str, ...]:
    """Words with commas or spaces between them, each once."""
    return tuple(dict.fromkeys(word for word in re.split(r"[,\s]+", text) if word))


def ids(text: str) -> frozenset[int]:
    """Numbers of people and chats."""
    listed = words(text)
    wrong = [word for word in listed if not re.fullmatch(r"-?[0-9]{1,19}", word)]
    if wrong:
        raise ValueError(f"{wrong[0]!r} is not a numeric id")
    return frozenset(int(word) for word in listed)


def choice(*choices: str) -> Callable[[str], str]:
    """Reads one of these words, in any case."""

    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"{text!r} is none of {', '.join(choices)}")
        return text.lower()

    return parse


def timezone(text: str) -> str:
    """The IANA name of a zone that is known here."""
    try:
        zoneinfo.ZoneInfo(text)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        from handlers.times import zones  # it reads tables that the command line does without

        near = zones.find_zone(text) or zones.nearest_zone(text)
        suggestion = f", perhaps {near}" if near else " (such as Europe/Berlin)"
        raise ValueError(f"{text!r} is no IANA time zone{suggestion}") from None
    return text


def number(text: str) -> float:
    """A positive number."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < 1e9:
        raise ValueError(f"{text!r} is not a positive number")
    return number


def count(text: str) -> int:
    """A positive whole number."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 10**9:
        raise ValueError(f"{text!r} is not a positive whole number")
    return int(text)


def days(text: str) -> timedelta:
    """A number of days, as ``90d``."""
    match = re.fullmatch(r"([1-9][0-9]{0,4})d", text)
    if not match:
        raise ValueError(f"{text!r} is not a number of days such as 90d")
    return timedelta(days=int(match[1]))


def count_or_none(text: str) -> int:
    """A whole number, or 0."""
    if not text.isascii() or not text.isdigit() or int(text) >= 10**9:
        raise ValueError(f"{text!r} is not a whole number")
    return int(text)


def web_address(text: str) -> str:
    """A web address, with a slash at its end."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{text!r} is not a web address")
    return text if text.endswith("/") else text + "/"


def secret(text: str) -> str:
    """A key, of which no part is ever shown."""
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("is no key")
    return text


def secret_address(text: str) -> str:
    """A web address of which no part is ever shown."""
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_address = None
    if not is_address or not text.isprintable() or " " in text:
        raise ValueError("is not a web address")
    return text


def channel(text: str) -> str:
    """A channel's @name, link or id."""
    if not re.fullmatch(r"(@|https://t\.me/|t\.me/)[A-Za-z]\w{3,31}|-?[0-9]{1,19}", text, re.ASCII):
        raise ValueError(f"{text!r} is no channel's @name, link or id")
    return text


def host_and_port(text: str) -> str:
    """Where to listen, as ``host:port``."""
    if not re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^\s:]*):[0-9]{1,5}", text):
        raise ValueError(f"{text!r} is not of the form host:port")
    return text


def directory(text: str) -> Path:
    """A folder."""
    return Path(text).expanduser()
