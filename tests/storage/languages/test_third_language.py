"""A third language is one more file: an invented one, in a copy of the folder of catalogues."""

import json
import os
import re
import shutil
import subprocess
import sys
from typing import Any

import pytest
from babel.messages.catalog import Catalog

from storage.languages import catalogue, template

pytestmark = pytest.mark.end_to_end

CODE = "qq"
RULE = "nplurals=4; plural=(n==0 ? 3 : n==1 ? 0 : n<5 ? 1 : 2);"
WORD = re.compile(r"(?<![{/\w])\w+(?![}\w])")
"""Neither a value nor a command."""

SEEN = """
import json
from bot import setting_values
from handlers import command_table
from handlers.conversation.requests import parse_command
from handlers.render.answers.settings import Present, choices_keyboard, settings_keyboard
from handlers.render.text.dates import here_in, moment
from handlers.texts.languages import language_at_first_sight, words_of
from handlers.times import clocks, zones
from storage.languages import catalogue
from storage.query.reading.syntax import parse
from storage.records import Subscriber
from datetime import UTC, datetime

words, now = words_of("qq"), datetime(2026, 3, 5, 12, tzinfo=UTC)
present = Present(Subscriber(chat_id=1, created_at=now), "UTC", 5)
print(json.dumps({
    "spoken": catalogue.spoken(),
    "sight": language_at_first_sight("qq-QQ"),
    "title": words.alerts_title,
    "in a group": words_of("qq", "group").alerts_title,
    "counted": [words.count(words.posts, number) for number in (0, 1, 4, 5)],
    "menu": dict(command_table.menu("qq"))["search"],
    "command": parse_command("/ZAlerts x").name,
    "query": parse("zchannel:zxy ZOR zhas:zphoto").text,
    "problem": words.problem("the query is empty"),
    "clock": str(clocks.parse_clock("8 zin the evening")),
    "now": moment(now, here_in("UTC", now), words),
    "settings": [row[0].text for row in settings_keyboard(words)],
    "languages": [row[0].text for row in choices_keyboard("l", present, words)],
    "instance": setting_values.language("qq"),
}))
"""


def translated(text: str) -> str:
    """Every word of a text with a ``z`` before it, in brackets: ``[zYour zalerts: {count}]``."""
    words = WORD.sub(r"z\g<0>", text)
    return f"[{words}]"


def typed(words: str) -> str:
    return ", ".join(("Z" if word.isupper() else "z") + word for word in words.split(", "))


def invented() -> Catalog:
    """A catalogue of the whole code in a language that there is not."""
    made = template.brought_up_to_date(template.new_catalog(CODE, RULE), template.find_entries())
    for message in made:
        if not message.id:
            continue
        if isinstance(message.id, str):
            is_typed = any("people type" in note for note in message.auto_comments)
            message.string = typed(message.id) if is_typed else translated(message.id)
        else:
            message.string = tuple(f"{place}:{message.id[1]}" for place in range(4))
    return made


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the bot says where the catalogue lies in a folder of its own."""
    folder = tmp_path_factory.mktemp("third")
    shutil.copytree(catalogue.FOLDER.parent, folder / "storage")
    catalogues = folder / "storage" / "languages"
    (catalogues / f"{CODE}.po").write_text(template.dump(invented()), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", SEEN],
        env={**os.environ, "PYTHONPATH": str(folder)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def test_a_language_is_found_by_its_file(seen: dict[str, Any]) -> None:
    assert seen["spoken"] == ["en", CODE, "ru"]
    assert seen["sight"] == seen["instance"] == CODE


def test_all_that_is_said_is_said_in_it(seen: dict[str, Any]) -> None:
    assert seen["title"] == "[zYour zalerts: {count}]"
    assert seen["in a group"] == "[zThis zgroup'zs zalerts: {count}]"
    assert seen["menu"] == "[zfind zposts, znewest zfirst]"
    assert seen["problem"] == "[zthe zquery zis zempty]"
    assert seen["now"] == "[[ztoday] 12:00]"


def test_it_counts_by_its_own_rule(seen: dict[str, Any]) -> None:
    assert seen["counted"] == ["3:0 posts", "0:1 posts", "1:4 posts", "2:5 posts"]


def test_people_may_type_its_words(seen: dict[str, Any]) -> None:
    assert seen["command"] == "alerts"
    assert seen["query"] == "channel:zxy OR has:photo"
    assert seen["clock"] == "20:00:00"


def test_it_may_be_chosen_in_the_settings(seen: dict[str, Any]) -> None:
    assert "[🌐 zLanguage]" in seen["settings"]
    assert seen["languages"][:3] == ["English", "✓ [zEnglish]", "русский"]
