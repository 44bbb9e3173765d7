"""What stands behind ``/save``: a link, a name, a note, each of which may be missing."""

import pytest

from handlers.collections.saving import NOTE_CHARACTERS, _parts
from handlers.render.answers.collections import NAME_UNITS

LINK = "https://t.me/harbour/7"


@pytest.mark.parametrize(
    ("argument", "parts"),
    [
        ("", ("", "", "")),
        (LINK, (LINK, "", "")),
        (f"  {LINK}   Brief ", (LINK, "Brief", "")),
        (f"{LINK} Night  desk: for  Monday: early ", (LINK, "Night desk", "for  Monday: early")),
        (f"{LINK} : only a note", (LINK, "", "only a note")),
        ("Brief: for Monday", ("", "Brief", "for Monday")),
        ("Brief", ("", "Brief", "")),
        ("Br\x00ief\x7f: a\x07 note\nof two", ("", "Brief", "a note\nof two")),
        ("x" * (NAME_UNITS + 1), ("", "x" * (NAME_UNITS - 1) + "…", "")),
        ("x" * NAME_UNITS, ("", "x" * NAME_UNITS, "")),
        ("a:" + "n" * (NOTE_CHARACTERS + 1), ("", "a", "n" * NOTE_CHARACTERS)),
    ],
)
def test_link_name_and_note_are_told_apart(argument: str, parts: tuple[str, str, str]) -> None:
    assert _parts(argument) == parts
