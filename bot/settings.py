"""Settings: read once, at the entry point, into one frozen record.

The process environment wins over the file of settings. Every problem is reported at once, and no
secret is ever shown: not in an error, not in the record's ``repr``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from bot import setting_values
from bot.proxies.links import Proxy, read_proxies
from bot.setting_file import read_file
from storage.documents.authors import KEEPS, Keep
from storage.errors import SettingsError, UsageError
from storage.location import location_of
from storage.retention.limits import Keeping
from storage.structs import replace


class Server(Struct, frozen=True, kw_only=True):
    """A Telegram data centre other than Telegram's own default."""

    dc_id: int
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.dc_id}@{self.host}:{self.port}"


class Recent(Struct, frozen=True, kw_only=True):
    """How much of a newly watched channel is read: the posts of its last days, up to a number."""

    days: int
    posts: int


READ_ON_WATCH = Recent(days=14, posts=500)
"""How much of a channel is read when it is watched anew, unless the operator says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment says. Intervals in seconds; rates as their names say. ``notes``: what is
    odd in the file of settings and keeps nothing from starting, a line each."""

    api_id: int | None = None
    api_hash: str | None = field(default=None, repr=False)
    bot_token: str | None = field(default=None, repr=False)
    channels: tuple[str, ...] = ()
    admins: frozenset[int] = frozenset()
    access: Literal["open", "private"] = "open"
    data_dir: Path = Path("data")
    database_url: str = field(default="sqlite:///data/dateline.db", repr=False)
    bot_language: str = "en"
    timezone: str = "UTC"
    log_level: str = "info"
    log_format: Literal["text", "json"] = "text"
    telegram_server: Server | None = None
    telegram_server_key: Path | None = None
    proxy: tuple[Proxy, ...] = ()
    reconcile_interval: float = 180.0
    scan_requests_per_minute: int = 20
    recheck_posts: int = 50
    read_on_watch: Recent | None = READ_ON_WATCH
    preview_base_url: str = "https://t.me/s/"
    send_rate: float = 30.0
    send_rate_chat: float = 1.0
    send_rate_group: float = 20.0
    burst_after: int = 3
    alerts_per_person: int = 100
    commands_per_minute: int = 30
    authors: Keep = "channels"
    presses_per_minute: int = 60
    keep_sent: timedelta = timedelta(days=90)
    keep_problems: timedelta = timedelta(days=90)
    keep_documents: timedelta | None = None
    keep_revisions: timedelta | None = None
    keep_group_posts: timedelta | None = None
    backup_dir: Path | None = None
    backup_keep: int = 7
    metrics_address: str | None = None
    feeds_address: str | None = None
    feeds_url: str | None = None
    translate_url: str | None = None
    translate_key: str | None = field(default=None, repr=False)
    heartbeat_url: str | None = field(default=None, repr=False)
    notify_url: str | None = field(default=None, repr=False)
    evidence_channel: str | None = None
    timestamp_url: str | None = field(default=None, repr=False)
    notes: tuple[str, ...] = ()

    @property
    def keeping(self) -> Keeping:
        """For how long things are kept."""
        return Keeping(
            documents=self.keep_documents,
            group_posts=self.keep_group_posts,
            revisions=self.keep_revisions,
            sent=self.keep_sent,
            problems=self.keep_problems,
        )

    def require(self, *names: str) -> None:
        """Raise SettingsError for those of the named settings that are not set."""
        missing = [
            UsageError("is not set", where=name.upper(), hint=_HINTS.get(name.upper(), "set it"))
            for name in names
            if getattr(self, name) is None
        ]
        if missing:
            raise SettingsError(missing)


_HINTS = {
    "API_ID": "get one at https://my.telegram.org and set it in .env",
    "API_HASH": "get one at https://my.telegram.org and set it in .env",
    "BOT_TOKEN": "get one from @BotFather and set it in .env",
}
_SECRETS = ("API_ID", "API_HASH", "BOT_TOKEN", "PROXY", "TRANSLATE_KEY")


def _server(text: str) -> Server:
    match = re.fullmatch(r"([1-9][0-9]{0,4})@(\[[0-9a-fA-F:.]+\]|[^\s@:]+):([0-9]{1,5})", text)
    if not match or not 0 < int(match[3]) < 65536 or int(match[1]) >= 2**15:
        raise ValueError(f"{text!r} is not of the form 2@host:port")
    return Server(dc_id=int(match[1]), host=match[2].strip("[]"), port=int(match[3]))


def _recent(text: str) -> Recent | None:
    if not text:
        return None
    match = re.fullmatch(r"([1-9][0-9]{0,3})d[, ] *([1-9][0-9]{0,5})", text)
    if not match:
        raise ValueError(f"{text!r} is not of the form 14d,500 (days, at most posts)")
    return Recent(days=int(match[1]), posts=int(match[2]))


_PARSERS: dict[str, Callable[[str], Any]] = {
    "API_ID": setting_values.api_id,
    "API_HASH": setting_values.api_hash,
    "BOT_TOKEN": setting_values.bot_token,
    "CHANNELS": setting_values.words,
    "ADMINS": setting_values.ids,
    "ACCESS": setting_values.choice("open", "private"),
    "DATA_DIR": setting_values.directory,
    "DATABASE_URL": lambda text: location_of(text).url,
    "BOT_LANGUAGE": setting_values.language,
    "TIMEZONE": setting_values.timezone,
    "LOG_LEVEL": setting_values.choice("debug", "info", "warning", "error"),
    "LOG_FORMAT": setting_values.choice("text", "json"),
    "TELEGRAM_SERVER": _server,
    "TELEGRAM_SERVER_KEY": setting_values.directory,
    "PROXY": read_proxies,
    "RECONCILE_INTERVAL": setting_values.number,
    "SCAN_REQUESTS_PER_MINUTE": setting_values.count,
    "RECHECK_POSTS": setting_values.count,
    "READ_ON_WATCH": _recent,
    "PREVIEW_BASE_URL": setting_values.web_address,
    "SEND_RATE": setting_values.number,
    "SEND_RATE_CHAT": setting_values.number,
    "SEND_RATE_GROUP": setting_values.number,
    "BURST_AFTER": setting_values.count_or_none,
    "ALERTS_PER_PERSON": setting_values.count,
    "COMMANDS_PER_MINUTE": setting_values.count,
    "AUTHORS": setting_values.choice(*KEEPS),
    "PRESSES_PER_MINUTE": setting_values.count,
    "KEEP_SENT": setting_values.days,
    "KEEP_PROBLEMS": setting_values.days,
    "KEEP_DOCUMENTS": setting_values.days,
    "KEEP_REVISIONS": setting_values.days,
    "KEEP_GROUP_POSTS": setting_values.days,
    "BACKUP_DIR": setting_values.directory,
    "BACKUP_KEEP": setting_values.count,
    "METRICS_ADDRESS": setting_values.host_and_port,
    "FEEDS_ADDRESS": setting_values.host_and_port,
    "FEEDS_URL": setting_values.web_address,
    "TRANSLATE_URL": setting_values.web_address,
    "TRANSLATE_KEY": setting_values.secret,
    "HEARTBEAT_URL": setting_values.secret_address,
    "NOTIFY_URL": setting_values.secret_address,
    "EVIDENCE_CHANNEL": setting_values.channel,
    "TIMESTAMP_URL": setting_values.secret_address,
}
_MAY_BE_EMPTY = ("READ_ON_WATCH",)
NAMES = (*_PARSERS, *(f"{name}_FILE" for name in _SECRETS))


def load(environment: Mapping[str, str], env_file: Path | None = None) -> Settings:
    """The settings of a process environment and a file (``./.env`` unless another is named).

    Raises SettingsError with every problem: unknown names in the file, values that do not parse,
    files that cannot be read.
    """
    read = read_file(env_file, NAMES)
    problems, values = read.problems, read.values
    values.update({name: environment[name] for name in NAMES if _is_given(name, environment)})
    _read_secrets(values, environment, problems)
    parsed: dict[str, Any] = {}
    for name, parse in _PARSERS.items():
        text = values.get(name, "").strip()
        if not _is_given(name, values):
            continue
        try:
            parsed[name.lower()] = parse(text)
        except UsageError as error:
            problems.append(error)
        except ValueError as error:
            problems.append(UsageError(str(error), where=name, hint="see .env.example"))
    key = parsed.get("telegram_server_key")
    if key is not None and not key.is_file():
        problems.append(
            UsageError(f"there is no file {key}", where="TELEGRAM_SERVER_KEY", hint="name a key")
        )
    if parsed.get("backup_dir") and not parsed.get("database_url", "sqlite").startswith("sqlite"):
        problems.append(
            UsageError("is for a database in a file", where="BACKUP_DIR", hint="use pg_dump")
        )
    if problems:
        raise SettingsError(problems)
    settings = Settings(**parsed, notes=tuple(read.notes))
    if "database_url" not in parsed:
        database_url = f"sqlite:///{settings.data_dir / 'dateline.db'}"
        settings = replace(settings, database_url=database_url)
    return settings


def _is_given(name: str, values: Mapping[str, str]) -> bool:
    """Whether a setting has a value: nothing at all is one only where it means something."""
    return bool(values.get(name, "").strip()) or (name in _MAY_BE_EMPTY and name in values)


def _read_secrets(
    values: dict[str, str], environment: Mapping[str, str], problems: list[UsageError]
) -> None:
    """Fill secrets from the files that ``…_FILE`` name; what the environment says wins."""
    for name in _SECRETS:
        path = values.get(f"{name}_FILE", "").strip()
        direct_wins = bool(environment.get(name)) or (
            bool(values.get(name)) and not environment.get(f"{name}_FILE")
        )
        if not path or direct_wins:
            continue
        try:
            values[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            what, hint = f"{path} cannot be read: {reason}", "name a file that can be"
            problems.append(UsageError(what, where=f"{name}_FILE", hint=hint))
