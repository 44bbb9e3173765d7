"""What the machine that we run on suggests: its language and its time zone."""

import re
import zoneinfo
from collections.abc import Mapping
from pathlib import Path

import dotenv

from storage.languages import catalogue

_ZONES = "/zoneinfo/"
_LOCAL = Path("/etc/localtime")


def given(environment: Mapping[str, str], path: Path) -> set[str]:
    """The names that the environment or the file of settings gives a value."""
    values = dotenv.dotenv_values(path, interpolate=False) if path.exists() else {}
    return {name for name, value in (*values.items(), *environment.items()) if value}


def language(environment: Mapping[str, str]) -> str:
    """The language that the terminal speaks, where the bot does; else ``en``."""
    spoken = environment.get("LC_ALL") or environment.get("LANG") or ""
    code = re.split("[_.@-]", spoken.lower())[0]
    return code if code in catalogue.spoken() else catalogue.SOURCE


def time_zone(environment: Mapping[str, str], local: Path = _LOCAL) -> str:
    """The zone that this machine's clock shows, by its IANA name; ``UTC`` where none is known."""
    name = environment.get("TZ", "").lstrip(":")
    if not name and local.is_symlink():
        name = str(local.resolve()).partition(_ZONES)[2]
    known = name in zoneinfo.available_timezones() and not name.endswith(("UTC", "UCT", "Zulu"))
    return name if known else "UTC"
