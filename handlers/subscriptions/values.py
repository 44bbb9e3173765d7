"""What the fields of a file may hold, and what channels are called there. Pure."""

from collections.abc import Mapping, Sequence
from typing import Literal

from handlers.queries import narrowing
from handlers.render.answers.settings import BURSTS
from handlers.subscriptions import form
from handlers.subscriptions.form import Named, Setting
from handlers.times import zones
from handlers.times.clocks import parse_quiet
from storage.languages.catalogue import spoken

MOST_LEFT_OUT = 200
"""The most channels that an alert in a file may leave out."""
_HIGHEST = 999_999_999_999

Reason = Literal[
    "spoiled",
    "query",
    "dates",
    "after",
    "times",
    "value",
    "unwatched",
    "no_channels",
    "channels",
    "too_many",
    "twice",
]
"""Why an entry cannot be taken: it can't be read (``Spoiled``); its query can't; that ends before a
date; begins after one; asks for no words; its times can't be read; a value that nothing has (its
field); a channel that is not watched here; none of its channels is known; more channels than may be
(its field); as many are here as may be; it stands there before."""


class Refused(Exception):
    """An entry that cannot be taken."""

    def __init__(self, reason: Reason, field: str = "") -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.field = field


def spell(named: Named) -> str:
    """A channel of a file, as people know it."""
    name = named.name.removeprefix("@")
    return (f"@{name}" if name else "") or named.title or str(named.id or "?")


def is_named(named: Named) -> bool:
    """Whether it says by a number or a name that a channel may have which one it is."""
    if named.id is not None:
        return 0 < named.id <= _HIGHEST
    return narrowing.NAME.fullmatch(named.name.removeprefix("@")) is not None


def mute_name(named: Named, numbers: Mapping[str, int | None]) -> str:
    """As what an alert leaves a channel out; ``numbers``: those that are known, by name."""
    name = named.name.removeprefix("@").lower()
    number = named.id if named.id is not None else numbers.get(name)
    return str(number) if number is not None else f"@{name}"


def choose(value: object, choices: Sequence[object], name: str) -> None:
    """Raises Refused for a value that is none of the choices."""
    if value not in choices or type(value) not in {type(one) for one in choices}:
        raise Refused("value", name)


def setting_value(setting: Setting) -> str | int:
    """A setting's value as it is kept. Raises Refused for one that it cannot have."""
    value = setting.value
    match setting.name:
        case "language" if value in spoken():
            return value
        case "timezone" if isinstance(value, str) and (zone := zones.find_zone(value)):
            return zone
        case "quiet" if isinstance(value, str):
            span = parse_quiet(value[: form.LONGEST])
            if span is not None and span[0] != span[1]:
                return f"{span[0]:%H:%M}-{span[1]:%H:%M}{' urgent' if span[2] else ''}"
        case "alerts_a_minute" if value in (0, *BURSTS):
            return value
    raise Refused("value", setting.name)
