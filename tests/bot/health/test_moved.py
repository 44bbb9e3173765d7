"""A database that was migrated away is not opened by mistake."""

import json
from pathlib import Path

import pytest

from bot.health import moved
from storage.errors import ServiceError
from storage.location import Location, location_of

SERVER = "postgresql://ann:s3cret@db.example.org/dateline"
SHOWN = "postgresql://db.example.org/dateline"


@pytest.fixture
def old(tmp_path: Path) -> Location:
    return location_of(f"sqlite:///{tmp_path / 'old.db'}")


def test_the_old_one_is_refused_with_the_new_address_and_without_its_password(
    tmp_path: Path, old: Location
) -> None:
    moved.refuse(tmp_path, old.url)  # nothing was migrated
    moved.note(tmp_path, old, location_of(SERVER))
    with pytest.raises(ServiceError) as raised:
        moved.refuse(tmp_path, old.url)
    assert (raised.value.what, raised.value.where) == (
        f"this database was migrated to {SHOWN}",
        old.shown,
    )
    assert raised.value.hint == (
        f"set DATABASE_URL to that, or remove {tmp_path / moved.NOTE} to go on with this one"
    )
    assert "s3cret" not in (tmp_path / moved.NOTE).read_text()
    moved.refuse(tmp_path, SERVER)
    moved.refuse(tmp_path, f"sqlite:///{tmp_path / 'other.db'}")


def test_who_migrates_once_more_may_open_the_old_one_on_the_way_there(
    tmp_path: Path, old: Location
) -> None:
    moved.note(tmp_path, old, location_of(SERVER))
    moved.refuse(tmp_path, old.url, unless_to=SHOWN)
    with pytest.raises(ServiceError):
        moved.refuse(tmp_path, old.url, unless_to="postgresql://elsewhere/dateline")


def test_what_was_migrated_back_is_the_right_one_again(tmp_path: Path, old: Location) -> None:
    server, third = location_of(SERVER), location_of(f"sqlite:///{tmp_path / 'third.db'}")
    moved.note(tmp_path, third, server)
    moved.note(tmp_path, old, server)
    moved.note(tmp_path, server, old)
    moved.refuse(tmp_path, old.url)
    for location in (server, third):
        with pytest.raises(ServiceError):
            moved.refuse(tmp_path, location.url)


def test_one_file_has_one_name_wherever_it_is_named_from(
    tmp_path: Path, old: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved.note(tmp_path, old, location_of(SERVER))
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path / "folder")
    with pytest.raises(ServiceError):
        moved.refuse(tmp_path, "sqlite:///../old.db")


@pytest.mark.parametrize(
    ("content", "is_refused"),
    [
        ("", True),
        ("[1]", True),
        ("7", True),
        ("{", True),
        ("[" * 100_000, True),
        ("{}", False),
        (json.dumps({"elsewhere": 7}), False),
    ],
)
def test_a_note_that_cannot_be_read_is_named_with_what_to_do(
    tmp_path: Path, old: Location, content: str, is_refused: bool
) -> None:
    (tmp_path / moved.NOTE).write_text(content)
    if not is_refused:
        moved.refuse(tmp_path, old.url)
        return
    with pytest.raises(ServiceError, match="it is damaged") as raised:
        moved.refuse(tmp_path, old.url)
    assert raised.value.where == str(tmp_path / moved.NOTE)
