"""The machine that it runs on, as a check sees it."""

from pathlib import Path

import pytest

from bot.commands.checking import machine


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
