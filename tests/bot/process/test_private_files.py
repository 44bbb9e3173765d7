"""Rights on our files: taken from others, whoever gave them."""

import os
import stat
from pathlib import Path

import pytest

from bot.process import private_files


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.mark.parametrize(
    "name",
    [
        "user.session",
        "bot.session-journal",
        "dateline.db",
        "dateline.db-wal",
        "dateline.db-shm",
        "forgotten",
    ],
)
def test_a_file_that_others_can_read_is_closed(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for mode in (0o644, 0o640, 0o666, 0o604):
        path.touch()
        path.chmod(mode)
        assert private_files.close_to_others(tmp_path) == [path]
        assert mode_of(path) == 0o600
    assert private_files.close_to_others(tmp_path) == []


def test_what_is_not_ours_stays_as_it_is(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    theirs = elsewhere / "a.txt"
    theirs.touch()
    theirs.chmod(0o644)
    (tmp_path / "user.session").symlink_to(theirs)
    (tmp_path / "gone.session").symlink_to(tmp_path / "nothing")
    (tmp_path / "notes.txt").touch(0o644)
    (tmp_path / "folder.db").mkdir(0o755)
    assert private_files.close_to_others(tmp_path) == []
    assert mode_of(theirs) == 0o644


def test_a_folder_that_others_can_write_into_is_told(tmp_path: Path) -> None:
    modes = {0o700: False, 0o755: False, 0o777: True, 0o770: True, 0o1777: False}
    for mode, expected in modes.items():
        tmp_path.chmod(mode)
        assert private_files.is_writable_by_others(tmp_path) is expected
    tmp_path.chmod(0o700)


def test_a_wiped_file_is_overwritten_and_gone(tmp_path: Path) -> None:
    for size in (0, 1, 1 << 16, (1 << 16) + 1, 200_000):
        path = tmp_path / "words"
        path.write_bytes(b"x" * size)
        with path.open("rb") as held:
            private_files.wipe(path)
            assert not path.exists()
            assert held.read() == bytes(size)
    private_files.wipe(tmp_path / "words")


def test_wiping_changes_nothing_elsewhere(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_bytes(b"theirs")
    soft, hard, pipe = (tmp_path / name for name in ("soft", "hard", "pipe"))
    soft.symlink_to(theirs)
    hard.hardlink_to(theirs)
    os.mkfifo(pipe)
    for path in (soft, hard, pipe):
        private_files.wipe(path)
        assert not path.exists()
    private_files.wipe(tmp_path)
    assert theirs.read_bytes() == b"theirs"
