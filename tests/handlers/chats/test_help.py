"""``/help``: of all commands, or of one."""

import pytest


@pytest.mark.parametrize("asked", ["/help alerts", "/help /alerts", "/help ALERTS"])
async def test_of_one_command_it_tells_that_alone(ann, asked: str) -> None:
    text = await ann.read(asked)
    assert "/alerts" in text
    assert "/search" not in text


async def test_of_what_is_no_command_it_tells_all(ann) -> None:
    assert "/search" in await ann.read("/help nothing")
