"""The machine that it runs on, as a check sees it."""

from pathlib import Path

import pytest

from bot import settings
from bot.commands.checking import machine
from bot.health import instance
from storage.errors import ServiceError
from storage.instance import Identity


@pytest.mark.parametrize(
    ("mode", "is_open"), [(0o600, False), (0o400, False), (0o644, True), (0o640, True)]
)
def test_settings_that_others_can_read_are_told(tmp_path: Path, mode: int, is_open: bool) -> None:
    path = tmp_path / "my.env"
    path.touch()
    path.chmod(mode)
    finding = machine.look_at_env_file(path)
    assert (finding is not None) is is_open
    if finding is not None:
        assert str(finding) == (
            f"{path}: warning: other users of this machine can read it; `chmod 600 {path}`"
        )


def test_without_a_file_there_is_nothing_to_tell(tmp_path: Path) -> None:
    assert machine.look_at_env_file(tmp_path / "my.env") is None


@pytest.mark.parametrize(
    ("free", "is_enough", "told"),
    [
        (1 << 30, True, "/data, 1.1 GB free"),
        ((1 << 30) - 1, False, "/data, 1.1 GB free"),
        (9_940_000_000, True, "/data, 9.9 GB free"),
        (10_000_000_000, True, "/data, 10 GB free"),
        (1 << 40, True, "/data, 1100 GB free"),
        (0, False, "/data, 0.0 GB free"),
    ],
)
def test_a_disk_should_hold_a_million_posts(free: int, is_enough: bool, told: str) -> None:
    finding = machine.judge_room(Path("/data"), free)
    assert (finding.what, "warning" not in str(finding)) == (told, is_enough)
    assert is_enough or str(finding).endswith("make room: a million posts take about 1 GB")


@pytest.mark.parametrize(
    ("behind", "told"),
    [
        (30.0, "as Telegram's"),
        (-30.0, "as Telegram's"),
        (30.6, "31 s behind Telegram's"),
        (-30.6, "31 s ahead of Telegram's"),
        (119.0, "119 s behind Telegram's"),
        (120.0, "2 min behind Telegram's"),
        (7199.0, "120 min behind Telegram's"),
        (-7200.0, "2 h ahead of Telegram's"),
    ],
)
def test_a_clock_that_is_off_is_told_from_half_a_minute(behind: float, told: str) -> None:
    assert machine.look_at_clock(behind).what.startswith(told)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"API_HASH": "0123456789abcdefABCDEF0123456789"}, []),
        ({"API_HASH": "0123456789abcdef0123456789abcde"}, ["API_HASH: is not of 32 digits"]),
        ({"API_HASH": "0123456789abcdef0123456789abcdeg"}, ["API_HASH: is not of 32 digits"]),
        ({"CHANNELS": "@harbour, t.me/port, 1700000001"}, []),
        ({"CHANNELS": "@harbour, no-name, ?"}, ["CHANNELS: 'no-name' ", "CHANNELS: '?' "]),
        ({}, []),
    ],
)
def test_settings_of_a_wrong_form_are_named_all(given: dict[str, str], told: list[str]) -> None:
    found = machine.list_wrong_forms(settings.load(given))
    assert len(found) == len(told)
    assert all(str(one).startswith(what) for one, what in zip(found, told, strict=True))
    assert all(one.hint for one in found)


def test_how_much_room_there_is_is_told_or_why_it_is_not_known(tmp_path: Path) -> None:
    finding = machine.look_at_disk(settings.load({"DATA_DIR": str(tmp_path)}))
    assert finding.what.startswith(f"{tmp_path}, ")
    missing = machine.look_at_disk(settings.load({"DATA_DIR": str(tmp_path / "missing")}))
    assert (missing.is_warning, missing.what) == (
        True,
        f"{tmp_path / 'missing'}: No such file or directory",
    )


async def test_that_the_database_that_was_served_is_away_is_told(tmp_path: Path) -> None:
    known = settings.load({"DATA_DIR": str(tmp_path)}, Path("/dev/null"))
    assert await machine.look_at_database(known) == []
    instance.write_identity_file(tmp_path, Identity(name="abc", counter=3))
    with pytest.raises(ServiceError, match="is not there, or is empty"):
        await machine.look_at_database(known)


async def test_a_pooler_before_the_database_is_told_with_what_it_must_do(
    pooled_url: str, new_postgres_url: str, tmp_path: Path
) -> None:
    empty = tmp_path / "no.env"
    empty.touch()
    for url, is_told in ((pooled_url, True), (new_postgres_url, False)):
        known = settings.load({"DATABASE_URL": url, "DATA_DIR": str(tmp_path)}, empty)
        place, *warned = map(str, await machine.look_at_database(known))
        assert "PostgreSQL 1" in place
        assert [("a pooler" in one, "six to each process" in one) for one in warned] == (
            [(True, True)] if is_told else []
        )
