"""normalize, render, import, search and export, as a person calls them."""

import csv
import io
import json
import os
import re
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

ARTICLE = (
    " date 2031-02-03 LISVIK, February 3. /NORDWIRE/. The harbour is open, the mayor said.\n\n"
    "Ferries run again. «Паромы снова ходят», — сказал капитан."
)
PAGE = """Forwarded from Port of Lisvik ⚓
🛳 Winter timetable of the #Lisvik ferry
The morning crossing stays.
Read in full
The morning crossing stays.
Read in full
Forwarded from Port of Lisvik ⚓
🧊 Ice on the sound
Послы осмотрели ледокол.
Послы осмотрели ледокол."""


@pytest.fixture
def material(tmp_path: Path, put_database: Callable[[Path], str]) -> Path:
    """A folder with an article, a page of two posts and a picture; beside it an empty archive."""
    put_database(tmp_path / "data" / "dateline.db")
    folder = tmp_path / "material"
    (folder / "deeper").mkdir(parents=True)
    (folder / "article.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "deeper" / "page.txt").write_text(PAGE, encoding="utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    return folder


def rows(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_documents_come_one_a_line_in_the_order_of_the_files(run: Run, material: Path) -> None:
    done = run("normalize", material / "deeper", material / "article.txt")
    assert (done.returncode, done.stderr) == (0, "")
    assert [row["kind"] for row in rows(done.stdout)] == ["post", "post", "article"]
    folder = run("normalize", material)
    assert [row["kind"] for row in rows(folder.stdout)] == ["article", "post", "post"]


def test_replay_gives_the_files_back_with_the_files_gone(run: Run, material: Path) -> None:
    lines = run("normalize", material).stdout
    for path in material.rglob("*.txt"):
        path.unlink()
    assert run("render", "--replay", given=lines).stdout == ARTICLE + PAGE


def test_canonical_text_is_the_same_by_both_ways(run: Run, material: Path) -> None:
    straight = run("normalize", "--canonical", material)
    lines = material / "documents.jsonl"
    lines.write_text(run("normalize", material).stdout, encoding="utf-8")
    assert run("render", lines).stdout == straight.stdout
    assert straight.stdout.count("The morning crossing stays.") == 1


def test_folder_and_file_that_are_not_there_are_made_for_their_owner_alone(
    run: Run, two_posts: Path, tmp_path: Path
) -> None:
    former = os.umask(0)
    try:
        done = run("import", two_posts)
    finally:
        os.umask(former)
    assert done.returncode == 0
    folder = tmp_path / "data"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == dict.fromkeys(modes, 0o600)
    assert "dateline.db" in modes


def test_importing_twice_adds_nothing(run: Run, material: Path) -> None:
    first = json.loads(run("import", "--json", material).stdout)
    assert first == {
        "files": 2,
        "documents": 3,
        "new": 3,
        "updated": 0,
        "unchanged": 0,
        "skipped": 0,
        "failed": 0,
        "formats": {"text": 3},
        "errors": [],
    }
    second = json.loads(run("import", "--json", material).stdout)
    assert (second["new"], second["updated"], second["unchanged"]) == (0, 0, 3)
    assert "3 documents: 0 new, 0 updated, 3 unchanged" in run("import", material).stdout


def test_search_tells_dates_short_in_the_operators_zone(run: Run, material: Path) -> None:
    run("import", material)
    rows_by_id = {row["doc_id"]: row for row in rows(run("search", "ferries", "--json").stdout)}
    heads = [line for line in run("search", "ferries").stdout.splitlines() if " · " in line]
    assert len(heads) == len(rows_by_id)
    short = re.compile(r"date unknown|\d{1,2} [A-Z][a-z]{2}|[A-Z][a-z]+ \d")
    assert all(short.match(head) for head in heads)


@pytest.mark.parametrize("query", ["ferries", "FERRY", "посол", "ледокол послы", "паром"])
def test_search_finds_word_forms(run: Run, material: Path, query: str) -> None:
    run("import", material)
    done = run("search", query, "--json")
    (row, *_) = rows(done.stdout)
    assert row["schema"] == "dateline/1"
    assert row["snippet"]
    assert row["matched"]


def test_search_reads_days_ago_and_says_that_a_small_operator_is_a_word(
    run: Run, material: Path
) -> None:
    run("import", str(material))
    assert len(rows(run("search", "after:9000d", "--json").stdout)) == 1
    assert run("search", "on:today", "--json").stdout == ""
    done = run("search", "ferries or ice")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "dateline: or, not in small letters are words; operators: ferries OR ice",
        "dateline: nothing found for ferries or ice",
    ]


def test_search_without_results_is_no_failure(run: Run, material: Path) -> None:
    run("import", material)
    done = run("search", "submarine")
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "",
        "dateline: nothing found for submarine\n",
    )


def test_dated_documents_come_first_and_the_limit_holds(run: Run, material: Path) -> None:
    run("import", material)
    found = rows(run("search", "lisvik OR ice OR ferries", "--json").stdout)
    assert found[0]["kind"] == "article"
    assert len(found) > 1
    assert len(rows(run("search", "lisvik OR ice", "--json", "--limit", "1").stdout)) == 1


def test_text_export_reads_back_as_the_same_documents(
    run: Run, material: Path, tmp_path: Path
) -> None:
    run("import", material)
    assert run("export", "--format", "txt", "-o", "out").returncode == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert len(names) == 3
    hashes = {str(row["content_hash"]) for row in rows(run("normalize", material).stdout)}
    assert {name[4:20] for name in names} == hashes
    assert [name[:4] for name in names] == ["000_", "001_", "002_"]
    assert {row["content_hash"] for row in rows(run("normalize", "out").stdout)} == hashes


def test_tables_and_lines_are_exported(run: Run, material: Path, tmp_path: Path) -> None:
    run("import", material)
    table = list(csv.DictReader(io.StringIO(run("export", "--format", "csv", "-o", "-").stdout)))
    assert len(table) == 3
    assert {row["forwarded_from"] for row in table} == {"", "Port of Lisvik ⚓"}
    done = run("export", "ice", "--format", "jsonl", "-o", "ice.jsonl")
    assert (done.stdout, done.stderr) == ("", "dateline: exported 1 document to ice.jsonl\n")
    (row,) = rows((tmp_path / "ice.jsonl").read_text(encoding="utf-8"))
    assert row["title"] == "🧊 Ice on the sound"


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["normalize", "absent.txt"], 2, "absent.txt"),
        (["normalize", "binary.txt"], 2, "binary.txt: "),
        (["normalize", "binary.txt", "good.txt"], 1, "binary.txt: "),
        (["import", "absent.txt", "good.txt"], 1, "absent.txt: "),
        (["import", "nothing"], 2, "nothing: "),
        (["search", "(("], 2, "query, column 2: "),
        (["search", '"'], 2, "query, column "),
        (["render", "good.txt"], 1, "good.txt, line 1: "),
        (["render", "absent.jsonl"], 2, "absent.jsonl: "),
        (["export", "--format", "txt", "-o", "-"], 2, "-o: "),
        (["export", "--format", "csv", "-o", ""], 2, "-o: there is no path; name a "),
        (["export", "--format", "txt", "-o", ""], 2, "-o: there is no path; name a "),
        (["export", "--format", "csv", "-o", "absent/x.csv"], 1, "absent/x.csv: "),
        (["--env-file", "absent.env", "search", "x"], 2, "absent.env: "),
        (["search", "x", "--env-file", "absent.env"], 2, "absent.env: "),
    ],
)
def test_bad_input_is_one_line(
    run: Run, tmp_path: Path, arguments: list[str], status: int, words: str
) -> None:
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "good.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "nothing").mkdir()
    done = run(*arguments)
    assert done.returncode == status
    assert done.stderr.startswith(f"dateline: error: {words}")
    assert done.stderr.count("\n") == 1


def test_an_empty_file_is_empty_and_no_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    done = run("normalize", "empty.txt")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


GROUP = {
    "name": "Open Forum",
    "type": "private_supergroup",
    "id": 77,
    "messages": [
        {"id": 1, "type": "message", "date_unixtime": "1709287205", "from": "Ann Mast",
         "from_id": "user501", "text": "Ferries run again"},
        {"id": 2, "type": "message", "date_unixtime": "1709287206", "from": "Mill",
         "from_id": "channel78", "text": "Ferries are full"},
    ],
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("keep", "query", "authors"),
    [
        ("", "ferries", [{"kind": "channel", "id": 78, "name": "Mill"}, None]),
        ("channels", "by:mill", [{"kind": "channel", "id": 78, "name": "Mill"}]),
        ("full", 'by:"ann mast"', [{"kind": "user", "id": 501, "name": "Ann Mast"}]),
        ("full", "автор:501", [{"kind": "user", "id": 501, "name": "Ann Mast"}]),
        ("pseudonym", "by:501", []),
    ],
)
def test_of_authors_is_stored_what_the_operator_keeps(
    run: Run, tmp_path: Path, keep: str, query: str, authors: list[object]
) -> None:
    (tmp_path / ".env").write_text(f"AUTHORS={keep}\n")
    (tmp_path / "result.json").write_text(json.dumps(GROUP))
    assert run("import", "--all-chats", "result.json").returncode == 0
    found = rows(run("search", "--json", query).stdout)
    assert [row.get("author") for row in found] == authors


def test_normalize_keeps_no_persons(run: Run, tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text(json.dumps(GROUP))
    first, second = rows(run("normalize", "result.json").stdout)
    assert (first.get("author"), first.get("author_signature")) == (None, None)
    assert second["author"] == {"kind": "channel", "id": 78, "name": "Mill"}


@pytest.mark.slow
def test_a_pseudonym_can_be_asked_for(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("AUTHORS=pseudonym\n")
    (tmp_path / "result.json").write_text(json.dumps(GROUP))
    run("import", "--all-chats", "result.json")
    (ann,) = [row["author"]["name"] for row in rows(run("search", "--json", "ferries run").stdout)]
    assert re.fullmatch("anon[0-9a-f]{16}", ann)
    assert len(rows(run("search", "--json", f"by:{ann}").stdout)) == 1


@pytest.mark.slow
def test_what_our_own_bot_said_in_a_group_is_not_imported(run: Run, tmp_path: Path) -> None:
    said = {"type": "message", "date_unixtime": "1709287207", "from": "Lookout"}
    own = {"id": 3, **said, "from_id": "user1000", "text": "Alert set: ferries"}
    asked = {"id": 4, **said, "from_id": "user501", "text": "/search@lookout_bot ferries"}
    group = {**GROUP, "messages": [*GROUP["messages"], own, asked]}  # type: ignore[misc]
    (tmp_path / "result.json").write_text(json.dumps(GROUP))
    run("import", "--all-chats", "result.json")
    database = sqlite3.connect(tmp_path / "data" / "dateline.db")
    database.execute("INSERT INTO fact VALUES ('own_bot', '1000 lookout_bot')")
    database.commit()
    database.close()
    (tmp_path / "result.json").write_text(json.dumps(group))
    counts = json.loads(run("import", "--all-chats", "--json", "result.json").stdout)
    assert (counts["documents"], counts["unchanged"], counts["skipped"]) == (2, 2, 2)
    assert len(rows(run("search", "--json", "ferries").stdout)) == 2


def desktop_export(counts: dict[str, int]) -> str:
    """An export of a channel with so many messages of each second."""
    messages = []
    for time, count in counts.items():
        for _ in range(count):
            number = len(messages) + 1
            messages.append(
                {"id": number, "type": "message", "date": time[:19], "date_unixtime": time[19:],
                 "from": "Port", "from_id": "channel77", "text": f"Ferry number {number} sails"}
            )  # fmt: skip
    export = {"name": "Port", "type": "public_channel", "id": 77, "messages": messages}
    return json.dumps(export)


@pytest.mark.slow
def test_an_export_with_hundreds_of_messages_a_second_is_taken_whole(
    run: Run, tmp_path: Path
) -> None:
    counts = {"2024-05-01T10:00:001714557600": 300, "2024-05-01T10:00:011714557601": 100}
    (tmp_path / "result.json").write_text(desktop_export(counts), encoding="utf-8")
    done = run("import", "result.json", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["new"] == 400
    found = run("export", "--format", "jsonl", "-o", "-")
    assert [row["message_id"] for row in rows(found.stdout)] == list(range(400, 0, -1))


@pytest.mark.slow
def test_what_is_imported_joins_stories(run: Run, tmp_path: Path) -> None:
    for name, id in (("port", 77), ("mill", 78)):
        post = {"_": "Message", "id": 5, "peer_id": {"_": "PeerChannel", "channel_id": id},
                "date": "2024-05-01T10:00:00+00:00",
                "message": "The harbour is open, the mayor said"}  # fmt: skip
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(post), encoding="utf-8")
        assert run("import", f"{name}.jsonl").returncode == 0
    with sqlite3.connect(tmp_path / "data" / "dateline.db") as db:
        told = db.execute("SELECT story FROM document ORDER BY channel_id").fetchall()
        queued = db.execute("SELECT count(*) FROM delivery").fetchone()
    db.close()
    assert told == [("tg:77/5",), ("tg:77/5",)]
    assert queued == (0,)


@pytest.fixture
def stored(run: Run, material: Path) -> int:
    """The number of documents that are stored."""
    assert run("import", material).returncode == 0
    return 3


def test_an_export_onto_a_device_or_a_link_leaves_it_what_it_is(
    run: Run, stored: int, tmp_path: Path
) -> None:
    full = tmp_path / "full"
    try:
        os.mknod(full, 0o666 | stat.S_IFCHR, os.makedev(1, 7))
    except PermissionError:
        full.symlink_to("/dev/full")
    kind = stat.S_IFMT(full.lstat().st_mode)
    done = run("export", "--format", "jsonl", "-o", full)
    assert (done.returncode, stat.S_IFMT(full.lstat().st_mode)) == (1, kind)
    assert done.stderr.count("\n") == 1
    target, twin = tmp_path / "target.jsonl", tmp_path / "twin.jsonl"
    target.write_text("before\n" * 9999, encoding="utf-8")
    (tmp_path / "link.jsonl").symlink_to(target)
    (tmp_path / "dangling.csv").symlink_to(tmp_path / "made.csv")
    assert run("export", "--format", "jsonl", "-o", "link.jsonl").returncode == 0
    assert (tmp_path / "link.jsonl").is_symlink()
    assert len(rows(target.read_text("utf-8"))) == stored
    assert run("export", "--format", "csv", "-o", "dangling.csv").returncode == 0
    assert (tmp_path / "dangling.csv").is_symlink()
    assert (tmp_path / "made.csv").read_text("utf-8")
    twin.hardlink_to(target)
    assert run("export", "ferry", "--format", "jsonl", "-o", twin).returncode == 0
    assert target.samefile(twin)
    assert len(rows(target.read_text("utf-8"))) < stored


def test_an_export_into_a_fifo_is_read_at_its_other_end(
    run: Run, stored: int, tmp_path: Path
) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with subprocess.Popen(["cat", fifo], stdout=subprocess.PIPE, text=True) as reader:
        done = run("export", "--format", "jsonl", "-o", fifo)
        heard, _ = reader.communicate(timeout=60)
    assert (done.returncode, len(rows(heard))) == (0, stored)
    assert stat.S_ISFIFO(fifo.lstat().st_mode)


def test_an_import_reads_files_and_nothing_that_a_folder_leads_to(
    run: Run, material: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "secret.txt").write_text("A secret of the captain", encoding="utf-8")
    (material / "out.txt").symlink_to(elsewhere / "secret.txt")
    (material / "outside").symlink_to(elsewhere)
    (material / "nowhere.json").symlink_to(tmp_path / "nothing")
    (material / "zero.json").symlink_to("/dev/zero")
    (material / "round").symlink_to(material)
    (material / "inside.txt").symlink_to(material / "article.txt")
    os.mkfifo(material / "pipe.json")
    done = run("import", material, "--json")
    counts = json.loads(done.stdout)
    assert done.returncode == 0
    assert (counts["files"], counts["new"], counts["skipped"]) == (3, 3, 5)
    assert counts["failed"] == 0
    for name in ("out.txt", "outside", "nowhere.json", "zero.json"):
        assert f"{name}: skipped, it is a link out of the folder" in done.stderr
    assert "pipe.json: skipped, it is a FIFO" in done.stderr
    assert "secret" not in run("export", "--format", "jsonl", "-o", "-").stdout


def test_a_fifo_or_a_device_that_is_named_is_skipped(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    done = run("import", "pipe", "/dev/zero", "--json")
    counts = json.loads(done.stdout)
    assert (done.returncode, counts["files"], counts["skipped"]) == (0, 0, 2)
    assert "/dev/zero: skipped, it is a device" in done.stderr


def test_a_channels_card_is_told_and_counts_as_skipped(run: Run, tmp_path: Path) -> None:
    (tmp_path / "card.html").write_text(
        '<html><body><div class="tgme_page"><div class="tgme_page_title">Port</div></div></html>'
    )
    told = "dateline: card.html: no posts on this page: the channel has no web preview\n"
    done = run("import", "card.html", "--json")
    counts = json.loads(done.stdout)
    assert (done.returncode, counts["skipped"], counts["failed"], done.stderr) == (0, 1, 0, told)
    done = run("normalize", "card.html")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", told)


MEASURED = """
import sys
from pathlib import Path
from bot import cli
status = cli.main(sys.argv[1:])
# Not getrusage: what it tells begins with the process that this one was forked from.
most = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
sys.stderr.write(most)
sys.exit(status)
"""
POST = '{"_":"Message","id":%d,"peer_id":{"_":"PeerChannel","channel_id":5},"message":"%s"}\n'


@pytest.mark.end_to_end
@pytest.mark.parametrize("form", ["text", "line", "brackets"])
def test_huge_files_are_refused_in_little_memory(tmp_path: Path, form: str) -> None:
    path = tmp_path / ("huge.txt" if form == "text" else "huge.jsonl")
    with path.open("w", encoding="utf-8") as file:
        if form == "text":
            for _ in range(4):
                file.write("The harbour is open. " * 50_000 + "\n")
            file.truncate(300 << 20)
        else:
            unit = "ferry " if form == "line" else "[],"
            head, tail = (POST % (1, "|")).split("|")
            file.write(head if form == "line" else head.removesuffix('"') + "[")
            for _ in range(48):
                file.write(unit * ((1 << 20) // len(unit)))
            file.write(tail if form == "line" else "[]]}\n")
            file.write(POST % (2, "Well"))
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "import", str(path), "--json"],
        capture_output=True, text=True, cwd=tmp_path, env=environment, check=False,
    )  # fmt: skip
    *told, kilobytes = done.stderr.splitlines()
    assert len(told) == 1
    assert f"more than {2 if form == 'text' else 4} MB" in told[0]
    assert int(kilobytes) < 200 << 10
    assert json.loads(done.stdout)["new"] == (0 if form == "text" else 1)
