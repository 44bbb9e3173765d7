"""``dateline demo``, as somebody who tries it out starts it."""

import asyncio
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.demo.process import clean_environment

PICTURE = Path(__file__).parents[2] / "docs" / "demo.svg"
SVG = "{http://www.w3.org/2000/svg}"
TIME = re.compile(
    r"(?:(?:today|tomorrow|yesterday) )?\d{1,2}:\d\d|\d{1,2} [A-Z][a-z]{2}\b(?: \d{4})?"
)
POSTS = """Forwarded from Lisvik Weather
🌨 Snow closes the pass to Tarnograd
The plough leaves at six, and the ferry waits for it.
#Weather

Forwarded from Lisvik Weather
⚡️ Thaw expected on Sunday
The river stays within its banks, and the ferry keeps its hours.
#Weather
"""


def said(picture: Path) -> list[tuple[str, str]]:
    """Who says what in a picture; the times of one show are those of another."""
    groups = ElementTree.parse(picture).iter(f"{SVG}g")  # noqa: S314 - it is our own
    told = [
        (
            group.get("class", ""),
            " ".join("".join(text.itertext()) for text in group.iter(f"{SVG}text")),
        )
        for group in groups
    ]
    return [(who, TIME.sub("then", text)) for who, text in told]


async def run_demo(folder: Path, *arguments: str) -> tuple[int, list[str], str]:
    """Status, lines of stdout, and stderr of a demo started in a folder."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        *arguments,
        cwd=folder,
        env=clean_environment({}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode().splitlines(), err.decode()


def names_in(folder: Path) -> list[str]:
    """What stands in a folder."""
    return sorted(path.name for path in folder.iterdir())


async def test_the_demo_shows_an_alert_a_search_and_a_digest(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("API_ID=not a number of the demo's\n")
    status, lines, errors = await run_demo(tmp_path, "--picture", "demo.svg")
    assert (status, errors) == (0, "")
    drawn_anew = "run: ./do shows"
    assert said(tmp_path / "demo.svg") == said(PICTURE), drawn_anew
    assert lines[-1] == "demo: 7 documents, 1 alert, 1 search, 1 digest"
    shown = "\n".join(lines)
    assert "🔔 ferry" in shown
    assert "forwarded from Port of Lisvik" in shown
    assert "/search ferry" in shown
    assert names_in(tmp_path) == [".env", "demo.svg"]


async def test_the_demo_posts_what_it_is_given_and_forwards_what_was_forwarded(
    tmp_path: Path,
) -> None:
    (tmp_path / "posts.txt").write_text(POSTS, encoding="utf-8")
    status, lines, errors = await run_demo(tmp_path, "--posts", "posts.txt", "--query", "plough")
    assert (status, errors) == (0, "")
    assert lines[-1] == "demo: 2 documents, 1 alert, 1 search, 1 digest"
    assert any("forwarded from Lisvik Weather" in line for line in lines)


async def test_words_that_no_post_holds_raise_no_alert(tmp_path: Path) -> None:
    status, lines, _ = await run_demo(tmp_path, "--query", "zeppelin")
    assert status == 0
    assert lines[-1] == "demo: 7 documents, 0 alerts, 1 search, 1 digest"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--posts", "nowhere"), "nowhere: there is no such file or folder"),
        (("--query", '"unclosed'), "query, column 1: "),
        (("--picture", "no/such/folder.svg"), "no/such/folder.svg: cannot be written: "),
    ],
)
async def test_what_is_of_no_use_is_one_line_and_status_2(
    tmp_path: Path, arguments: tuple[str, str], complaint: str
) -> None:
    status, lines, errors = await run_demo(tmp_path, *arguments)
    assert (status, lines) == (2, [])
    assert errors.startswith("dateline: error: ")
    assert complaint in errors
    assert len(errors.splitlines()) == 1
