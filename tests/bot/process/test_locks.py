"""Files that stand for what one process has, and who finds them held."""

import fcntl
import os
import stat
import time
from pathlib import Path

import pytest

from bot.process import locks
from bot.process.locks import InUseError
from storage.errors import ServiceError


class OtherError(InUseError):
    """One that a caller names."""


def test_what_is_held_is_held_against_others_and_says_by_whom(tmp_path: Path) -> None:
    lock = tmp_path / "x.lock"
    assert not locks.is_held(lock)
    with locks.held(lock, what="the database", where="x.db"):
        assert lock.read_text() == str(os.getpid())
        assert stat.S_IMODE(lock.stat().st_mode) == 0o600
        assert locks.is_held(lock)
        with (
            pytest.raises(OtherError) as caught,
            locks.held(lock, what="the database", where="x.db", error=OtherError),
        ):
            pass
        assert str(caught.value) == (
            f"x.db: the database is in use by process {os.getpid()}; stop the other process first"
        )
        assert locks.is_held(lock)  # who was refused took nothing from who has it
    assert lock.exists() and not locks.is_held(lock)
    with locks.held(lock, what="the database", where="x.db"):
        assert locks.is_held(lock)


@pytest.mark.parametrize("written", ["", "who?", "1" * 30])
def test_the_next_holder_writes_over_what_the_last_one_left(tmp_path: Path, written: str) -> None:
    lock = tmp_path / "x.lock"
    lock.write_text(written)
    with locks.held(lock, what="it", where="x"):
        assert lock.read_text() == str(os.getpid())


def test_a_holder_that_is_no_process_is_not_named(tmp_path: Path) -> None:
    lock = tmp_path / "x.lock"
    with locks.held(lock, what="it", where="x"):
        lock.write_text("who?")
        with (
            pytest.raises(InUseError, match="it is in use; stop"),
            locks.held(lock, what="it", where="x"),
        ):
            pass


def test_a_file_that_is_held_itself_is_held_by_whatever_name(tmp_path: Path) -> None:
    path, link = tmp_path / "x.db", tmp_path / "y.db"
    path.write_text("records")
    link.symlink_to(path)
    with (
        locks.held_itself(path, what="the database", where="x.db"),
        pytest.raises(InUseError, match="the database is in use; stop"),
        locks.held_itself(link, what="the database", where="y.db"),
    ):
        pass
    with locks.held_itself(link, what="the database", where="y.db"):
        assert path.read_text() == "records"
    assert (
        locks.of_database(link) == locks.of_database(path) == path.resolve().with_name("x.db.lock")
    )


def test_what_cannot_be_opened_is_named(tmp_path: Path) -> None:
    lock = tmp_path / "missing" / "x.lock"
    assert not locks.is_held(lock)
    for holding in (
        locks.held(lock, what="it", where="x"),
        locks.held_itself(lock, what="it", where="x"),
    ):
        with pytest.raises(ServiceError, match="cannot be opened: No such file") as caught, holding:
            pass
        assert caught.value.where == "DATA_DIR" and not isinstance(caught.value, InUseError)
    (tmp_path / "file").touch()
    with pytest.raises(ServiceError, match="cannot be opened: Not a directory"):
        locks.is_held(tmp_path / "file" / "x.lock")


def test_who_only_looks_keeps_nobody_from_holding_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "x.lock"
    lock.touch()
    with lock.open() as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        monkeypatch.setattr(time, "sleep", lambda _: fcntl.flock(looking, fcntl.LOCK_UN))
        with locks.held(lock, what="it", where="x"):
            assert locks.is_held(lock)
