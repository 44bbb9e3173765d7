"""How a hit looks in a terminal, and to programs."""

import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.commands import importing, search
from bot.commands.search import _as_json, _as_text, _emphasized
from bot.settings import Settings
from handlers.render.documents.json_lines import _attached as attached
from handlers.render.text.dates import here_in
from storage.document import Channel, Document, Source
from storage.query.marked import Attached, Marked
from storage.records import Hit
from storage.structs import replace


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("marked", "plain", "bold"),
    [
        (Marked(text="no ice"), "no ice", "no ice"),
        (Marked(text="ice and ice", spans=((0, 3), (8, 11))), "ice and ice", "[ice] and [ice]"),
        (
            Marked(text="the ice\x1b[2J on\u202e it", spans=((4, 7),)),
            "the ice [2J on  it",
            "the [ice] [2J on  it",
        ),
    ],
)
def test_what_matched_is_bold_on_a_screen(
    marked: Marked, plain: str, bold: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert _emphasized(marked) == plain
    monkeypatch.setattr(sys, "stdout", Screen())
    assert _emphasized(marked) == bold.replace("[ice]", "\x1b[1mice\x1b[0m")


DOCUMENT = Document(
    kind="post",
    doc_id="tg:100/5",
    source=Source(type="telethon"),
    channel=Channel(id=100, username="harbour", title="Harbour\nNews"),
    published_at="2026-11-22T13:05:21Z",
    content_hash="0" * 16,
)
HERE = here_in("Europe/Paris", datetime(2026, 11, 22, 14, tzinfo=UTC))
PLAN = Attached(type="document", text=Marked(text="ice_plan.pdf", spans=((0, 3),)))
CHECK = Attached(type="unknown", text=Marked(text="no ice"), name="fact-check")
HIT = Hit(id=1, document=DOCUMENT, snippet=Marked(text="ice\nand", spans=((0, 3),)))


def test_what_is_attached_is_called_by_its_name_else_by_its_kind() -> None:
    assert attached(PLAN) == "[document] ice_plan.pdf"
    assert attached(CHECK) == "[fact-check] no ice"


@pytest.mark.parametrize(
    ("hit", "lines"),
    [
        (HIT, ["today 14:05 · Harbour News · tg:100/5", "ice and"]),
        (
            replace(HIT, attached=(PLAN, CHECK)),
            [
                "today 14:05 · Harbour News · tg:100/5",
                "ice and",
                "[document] ice_plan.pdf",
                "[fact-check] no ice",
            ],
        ),
        (
            replace(
                HIT,
                snippet=Marked(text=""),
                document=replace(
                    DOCUMENT,
                    channel=Channel(id=100, username="harbour"),
                    published_at=None,
                    url="https://t.me/harbour/5",
                ),
            ),
            ["date unknown · harbour · https://t.me/harbour/5"],
        ),
        (
            replace(HIT, document=replace(DOCUMENT, channel=None, published_at=None)),
            ["date unknown · tg:100/5", "ice and"],
        ),
    ],
)
def test_a_hit_is_a_line_of_where_and_when_and_what_was_found_below(
    hit: Hit, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert _as_text(hit, HERE) == "\n  ".join(lines) + "\n\n"


@pytest.mark.parametrize(
    ("hit", "snippet"),
    [
        (HIT, "ice\nand"),
        (replace(HIT, attached=(PLAN,)), "ice\nand\n[document] ice_plan.pdf"),
        (replace(HIT, snippet=Marked(text=""), attached=(CHECK,)), "[fact-check] no ice"),
    ],
)
def test_programs_get_a_line_with_what_was_found(hit: Hit, snippet: str) -> None:
    line = _as_json(replace(hit, matched=("ice",)))
    assert line.count("\n") == 1
    assert line.endswith("\n")
    read = json.loads(line)
    assert (read["snippet"], read["matched"], read["doc_id"]) == (snippet, ["ice"], "tg:100/5")


def test_so_many_are_printed_as_are_asked_for_page_by_page(
    tmp_path: Path,
    database_url: str,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search, "_PAGE", 2)
    settings = Settings(data_dir=tmp_path, database_url=database_url)
    titles = ["Ferries are late", "The lighthouse is dark", "Nets are torn"]
    files = [tmp_path / f"{number}.txt" for number in range(3)]
    for file, title in zip(files, titles, strict=True):
        file.write_text(f"{title}\n\nThe ice did it, said the harbour of {title.split()[-1]}.\n")
    given: dict[str, Any] = {"format": None, "channel": None, "all_chats": False}
    importing.run(settings, files, as_json=True, **given)
    capfd.readouterr()
    for limit, count in ((1, 1), (2, 2), (3, 3), (10, 3)):
        assert search.run(settings, "ice", limit=limit, sort="newest", as_json=True) == 0
        found = [json.loads(line)["title"] for line in capfd.readouterr().out.splitlines()]
        assert len(found) == len(set(found)) == count
    assert search.run(settings, "fog", limit=3, sort="newest", as_json=False) == 0
    out, err = capfd.readouterr()
    assert (out, err) == ("", "dateline: nothing found for fog\n")
