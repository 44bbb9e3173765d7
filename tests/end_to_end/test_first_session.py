"""docs/first-session.md: the first ten minutes and the second week go as it says, in both
languages."""

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "first-session.md"
_SCRIPT = ROOT / "benchmarks" / "first_session.py"
_TAPPED = re.compile(r"\[\[ .* \]\]")


def steps(page: str) -> list[str]:
    """What the readers type and when they tap, whatever the buttons are called."""
    lines = (line for line in page.splitlines() if re.match(r"\*\*(Ann|Иван):\*\* ", line))
    return [_TAPPED.sub("[[ ]]", line) for line in lines]


async def test_the_page_tells_of_what_readers_do() -> None:
    recorded = await runpy.run_path(str(_SCRIPT))["record"]()
    for page in (recorded, PAGE.read_text(encoding="utf-8")):
        assert "### The second week" in page and "### Вторая неделя" in page
    assert steps(recorded) == steps(PAGE.read_text(encoding="utf-8")) != [], "run: ./do shows"
