"""Which command the service's signals are heeded for."""

import pytest

from bot.process.signals import command_of


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["run"], "run"),
        (["run", "--without-account"], "run"),
        (["--env-file", "other.env", "run"], "run"),
        (["--env-file=other.env", "run", "--env-file", "third.env"], "run"),
        (["--env-file", "run", "check"], "check"),
        (["search", "run"], "search"),
        (["--version"], None),
        (["--env-file"], None),
        ([], None),
    ],
)
def test_the_command_is_the_first_that_is_no_option(
    arguments: list[str], command: str | None
) -> None:
    assert command_of(arguments) == command
