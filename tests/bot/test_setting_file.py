"""The file of settings: what in it cannot be read, has no value, or stands there twice."""

import os
import threading
from pathlib import Path

import pytest

from bot import setting_file, settings
from storage.errors import SettingsError

WHAT_TO_DO = "make it readable, or name another with --env-file"


def problems(env_file: Path | None) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        settings.load({}, env_file)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('ACCESS="private\n', 1),
        ("ACCESS='private\nADMINS=1\n", 1),
        ("\n# of mine\n\nACCESS private\n", 4),
        ("ACCESS\n", 1),
        ('ADMINS=1\nACCESS="private" # "so\nBOT_LANGUAGE="ru\n', 3),
        ("ADMINS=1\r\n\r\nACCESS: private\r\n", 3),
        ('ACCESS="private"x\n', 1),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_never_passed_over(
    tmp_path: Path, text: str, line: int
) -> None:
    """Else what was to close an instance would leave it open."""
    path = tmp_path / "odd.env"
    path.write_text(text, newline="")
    found = [one for one in problems(path) if "cannot be read" in one]
    assert [one.partition(";")[0] for one in found] == [f"{path}: line {line} cannot be read"]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffACCESS=private\n",
        "ACCESS=private\r\n",
        "export ACCESS = 'private'\n",
        "# ACCESS=open\n\n  ACCESS=private # as it was",
        "ACCESS=open\nACCESS=private\n",
        "\n\n",
        "TIMEZONE=\n",
        "TIMEZONE\nADMINS\nACCESS=private\nMETRICS_ADDRESS\n",
        "export FEEDS_ADDRESS",
        "READ_ON_WATCH\n",
    ],
)
def test_odd_files_are_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.env"
    path.write_text(text, newline="")
    expected = "private" if "private" in text else "open"
    assert settings.load({}, path).access == expected


def test_a_name_without_a_value_is_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "odd.env"
    path.write_text("READ_ON_WATCH\nSEND_RATE\nADMINS\n")
    found = settings.load({}, path)
    assert (found.read_on_watch, found.send_rate, found.admins) == (None, 30.0, frozenset())


@pytest.mark.parametrize("name", setting_file.CLOSING)
def test_a_name_that_closes_something_has_a_value(tmp_path: Path, name: str) -> None:
    path = tmp_path / "odd.env"
    path.write_text(f"ADMINS=1\n{name}\n")
    (problem,) = problems(path)
    assert problem.startswith(f"{path}: line 2 cannot be read; ")
    path.write_text(f"{name}=hunter2\nADMINS=1\n{name}=\n")
    assert problems(path) == [
        f"{path}: {name} has a value in line 1 and none in line 3; remove one of the lines"
    ]
    assert name in settings.NAMES


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        ("ACCESS=open\nADMINS=1\n\nACCESS=private\n", [("ACCESS", 1, 4)]),
        ("ACCESS=private\nACCESS='private'\n", []),
        ("ADMINS=1\nADMINS=2\nADMINS=3\n", [("ADMINS", 1, 2), ("ADMINS", 2, 3)]),
        ("API_HASH=hunter2\nAPI_HASH=hunter3", [("API_HASH", 1, 2)]),
        ("ADMINS=1\nADMINS\n", [("ADMINS", 1, 2)]),
    ],
)
def test_a_setting_given_twice_is_told(
    tmp_path: Path, text: str, noted: list[tuple[str, int, int]]
) -> None:
    path = tmp_path / "odd.env"
    path.write_text(text)
    found = settings.load({}, path)
    assert list(found.notes) == [
        f"{path}: {name} is set in line {one} and in line {two}, and the latter counts;"
        " remove the other"
        for name, one, two in noted
    ]
    assert "hunter" not in "".join(found.notes)


def test_settings_that_stand_in_no_file_are_read_or_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What closes an instance may stand there: a secret manager gives a pipe, a container's engine
    makes a folder where it finds nothing."""
    monkeypatch.chdir(tmp_path)
    path = Path(".env")
    assert settings.load({}).access == "open"
    path.symlink_to("nothing")
    assert problems(None) == [f".env: cannot be read: No such file or directory; {WHAT_TO_DO}"]
    path.unlink()
    path.mkdir()
    assert problems(None) == [f".env: cannot be read: Is a directory; {WHAT_TO_DO}"]
    path.rmdir()
    os.mkfifo(path)
    writing = threading.Thread(target=path.write_text, args=("ACCESS=private\n",))
    writing.start()
    assert settings.load({}).access == "private"
    writing.join()
