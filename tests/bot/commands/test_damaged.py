"""Damaged files and odd machines: each command ends with one line that says what to do."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.demo.process import clean_environment

PAGE = "Forwarded from Port of Lisvik\nThe winter ferry\nForwarded from Port of Lisvik\nThe ice"


@pytest.fixture
def archive(tmp_path: Path, run: Callable[..., Any], put_database: Callable[[Path], str]) -> Path:
    """A folder with an archive and a backup of it."""
    (tmp_path / "page.txt").write_text(PAGE)
    put_database(tmp_path / "data" / "dateline.db")
    assert run("import", "page.txt").returncode == 0
    assert run("backup", "kept.db").returncode == 0
    return tmp_path


def halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // 4096 * 4096)


def shorten(path: Path) -> None:
    os.truncate(path, 50)


def wipe_first(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(4096))


def write_over(path: Path) -> None:
    path.write_bytes(b"hello, world\n" * 1000)


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def empty(path: Path) -> None:
    path.write_bytes(b"")


DAMAGES = (halve, shorten, wipe_first, write_over, make_folder)
ON_DATABASE = (["search", "winter"], ["outbox"], ["backup", "x.db"], ["channels", "list"])


def says_one_line(done: Any) -> bool:
    lines = done.stderr.splitlines()
    return (
        done.returncode == 1
        and len(lines) == 1
        and lines[0].startswith("dateline: error: ")
        and "; " in lines[0]
    )


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_database_is_said_in_a_line(
    archive: Path, run: Callable[..., Any], damage: Callable[[Path], None]
) -> None:
    damage(archive / "data" / "dateline.db")
    for arguments in ON_DATABASE:
        assert says_one_line(run(*arguments)), arguments
    assert not (archive / "x.db").exists()


@pytest.mark.slow
@pytest.mark.parametrize("damage", [*DAMAGES, empty])
def test_a_damaged_backup_is_not_put_back(
    archive: Path, run: Callable[..., Any], damage: Callable[[Path], None]
) -> None:
    damage(archive / "kept.db")
    assert says_one_line(run("restore", "kept.db"))
    assert "winter" in run("search", "winter").stdout


SEARCH = ("search", "winter")
ODD = {
    "six files": ("ulimit -n 6; ", SEARCH, 1),
    "little memory": ("ulimit -v 60000; ", SEARCH, 1),
    "nothing can be written": ("ulimit -f 0; ", ("backup", "y.db"), 1),
    "stdout is full": ("exec >/dev/full; ", SEARCH, 1),
    "stdout is closed": ("exec >&-; ", SEARCH, 0),
    "all are closed": ("exec >&- 2>&- <&-; ", SEARCH, 0),
    "nobody reads": ("exec > >(true); ", ("export", "--format", "jsonl", "-o", "-"), None),
    "no home": ("unset HOME; ", SEARCH, 0),
    "no place for files": ("export TMPDIR=/nonexistent; ", SEARCH, 0),
    "plain C": ("export LC_ALL=C; ", SEARCH, 0),
    "Turkish": ("export LC_ALL=tr_TR.UTF-8; ", SEARCH, 0),
    "the folder is gone": ("mkdir gone; cd gone; rmdir ../gone; ", SEARCH, 0),
}


@pytest.mark.slow
@pytest.mark.end_to_end
@pytest.mark.parametrize(("before", "arguments", "status"), ODD.values(), ids=ODD)
def test_on_an_odd_machine_a_command_works_or_says_why_not(
    archive: Path, before: str, arguments: tuple[str, ...], status: int | None
) -> None:
    done = subprocess.run(
        ["bash", "-c", f'{before}exec "$@"', "bash", sys.executable, "-m", "bot", *arguments],
        cwd=archive,
        env=clean_environment({"DATA_DIR": str(archive / "data")}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in ((0, 1) if status is None else (status,)), done
    assert len(done.stderr.splitlines()) <= 1, done
    assert status != 1 or done.stderr.startswith("dateline: error: "), done
