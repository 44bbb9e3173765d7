"""What a folder of evidence holds, and what of the database it finds changed."""

import json
import sqlite3
import stat
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from authorities import HAS_OPENSSL, Authority

from bot.anchoring import timestamps
from bot.commands.evidence import folder as folders
from bot.commands.evidence.verifying import verify
from storage.errors import DamagedError, DatelineError, NotFoundError, UsageError

Collect = Callable[..., tuple[int, Path]]
Run = Callable[..., Any]


def told(folder: Path, doc_id: str) -> tuple[dict[str, Any], Path]:
    manifest = json.loads((folder / "manifest.json").read_text())
    (place,) = [folder / one["folder"] for one in manifest["posts"] if one["doc_id"] == doc_id]
    return json.loads((place / "post.json").read_text()), place


def change(data: Path, statement: str, *given: object) -> None:
    with sqlite3.connect(data / "dateline.db") as connection:
        connection.execute("PRAGMA foreign_keys = 1")
        assert connection.execute(statement, given).rowcount == 1
    connection.close()


@pytest.mark.parametrize(
    ("there", "is_taken"),
    [("nothing", True), ("folder", True), ("full", False), ("file", False), ("link", False)],
)
def test_evidence_takes_the_place_of_an_empty_folder_and_of_nothing_else(
    tmp_path: Path, there: str, is_taken: bool
) -> None:
    place, other = tmp_path / "evidence", tmp_path / "other"
    other.mkdir()
    if there in ("folder", "full"):
        place.mkdir()
    if there in ("full", "file"):
        (place / "mine" if there == "full" else place).write_text("mine")
    if there == "link":
        place.symlink_to(other)
    if is_taken:
        with folders._appearing(place) as draft:
            (draft / "post").write_text("a post")
        assert [path.name for path in place.iterdir()] == ["post"]
    else:
        with pytest.raises(UsageError, match="is there already"), folders._appearing(place):
            pass
    assert {path.name for path in tmp_path.iterdir()} == {"evidence", "other"}


def test_a_post_comes_with_all_its_versions(made: Path) -> None:
    post, place = told(made, "tg:77/1")
    assert post["url"] == "https://t.me/harbour/1"
    assert [(one["what"], one["at"][:10], one["head"]) for one in post["entries"]] == [
        ("stored", "2021-05-01", 1),
        ("edited", "2021-05-02", 2),
        ("edited", "2021-05-03", 3),
    ]
    titles = []
    for one in post["entries"]:
        form = (place / one["file"]).read_bytes()
        assert sha256(form).hexdigest() == json.loads(one["line"])[6]
        titles.append(json.loads(form)["title"])
    assert titles == ["Quay 1: ferries", "Quay 1: no ferries", "Quay 1: ferries"]
    assert json.loads((place / "document.json").read_text())["views"] == 5
    assert "Quay 1: ferries" in (place / "text.txt").read_text().splitlines()
    gone, _ = told(made, "tg:77/2")
    assert [one["what"] for one in gone["entries"]] == ["stored", "deleted"]
    assert gone["deleted_at"] == "2021-05-05T12:00:00Z"
    # What it said before it was deleted is no revision: only the hash of that form is kept.
    assert [one["file"] for one in gone["entries"]] == [None, "version-1.json"]


def test_no_file_is_named_by_what_a_post_says(made: Path) -> None:
    names = {path.name for path in made.rglob("*")}
    known = {"README.txt", "SHA256SUMS", "SHA256SUMS.sig", "heads.txt", "key.pem", "manifest.json"}
    known |= {"posts", "document.json", "post.json", "text.txt"}
    assert names - known <= {f"version-{n}.json" for n in range(9)} | {
        f"{n:06}" for n in range(1, 9)
    }


def test_the_key_is_made_once_and_is_its_owners_alone(data: Path, collect: Collect) -> None:
    keys = [(collect()[1] / "key.pem").read_text() for _ in range(2)]
    assert keys[0] == keys[1]
    assert stat.S_IMODE((data / "evidence.key").stat().st_mode) == 0o600
    (data / "evidence.key").write_text("no key")
    with pytest.raises(DatelineError, match="no private key"):
        collect()


def test_posts_are_asked_for_by_link_by_name_and_by_query(collect: Collect) -> None:
    _, out = collect("https://t.me/harbour/3", "tg:77/3", "title:quay title:4")
    manifest = json.loads((out / "manifest.json").read_text())
    assert [one["doc_id"] for one in manifest["posts"]] == ["tg:77/3", "tg:77/4"]
    assert list(verify(out)) == []


@pytest.mark.parametrize("asked", ["https://t.me/harbour/99", "tg:77/99"])
def test_a_post_that_is_not_stored_leaves_no_folder(
    collect: Collect, tmp_path: Path, asked: str
) -> None:
    with pytest.raises(NotFoundError):
        collect(asked)
    with pytest.raises(DatelineError, match="nothing found"):
        collect("nowhere")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_folder_that_holds_anything_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("")
    done = run("evidence", "x", "-o", tmp_path / "out")
    assert (done.returncode, "is there already" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("asked", "posts"), [(("tg:77/3",), "1 post"), (("tg:77/3", "tg:77/4"), "2 posts")]
)
def test_it_is_said_of_how_many_posts_there_is_evidence(
    data: Path, run: Run, tmp_path: Path, asked: tuple[str, ...], posts: str
) -> None:
    done = run("evidence", *asked, "-o", tmp_path / "out")
    assert done.returncode == 0
    assert f"dateline: evidence of {posts} in " in done.stderr


def test_the_command_says_what_it_did(run: Run, evidence: Path) -> None:
    done = run("evidence", "verify", evidence)
    assert (done.returncode, done.stdout) == (0, "")
    assert "is as it was signed; 8 posts, key " in done.stderr
    fingerprint = done.stderr.split("key ")[1].strip()
    assert run("evidence", "verify", evidence, "--key", fingerprint).returncode == 0
    assert run("evidence", "verify", evidence, "--key", evidence / "key.pem").returncode == 0
    assert run("evidence", "verify", evidence, "--key", "0" * 40).returncode == 1
    (evidence / "a\x1b]0;b").write_text("")
    done = run("evidence", "verify", evidence)
    assert (done.returncode, done.stdout) == (1, "added: a ]0;b\n")
    assert done.stderr.endswith(": 1 thing is not as signed\n")
    (evidence / "c").write_text("")
    assert run("evidence", "verify", evidence).stderr.endswith(": 2 things are not as signed\n")
    assert run("evidence", "verify", evidence / "key.pem").returncode == 2
    assert run("evidence", "ferries").returncode == 2
    assert run("evidence", "verify").returncode == 2


@pytest.mark.slow
def test_a_redacted_post_says_so_and_its_hashes_stay(
    data: Path, collect: Collect, run: Run, tmp_path: Path
) -> None:
    before, _ = told(collect()[1], "tg:77/1")
    address = f"sqlite:///{data / 'dateline.db'}"
    env = tmp_path / "redacting.env"
    env.write_text(f"DATA_DIR={data}\nDATABASE_URL={address}\n")
    link = "https://t.me/harbour/1"
    assert run("redact", link, "--env-file", env, "--reason", "court order").returncode == 0
    status, out = collect(link)
    after, place = told(out, "tg:77/1")
    assert (status, list(verify(out)), after["redacted"]) == (0, [], True)
    former = [one["line"] for one in before["entries"]]
    assert [one["line"] for one in after["entries"]][: len(former)] == former
    last = after["entries"][-1]
    assert (last["what"], last["file"]) == ("redacted", "version-1.json")
    assert [one["file"] for one in after["entries"][:-1]] == [None] * len(former)
    whole = b"".join(path.read_bytes() for path in place.iterdir())
    assert b"ferries" not in whole and b"court order" in whole
    assert "; redacted: 1" in run("evidence", "verify", out).stderr


def test_a_database_that_was_put_back_says_so(data: Path, collect: Collect, run: Run) -> None:
    change(data, "INSERT INTO fact VALUES ('restored_at', '1622505600000000')")
    _, out = collect()
    assert list(verify(out)) == []
    heads = [json.loads(line) for line in (out / "heads.txt").read_text().splitlines()]
    assert heads[-1][3] == "2021-06-01T00:00:00.000000Z"
    assert "put back, found at 2021-06-01T00:00" in run("evidence", "verify", out).stderr


@pytest.mark.slow
@pytest.mark.skipif(not HAS_OPENSSL, reason="there is no openssl")
def test_stamps_come_with_the_heads_and_openssl_verifies_them(
    data: Path, collect: Collect, tmp_path: Path
) -> None:
    collect()
    (tmp_path / "authority").mkdir()
    authority = Authority(tmp_path / "authority")
    with sqlite3.connect(data / "dateline.db") as connection:
        (head,) = connection.execute("SELECT hash FROM chain_head WHERE number = 2").fetchone()
        answer = authority.sign(timestamps.request(head, 7))
        connection.execute("INSERT INTO chain_stamp VALUES (2, 0, ?)", (answer,))
    connection.close()
    _, out = collect()
    assert list(verify(out)) == []
    step = next(line for line in (out / "README.txt").read_text().splitlines() if "ts -v" in line)
    step = step.replace("head-1", "head-2").replace("CERTIFICATES", str(authority.certificate))
    assert subprocess.run(step.split(), cwd=out, capture_output=True).returncode == 0
    (out / "stamps/head-2.tsr").write_bytes(authority.sign(timestamps.request(bytes(32), 7)))
    (out / "stamps/head-2.txt").write_text("another")
    assert subprocess.run(step.split(), cwd=out, capture_output=True).returncode == 1
    assert list(verify(out)) == ["changed: stamps/head-2.tsr", "changed: stamps/head-2.txt"]
    (out / "SHA256SUMS").unlink()
    assert list(verify(out)) == [
        "missing: SHA256SUMS",
        "changed: stamps/head-2.tsr: it stamps something else",
        "changed: stamps/head-2.txt: it is not the line of head 2",
    ]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            "UPDATE document SET json = replace(json, 'ies', 'ois') WHERE doc_id = 'tg:77/1'",
            "tg:77/1: version 3, the last, is not as it was recorded",
        ),
        (
            "UPDATE revision SET json = replace(json, 'no', 'so') WHERE json LIKE '%no f%'",
            "tg:77/1: version 2 is not as it was recorded",
        ),
        (
            "UPDATE revision SET json = '{' || json WHERE json LIKE '%no f%'",
            "tg:77/1: version 2 is not as it was recorded",
        ),
        ("UPDATE chain_entry SET made_at = made_at - 1 WHERE seq = 1", "tg:77/1: entry 1 is not"),
        ("UPDATE chain_entry SET kind = 'edited' WHERE seq = 1", "tg:77/1: entry 1 is not"),
        ("UPDATE chain_entry SET hash = zeroblob(32) WHERE seq = 6", "05-01: entry 6 is not as it"),
        ("DELETE FROM chain_entry WHERE seq = 6", "2021-05-01: entry 6 is missing"),
        (
            "UPDATE chain_head SET root = zeroblob(32) WHERE number = 2",
            "head 2, 2021-05-02, is not",
        ),
        ("DELETE FROM chain_head WHERE number = 2", "head 3, 2021-05-03, is not as it was made"),
        (
            "DELETE FROM chain_entry WHERE seq = 9",
            "tg:77/1: version 3, the last, is not as it was recorded",
        ),
    ],
)
def test_what_was_changed_in_the_database_is_named(
    data: Path,
    collect: Collect,
    capsys: pytest.CaptureFixture[str],
    statement: str,
    named: str,
) -> None:
    assert collect()[0] == 0
    change(data, statement)
    capsys.readouterr()
    status, out = collect()
    assert status == 1
    assert named in capsys.readouterr().err
    assert any(
        named in doubt for doubt in json.loads((out / "manifest.json").read_text())["doubts"]
    )


def test_a_document_that_is_none_any_more_is_named(data: Path, collect: Collect) -> None:
    change(data, "UPDATE document SET json = '{\"no\":1}' WHERE doc_id = 'tg:77/1'")
    with pytest.raises(DamagedError, match="not as it was stored"):
        collect("https://t.me/harbour/1")
