"""What programs may ask for: its page names it, and whatever they give is answered or refused."""

import base64
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.programs import sight
from handlers.programs.arguments import read_arguments
from handlers.programs.operations import OPERATIONS
from handlers.programs.problems import problem_of
from handlers.programs.reading import Archive
from storage.connection import Database
from storage.errors import UsageError

PAGE = Path(__file__).parents[3] / "docs" / "api.md"
TOOLS = {operation.name: operation for operation in OPERATIONS}


@pytest.fixture
def archive(database: Database, now: datetime) -> Archive:
    return Archive(
        database=database, sight=sight.EVERYTHING, zone=ZoneInfo("UTC"), seconds=20.0, now=now
    )


def test_its_page_names_each_path_with_its_scope() -> None:
    rows = re.findall(r"^\| `(/api/\w+)[^`]*` \| `(\w+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert rows == [(one.path.removesuffix("/{id}"), one.scope) for one in OPERATIONS]


@pytest.mark.parametrize(
    ("tool", "given", "read"),
    [
        ("search", {"q": ""}, {"q": "", "limit": 20, "sort": "newest"}),
        ("search", {"q": "a", "limit": "5"}, {"q": "a", "limit": 5, "sort": "newest"}),
        ("search", {"q": "a", "limit": 100}, {"q": "a", "limit": 100, "sort": "newest"}),
        ("document", {"id": "tg:1/2"}, {"id": "tg:1/2"}),
        ("story", {"id": "x", "cursor": "y"}, {"id": "x", "limit": 20, "cursor": "y"}),
        ("document", {}, None),
        ("document", {"id": None}, None),
        ("document", {"id": 7}, None),
        ("search", {"q": "a", "limit": "٣"}, None),
        ("search", {"q": "a", "limit": 5.0}, None),
        ("search", {"q": "a", "limit": False}, None),
        ("search", {"q": "a", "sort": "Newest"}, None),
        ("search", {"q": "a", "id": "tg:1/2"}, None),
    ],
)
def test_arguments_are_read_by_the_table(tool: str, given: dict[str, Any], read: Any) -> None:
    if read is None:
        with pytest.raises(UsageError):
            read_arguments(TOOLS[tool], given.items())
    else:
        assert read_arguments(TOOLS[tool], given.items()) == read


HOSTILE = (
    "", "\x00", "a\x00b", "'", "\ud800", "\U000e0041", "%", "*", "-", "(" * 500, "a " * 500,
    "tg:100/\x00", "tg:100/" + "9" * 40, "tg:@harbour/1", "../../etc/passwd", "txt:0#1",
    *(base64.urlsafe_b64encode(bytes([value]) * size).decode().rstrip("=")
      for value in (0, 1, 127, 128, 255) for size in (1, 8, 18, 60)),
)  # fmt: skip


async def test_whatever_is_given_is_answered_or_refused(
    archive: Archive, store: Any, make_post: Any
) -> None:
    await store(*(make_post(number, f"Oil price {number}") for number in range(1, 4)))
    tried = 0
    for text in HOSTILE:
        for tool, given in (
            ("search", {"q": text}),
            ("search", {"q": "oil", "cursor": text[:100], "limit": 1}),
            ("search", {"q": "oil", "cursor": text[:100], "limit": 1, "sort": "relevance"}),
            ("document", {"id": text}),
            ("story", {"id": text}),
            ("story", {"id": "tg:100/1", "cursor": text[:100]}),
        ):
            operation = TOOLS[tool]
            try:
                await operation.read(archive, read_arguments(operation, given.items()))
            except Exception as error:
                problem = problem_of(error)
                assert problem is not None, (tool, given, error)
                assert problem.status in (400, 404), (tool, given, error)
            tried += 1
    assert tried == 6 * len(HOSTILE)
