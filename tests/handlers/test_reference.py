"""The documentation of the commands is the table."""

from pathlib import Path

from handlers.reference import reference
from handlers.texts.languages import words_of

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_of_commands_is_up_to_date() -> None:
    written = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert written == reference(words_of("en"))
