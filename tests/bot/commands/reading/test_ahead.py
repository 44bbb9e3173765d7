"""Files read ahead by another process: the same comes of them as when they are read here."""

import json
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest

from bot.commands.reading import ahead, source_files
from bot.commands.reading.ahead import Material
from bot.commands.reading.reader import ReadRequest
from bot.commands.reading.source_files import Tally
from bot.intake import imported
from storage.document import Document
from storage.errors import UsageError

Run = Callable[..., Any]

ARTICLE = (
    " date 2031-02-03 LISVIK, February 3. /NORDWIRE/. The harbour is open, the mayor said.\n\n"
    "Ferries run again. «Паромы снова ходят», — сказал капитан."
)
TELETHON = [
    {"_": "Message", "id": number, "peer_id": {"_": "PeerChannel", "channel_id": 5},
     "date": "2024-03-01T10:00:05+00:00", "message": words}
    for number, words in enumerate((
        "Паромы снова ходят, билеты на причале\nSubscribe to @port",
        "Ferries run again between the islands \ud800 today, the mayor of Lisvik said",
        "ок", "\ufdfa" * 4_000, "Паромы снова ходят, билеты на причале\nи в порту",
    ), start=1)
]  # fmt: skip
PREVIEW = """<!DOCTYPE html><html><body>
<div class="tgme_widget_message_wrap js-widget_message_wrap">
<div class="tgme_widget_message js-widget_message" data-post="harbour/7">
<div class="tgme_widget_message_bubble">
<div class="tgme_widget_message_author"><a class="tgme_widget_message_owner_name"
 href="https://t.me/harbour"><span dir="auto">Harbour</span></a></div>
<div class="tgme_widget_message_text js-message_text" dir="auto">Ferry &amp; crew<br/>at sea</div>
<div class="tgme_widget_message_footer"><div class="tgme_widget_message_info">
<span class="tgme_widget_message_meta"><a class="tgme_widget_message_date"
 href="https://t.me/harbour/7"><time datetime="2024-03-01T10:00:05+00:00" class="time">13:00</time>
</a></span></div></div></div></div></div></body></html>"""
PAGE = """<!DOCTYPE html><html><body><div class="page_wrap">
<div class="page_header"><div class="content"><div class="text bold">Harbour</div></div></div>
<div class="page_body chat_page"><div class="history">
<div class="message default clearfix" id="message9"><div class="body">
<div class="pull_right date details" title="01.03.2024 13:00:05 UTC+03:00">13:00</div>
<div class="from_name">Harbour</div><div class="text">Ferries are full</div>
</div></div></div></div></div></body></html>"""


def message(number: int, words: object = "", **more: object) -> dict[str, object]:
    return {"id": number, "type": "message", "date": "2024-05-01T10:00:00",
            "date_unixtime": str(1714557600 + 60 * number), "from": "Port",
            "from_id": "channel77", "text": words or f"Ferry {number} sails from Lisvik",
            **more}  # fmt: skip


def export(*messages: object, type: str = "public_channel", id: int = 77) -> str:
    return json.dumps({"name": "Port", "type": type, "id": id, "messages": messages})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of all formats, sound and damaged, with what is no file among them."""
    found = tmp_path / "material"
    found.mkdir()
    album = [message(200 + part, photo="a.jpg", date_unixtime="1714999999") for part in range(3)]
    sound = [message(number) for number in range(1, 130)]
    broken = export(message(1), message(2), id=78).replace('"id": 2', '"id": 2, oh', 1)
    files = {
        "article.txt": ARTICLE,
        "empty.html": "",
        "posts.jsonl": "\n".join(map(json.dumps, TELETHON)) + "\n{nothing}\n",
        "preview.html": PREVIEW,
        "messages.html": PAGE,
        "result.json": export(*sound, {"type": "message"}, *album),
        "again.json": export(
            *sound[:60],
            message(61, "Ferry 61 was late", edited_unixtime="1714999999"),
            message(130),
        ),
        "broken.json": broken + "{",
        "cut.json": export(message(1), id=79)[:-2],
        "group.json": export(message(1), type="private_supergroup", id=80),
        "other.json": '{"weather": "fair"}',
    }
    for name, content in files.items():
        (found / name).write_text(content, encoding="utf-8", errors="surrogatepass")
    os.mkfifo(found / "pipe.txt")
    return found


def asked_for(folder: Path, **options: object) -> ReadRequest:
    paths = (folder, folder / "article.txt", folder / "absent.txt")
    return ReadRequest(paths=paths, **options)  # type: ignore[arg-type]


@pytest.fixture
def fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fixed(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime(2026, 1, 2, 3, 4, 5, 678901, tz or UTC)

    monkeypatch.setattr(imported, "datetime", Fixed)


def took(material: Material) -> Iterator[tuple[Document, bool]]:
    with material:
        for one in material.documents():
            yield one.document, one.ready is not None


@pytest.mark.parametrize(
    ("size", "cores", "is_apart"),
    [
        (ahead.LEAST_BYTES, 2, True),
        (ahead.LEAST_BYTES, 64, True),
        (ahead.LEAST_BYTES - 1, 2, False),
        (1 << 40, 1, False),
        (0, 2, False),
    ],
)
def test_only_what_is_worth_it_is_read_apart(size: int, cores: int, is_apart: bool) -> None:
    assert ahead.is_worth_it([Path("result.json")], size, cores) == is_apart


@pytest.mark.parametrize("path", ["/dev/stdin", "/dev/fd/63", "/proc/self/fd/0"])
def test_what_only_this_process_can_open_is_read_here(path: str) -> None:
    assert not ahead.is_worth_it([Path("a.json"), Path(path)], 1 << 30, 2)


def test_a_file_in_memory_is_one_that_another_process_can_open() -> None:
    assert ahead.is_worth_it([Path("/dev/shm/folder/a.json")], 1 << 30, 2)


def test_cores_are_those_that_this_process_may_use() -> None:
    assert ahead.count_cores() == len(os.sched_getaffinity(0))


@pytest.mark.end_to_end
@pytest.mark.parametrize("all_chats", [False, True])
def test_the_same_comes_of_files_that_are_read_apart(folder: Path, all_chats: bool) -> None:
    asked = asked_for(folder, all_chats=all_chats)
    here, apart, read = Tally(), Tally(), [0, 0]

    def advance_by(place: int) -> Callable[[int], None]:
        def advance(count: int) -> None:
            read[place] += count

        return advance

    plain = list(took(Material(asked, here, advance=advance_by(0), apart=False)))
    ready = list(took(Material(asked, apart, advance=advance_by(1), apart=True)))
    assert [document for document, _ in ready] == [document for document, _ in plain]
    assert len(plain) > 190
    assert not any(is_ready for _, is_ready in plain)
    assert all(is_ready for _, is_ready in ready)
    assert apart == here
    assert apart.problems and apart.skipped
    assert read[0] == read[1] == source_files.size(asked.paths)


def told(done: Any) -> tuple[int, str, list[str]]:
    """What a command says. A library may say besides, the first time, what it loads."""
    lines = [line for line in done.stderr.splitlines() if line.startswith("dateline: ")]
    return done.returncode, done.stdout, lines


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(path) as database:
        names = [row[0] for row in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]  # fmt: skip
        found = {name: list(database.execute(f"SELECT * FROM {name}")) for name in names}  # noqa: S608
    database.close()
    return found


@pytest.mark.end_to_end
def test_the_same_rows_are_stored_byte_for_byte(
    folder: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fixed_clock: None
) -> None:
    monkeypatch.setattr(ahead, "LEAST_BYTES", 1)
    stored, said, apart = [], [], []
    start = ahead._start
    monkeypatch.setattr(ahead, "_start", lambda asked: apart.append(start(asked)) or apart[-1])
    run("search", "ferries")  # makes a database, with its random numbers
    for cores in (1, 2):
        monkeypatch.setattr(ahead, "count_cores", lambda cores=cores: cores)
        shutil.copytree(tmp_path / "data", tmp_path / f"data{cores}")
        monkeypatch.setenv("DATA_DIR", str(tmp_path / f"data{cores}"))
        names = ["article.txt", "posts.jsonl", "preview.html", "messages.html", "result.json"]
        said.append(run("import", "--json", "--all-chats", *(folder / name for name in names)))
        said.append(run("import", "--json", folder, folder / "absent.txt"))
        stored.append(tables(tmp_path / f"data{cores}" / "dateline.db"))
    assert [one is not None for one in apart] == [True, True]
    assert list(map(told, said[:2])) == list(map(told, said[2:]))
    assert len(stored[0]["document"]) > 130
    assert stored[0]["revision"] and stored[0]["problem"] and stored[0]["chain_entry"]
    for name, rows in stored[0].items():
        assert stored[1][name] == rows, name


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """More than a pipe and the least that is fetched can hold."""
    path = tmp_path / "many.json"
    messages = [
        message(number, f"Ferry {number} sails " + "at sea " * 200) for number in range(900)
    ]
    path.write_text(export(*messages), encoding="utf-8")
    return path


@pytest.mark.end_to_end
@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGTERM])
def test_what_a_killed_reader_has_not_read_is_read_here(
    many: Path,
    kill: signal.Signals,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(ahead, "MOST_HELD", 1)
    tally, read = Tally(), []
    numbers, ready = [], 0
    with Material(ReadRequest(paths=(many,)), tally, advance=read.append, apart=True) as material:
        for one in material.documents():
            if not numbers:
                assert material._apart is not None
                material._apart._process.send_signal(kill)
            numbers.append(one.document.message_id)
            ready += one.ready is not None
    assert numbers == list(range(900))
    assert 0 < ready < 900
    assert sum(read) == many.stat().st_size
    assert (tally.documents, tally.files, tally.problems) == (900, 1, [])
    assert capsys.readouterr().err.count("was killed; we go on without") == 1


@pytest.mark.end_to_end
def test_a_reader_that_is_not_wanted_any_more_ends(many: Path) -> None:
    with Material(ReadRequest(paths=(many,)), Tally(), advance=int, apart=True) as material:
        next(material.documents())
        assert material._apart is not None
        process = material._apart._process
        assert process.poll() is None
    assert process.returncode == -signal.SIGKILL


@pytest.mark.end_to_end
def test_what_is_known_already_is_only_read(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "MOST_HELD", 1)
    ready = []
    with Material(ReadRequest(paths=(many,)), Tally(), advance=int, apart=True) as material:
        for one in material.documents():
            material.prefer(prepared=False)
            ready.append(one.ready is not None)
    assert len(ready) == 900
    assert ready[0]
    assert not ready[-1]


@pytest.mark.end_to_end
@pytest.mark.parametrize("options", [{"format": "morse"}, {"channel": "no channel"}])
def test_wrong_use_is_said_as_it_is_here(many: Path, options: dict[str, str]) -> None:
    said = []
    for apart in (False, True):
        with pytest.raises(UsageError) as raised:
            list(
                took(
                    Material(
                        ReadRequest(paths=(many,), **options), Tally(), advance=int, apart=apart
                    )
                )
            )
        said.append(str(raised.value))
    assert said[0] == said[1]


@pytest.mark.slow
def test_where_no_process_can_be_started_files_are_read_here(
    many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    found = list(took(Material(ReadRequest(paths=(many,)), Tally(), advance=int, apart=True)))
    assert len(found) == 900
    assert not any(is_ready for _, is_ready in found)
