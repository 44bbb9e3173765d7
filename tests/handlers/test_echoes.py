"""What cannot be understood is repeated, but no more than the first hundred letters of it."""

import re
from typing import Any

import pytest


@pytest.mark.parametrize(
    "command",
    ["/quiet {}", "/digest {}", "/timezone {}", "/language {}", "/settings {} on", "/for {}"],
)
async def test_what_is_not_understood_is_repeated_up_to_a_hundred_letters(
    ann: Any, command: str
) -> None:
    for letters, repeated in ((99, 99), (100, 100), (101, 100), (900, 100)):
        told = "\n".join(
            message.text.text for message in await ann.say(command.format("z" * letters))
        )
        found = max(re.findall("z+", told), key=len, default="")
        assert len(found) == repeated, told
