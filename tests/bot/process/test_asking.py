"""Questions on a terminal: answers are read whole, and secrets are not shown."""

import asyncio
import os
import termios
from collections.abc import Iterator

import pytest

from bot.process import asking


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, int]]:
    """A terminal that is stdin: what is typed at, and the terminal itself."""
    typing, terminal = os.openpty()
    with os.fdopen(terminal) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        yield typing, terminal
    os.close(typing)


def shows(terminal: int) -> bool:
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


async def test_a_line_is_read_without_white_space_around_it(
    keyboard: tuple[int, int], capsys: pytest.CaptureFixture[str]
) -> None:
    os.write(keyboard[0], b"  \xd0\xbf\xd0\xb0\xd1\x80\xd0\xbe\xd0\xbc \nnext\n")
    assert await asking.ask("Word") == "паром"
    assert capsys.readouterr().err == "Word: "
    assert await asking.ask("Word") == "next"


async def test_a_secret_is_not_shown_while_it_is_asked_for(
    keyboard: tuple[int, int], capsys: pytest.CaptureFixture[str]
) -> None:
    typing, terminal = keyboard
    assert shows(terminal)
    asked = asyncio.create_task(asking.ask("Password", True))
    async with asyncio.timeout(60):
        while shows(terminal):  # noqa: ASYNC110 - of the terminal
            await asyncio.sleep(0.01)
    os.write(typing, b"hush\n")
    assert await asked == "hush"
    assert shows(terminal)
    assert capsys.readouterr().err == "Password: \n"


async def test_where_no_more_is_typed_it_is_over(keyboard: tuple[int, int]) -> None:
    os.write(keyboard[0], b"\x04")
    with pytest.raises(EOFError):
        await asking.ask("Word")
