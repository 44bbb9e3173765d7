"""``dateline upgrade-check``: what an upgrade will do to the database, and how long it will take.

Run with the new version, also while an older one serves: it changes nothing.
"""

import json
import sys
from collections.abc import Iterator

import msgspec

from bot.process import locks
from bot.settings import Settings
from storage.errors import StorageError
from storage.location import file_of
from storage.upgrading import looking
from storage.upgrading.looking import Upgrade
from storage.upgrading.weighing import Range, Step
from storage.version import __version__

ON_SERVER = "see `dateline check`; the service brings it up when it starts"
_UNITS = ((3600, "h"), (60, "min"))


def run(settings: Settings, *, as_json: bool) -> int:
    """Print what will be done; 0 where it can be, or is not needed.

    Raises StorageError where there is no database, no room, or a newer schema: status 1.
    """
    path = file_of(settings.database_url, ON_SERVER)
    if not path.exists():
        raise StorageError(
            "there is no database", where=str(path), hint="see DATA_DIR and DATABASE_URL"
        )
    found = looking.look(path)
    is_served = locks.is_held(locks.of_database(path))
    if as_json:
        facts = {
            "version": __version__,
            **msgspec.to_builtins(found),
            "seconds": found.seconds,
            "served": is_served,
        }
        sys.stdout.write(json.dumps(facts, separators=(",", ":")) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _lines(str(path), found, is_served=is_served))
    if found.needed > found.free:
        raise StorageError(
            f"the upgrade may need {_size(found.needed)}, and {_size(found.free)} are free",
            where=str(path),
            hint="make room before you upgrade",
        )
    return 0


def _lines(path: str, found: Upgrade, *, is_served: bool) -> Iterator[str]:
    yield f"{path}: schema {found.schema}, {_size(found.file_bytes)}"
    yield f"Dateline {__version__}: schema {found.newest}"
    if not found.steps and not found.documents and not found.vacuumed:
        yield "nothing is to be done: the database is up to date"
        return
    quick = [step for step in found.steps if not step.rows]
    for step in found.steps:
        if step.rows:
            yield f"  {step.version:04} {step.name}: {_work(step)}"
    if quick:
        yield f"  {', '.join(f'{step.version:04} {step.name}' for step in quick)}: at once"
    if found.vacuumed:
        yield "  the whole file is written anew, so that it can give back what it does not use"
    if found.steps or found.vacuumed:
        yield f"the service is away for {_span(found.seconds)}"
    if found.documents:
        yield (
            f"the index of {found.documents:,} documents is made anew beside the service,"
            f" newest first: {_span(found.index_seconds)}; until then older posts may not be found"
        )
    yield f"room on the disk: up to {_size(found.needed)} needed, {_size(found.free)} free"
    if found.steps:
        yield "make a backup first: `dateline backup PATH`; older versions will not open this file"
    if is_served:
        yield "a service runs on this database: stop it before the new version starts"


def _work(step: Step) -> str:
    what = f"writes {', '.join(step.rebuilds)} anew" if step.rebuilds else "goes through a table"
    written = f", about {_size(step.bytes)}" if step.bytes else ""
    return f"{what}: {step.rows:,} rows{written}; {_span(step.seconds)}"


def _span(seconds: Range) -> str:
    least, most = seconds
    if most <= 1:
        return "a second or less"
    return f"{_duration(least)} to {_duration(most)}" if least >= 1 else f"up to {_duration(most)}"


def _duration(seconds: float) -> str:
    for size, unit in _UNITS:
        if seconds >= size * 2:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
