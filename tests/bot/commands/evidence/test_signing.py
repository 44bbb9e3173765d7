"""The key of an instance is made once, for its owner alone."""

import stat
from pathlib import Path

import pytest

from bot.commands.evidence import signing
from storage.errors import InputError, StorageError


def test_the_key_is_made_when_it_is_first_needed_and_stays(tmp_path: Path) -> None:
    seed = signing.open_key(tmp_path)
    assert len(seed) == 32
    assert signing.open_key(tmp_path) == seed
    (path,) = tmp_path.iterdir()
    assert path.name == "evidence.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    other = tmp_path / "other"
    other.mkdir()
    assert signing.open_key(other) != seed


def test_one_that_came_first_is_left(tmp_path: Path) -> None:
    seed = signing.open_key(tmp_path)
    signing._make(tmp_path / signing.NAME)
    assert signing.open_key(tmp_path) == seed
    assert [path.name for path in tmp_path.iterdir()] == ["evidence.key"]


def test_what_is_no_key_is_named_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "evidence.key"
    path.write_bytes(b"\xff no key")
    with pytest.raises(InputError, match="is no private key of Ed25519") as caught:
        signing.open_key(tmp_path)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == b"\xff no key"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be read or made: No such file"):
        signing.open_key(tmp_path / "nowhere")
