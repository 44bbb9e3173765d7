"""Subscriptions as a file: JSON that a person can read and change, and back. Pure.

    {
    "dateline": "subscriptions",
    "version": 1,
    "settings": {"timezone": "Europe/London", "quiet": "22:00-07:00"},
    "alerts": [
      {"query": "ferry", "urgent": true}
    ],
    "digests": [
      {"times": "daily 08:00", "channels": [{"name": "harbour", "id": 100}]}
    ],
    "silences": [
      {"name": "harbour", "id": 100}
    ],
    "surges": [
      {"query": "ferry"}
    ]
    }

An entry that cannot be read spoils no other one.
"""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct

from storage.errors import DatelineError, DocumentError, InputError
from storage.records import PlanKind
from storage.structs import RecordWriter, decoder

KIND = "subscriptions"
VERSION = 1
NAME = "dateline-subscriptions.json"
MOST_BYTES = 1_000_000
MOST_ENTRIES = 1000
"""The most entries of a part that are looked at."""
LONGEST = 2000
"""Characters of a text; none that means anything is as long."""

Part = Literal["settings", "alerts", "digests", "silences", "surges"]
Trouble = Literal["part", "unknown", "missing", "kind", "signs"]
"""Why an entry can't be read: no such part; a field that there is not; one that is missing; a value
of another kind; signs that nobody sees."""


class Named(Struct, frozen=True, kw_only=True):
    """A channel: by its number, and by its public name without ``@``; ``title`` is for people."""

    name: str = ""
    id: int | None = None
    title: str = ""


class AlertEntry(Struct, frozen=True, kw_only=True):
    """An alert: fields as those of ``storage.records.Alert``; ``left_out``: channels."""

    query: str
    left_out: tuple[Named, ...] = ()
    paused: bool = False
    urgent: bool = False
    silent: bool = False
    once: bool = False
    hourly_limit: int | None = None
    every_minutes: int | None = None


class DigestEntry(Struct, frozen=True, kw_only=True):
    """What comes by the clock: fields as those of ``storage.records.Plan``."""

    times: str
    kind: PlanKind = "digest"
    name: str = ""
    query: str = ""
    channels: tuple[Named, ...] = ()
    most: int = 10
    short: bool = False
    says_nothing_new: bool = False
    paused: bool = False


class SurgeEntry(Struct, frozen=True, kw_only=True):
    """A query whose surges are told."""

    query: str


class Setting(Struct, frozen=True):
    """One of the ``SETTINGS``, and its value."""

    name: str
    value: str | int


SETTINGS: Mapping[str, type[str] | type[int]] = {
    "language": str,
    "timezone": str,
    "quiet": str,
    "alerts_a_minute": int,
}
Record = Setting | AlertEntry | DigestEntry | Named | SurgeEntry
_RECORDS: Mapping[Part, type] = {
    "alerts": AlertEntry,
    "digests": DigestEntry,
    "silences": Named,
    "surges": SurgeEntry,
}
_HEAD = frozenset({"dateline", "version"})
_PARTS = frozenset({"settings", *_RECORDS})


class Content(Struct, frozen=True):
    """What a chat has set up."""

    settings: Sequence[Setting] = ()
    alerts: Sequence[AlertEntry] = ()
    digests: Sequence[DigestEntry] = ()
    silences: Sequence[Named] = ()
    surges: Sequence[SurgeEntry] = ()

    @property
    def count(self) -> int:
        """How many entries there are, settings left out."""
        return sum(map(len, (self.alerts, self.digests, self.silences, self.surges)))


class NumberedEntry(Struct, frozen=True):
    """An entry of a file: its part, its place there (from 1 on), what it says."""

    part: Part
    number: int
    record: Record


class Spoiled(Struct, frozen=True):
    """An entry that can't be read, and why; ``field`` names the place in it. Of a part as a whole
    the number is 0; ``part`` is as it is written, be it one that there is not."""

    part: str
    number: int
    trouble: Trouble
    field: str = ""


class Contained(Struct, frozen=True):
    """What a file holds; ``left``: how many entries stand beyond what is looked at."""

    entries: tuple[NumberedEntry, ...]
    spoiled: tuple[Spoiled, ...]
    left: int = 0


class FormError(InputError):
    """No file of subscriptions that can be read: another one (``foreign``), one that is damaged at
    a ``line``, one in which a ``field`` stands twice in one place, or one of a later
    ``version``."""

    def __init__(
        self,
        problem: Literal["foreign", "broken", "repeated", "newer"],
        *,
        line: int = 0,
        field: str = "",
        version: int = 0,
    ) -> None:
        super().__init__(f"{problem}, line {line}, version {version}", where=NAME)
        self.field = field
        self.problem = problem
        self.line = line
        self.version = version


_WRITER = RecordWriter(always={}, also={})


def write(content: Content) -> bytes:
    """The file: each entry on a line of its own, what is as usual left out."""
    parts: list[str] = [f'"dateline": {_text(KIND)}', f'"version": {VERSION}']
    if content.settings:
        settings = {one.name: one.value for one in content.settings}
        parts.append(f'"settings": {_text(settings)}')
    for part in _RECORDS:
        records = getattr(content, part)
        if records:
            rows = ",\n".join(f"  {_text(_WRITER.write(one))}" for one in records)
            parts.append(f'"{part}": [\n{rows}\n]')
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode("utf-8", "replace")


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def read(data: bytes) -> Contained:
    """What a file holds. Raises FormError."""
    told = _load(data)
    entries: list[NumberedEntry] = []
    spoiled: list[Spoiled] = []
    strange = [part for part in told if part not in _PARTS | _HEAD]
    left = len(strange[MOST_ENTRIES:])
    told = {part: told[part] for part in told if part in _PARTS}
    told |= dict.fromkeys(strange[:MOST_ENTRIES])
    for part, value in told.items():
        rows, beyond = _rows(part, value)
        left += beyond
        for row in rows:
            (entries if isinstance(row, NumberedEntry) else spoiled).append(row)  # type: ignore[arg-type]
    return Contained(tuple(entries), tuple(spoiled), left)


def _load(data: bytes) -> dict[str, Any]:
    is_ours = b'"dateline"' in data and KIND.encode() in data
    try:
        text = data.decode("utf-8-sig")
        told = json.loads(text, parse_constant=_refuse, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise FormError("broken" if is_ours else "foreign", line=error.lineno) from None
    except _RepeatedError as error:
        problem: Literal["repeated", "foreign"] = "repeated" if is_ours else "foreign"
        raise FormError(problem, field=str(error)) from None
    except (ValueError, RecursionError):
        raise FormError("foreign") from None
    if not isinstance(told, dict) or told.get("dateline") != KIND:
        raise FormError("foreign")
    version = told.get("version")
    if type(version) is not int or version < 1:
        raise FormError("foreign")
    if version > VERSION:
        raise FormError("newer", version=version)
    return told


class _RepeatedError(Exception):
    """A name that stands twice in one object: it is not known which one is meant."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        raise _RepeatedError(counts.most_common(1)[0][0][:LONGEST])
    return told


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _rows(part: str, value: Any) -> tuple[Iterator[NumberedEntry | Spoiled], int]:
    """The entries of a part, and how many stand beyond those."""
    if part == "settings":
        if not isinstance(value, dict):
            return iter((Spoiled(part, 0, "kind"),)), 0
        return map(_setting, range(1, len(SETTINGS) + 1), value, value.values()), max(
            0, len(value) - len(SETTINGS)
        )
    known = next((one for one in _RECORDS if one == part), None)
    if known is None or not isinstance(value, list):
        trouble: Trouble = "part" if known is None else "kind"
        return iter((Spoiled(part[:LONGEST], 0, trouble),)), 0
    numbered = enumerate(value[:MOST_ENTRIES], 1)
    rows = (_entry(known, number, item) for number, item in numbered)
    return rows, len(value) - min(len(value), MOST_ENTRIES)


def _setting(number: int, name: str, value: Any) -> NumberedEntry | Spoiled:
    wanted = SETTINGS.get(name)
    if wanted is None:
        return Spoiled("settings", number, "unknown", name)
    if type(value) not in (str, int) or not isinstance(value, wanted):
        return Spoiled("settings", number, "kind", name)
    if not _is_plain(value):
        return Spoiled("settings", number, "signs", name)
    return NumberedEntry("settings", number, Setting(name, value))


def _entry(part: Part, number: int, item: Any) -> NumberedEntry | Spoiled:
    try:
        record = decoder(_RECORDS[part])(item)
    except DocumentError as error:
        return Spoiled(part, number, _trouble(error), error.where)
    for name in _hidden(item):
        return Spoiled(part, number, "signs", name)
    return NumberedEntry(part, number, record)


def _trouble(error: DatelineError) -> Trouble:
    told: Mapping[str, Trouble] = {"is no field of the schema": "unknown", "is missing": "missing"}
    return told.get(error.what, "kind")


def _hidden(item: dict[str, Any]) -> Iterator[str]:
    """The fields whose texts hold what nobody sees, or are too long to be meant."""
    for name, value in item.items():
        nested = value if isinstance(value, list) else [value]
        texts = [
            *nested,
            *(each for one in nested if isinstance(one, dict) for each in one.values()),
        ]
        if not all(map(_is_plain, texts)):
            yield name


def _is_plain(value: Any) -> bool:
    """Whether it is no text with control characters or halves of characters in it, and no number
    that a database does not hold."""
    if type(value) is int:
        return abs(value) < 1 << 53
    if not isinstance(value, str):
        return True
    return len(value) <= LONGEST and not any(
        unicodedata.category(sign) in ("Cc", "Cs") for sign in value
    )
