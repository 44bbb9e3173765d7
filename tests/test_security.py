"""The threat model names tests that exist, and what holds for the whole package holds."""

import ast
import functools
import io
import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import parsed
import pytest

from bot import cli
from handlers.normalize import registry
from storage import facts
from storage.channels import channels
from storage.database import open_database
from storage.documents import documents
from storage.errors import InputError
from storage.subscribers import alerts, subscribers

ROOT = Path(__file__).parents[1]
MODEL = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
SECONDS = 60.0
"""What takes so long on any machine does not end: each takes about a second."""


def threats() -> list[tuple[str, str]]:
    """The rows of the model: the threat, and the cell of its tests."""
    table = MODEL.partition("## The threat model")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| .+ \| (.+) \|$", table, re.MULTILINE)
    return [row for row in rows if row[0] not in ("threat", "---")]


@pytest.mark.parametrize("threat", threats(), ids=lambda row: str(row[0])[:40])
def test_every_threat_is_held_off_by_a_test_that_exists(threat: tuple[str, str]) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", threat[1])
    assert named, f"no test holds off: {threat[0]}"
    assert len(named) == threat[1].count("`") // 2
    for file, test in named:
        assert test in functions_of(file)


@functools.cache
def functions_of(file: str) -> set[str]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8")))
    return {node.name for node in nodes if isinstance(node, functions)}


def test_the_model_has_its_threats() -> None:
    assert len(threats()) > 20


def modules() -> list[tuple[str, ast.Module]]:
    found = parsed.list_modules()
    assert found
    return [(str(path.relative_to(ROOT)), tree) for path, tree in found.items()]


FORBIDDEN_MODULES = frozenset(
    {"pickle", "cPickle", "_pickle", "dill", "marshal", "shelve", "yaml", "jsonpickle", "joblib"}
    | {"commands", "code", "codeop", "xml", "lxml"}
)
SUBPROCESS = "subprocess"
FORBIDDEN_CALLS = frozenset(
    {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "tempfile.mktemp"}
    | {"subprocess.getoutput", "subprocess.getstatusoutput", f"asyncio.create_{SUBPROCESS}_shell"}
    | {"shutil.unpack_archive", "builtins.eval", "builtins.exec"}
)


OWN_PIPE = {f"bot/commands/reading/{name}.py": ["pickle"] for name in ("ahead", "reader")}
"""What an import's two processes say to each other, over a pipe that only they have: one started
the other, and both run as the same user. No file and no stranger's bytes come that way."""


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []


def dotted(called: ast.expr) -> str | None:
    """``os.system`` and the like, None of what has no such name."""
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        return f"{called.value.id}.{called.attr}"
    return called.id if isinstance(called, ast.Name) else None


def faults_of(tree: ast.Module) -> list[str]:
    """What in a module could run what stands in data."""
    found = []
    for node in ast.walk(tree):
        found += [name for name in imported(node) if name.partition(".")[0] in FORBIDDEN_MODULES]
        if isinstance(node, ast.Call):
            called = dotted(node.func)
            found += [called] if called in FORBIDDEN_CALLS else []
            found += [
                f"{ast.unparse(node.func)}(shell=…)"
                for keyword in node.keywords
                if keyword.arg == "shell" and ast.unparse(keyword.value) != "False"
            ]
    return found


@pytest.mark.slow
def test_nothing_that_runs_data_is_used() -> None:
    assert {name: found for name, tree in modules() if (found := faults_of(tree))} == OWN_PIPE


@pytest.mark.parametrize(
    "code",
    ["import pickle", "from marshal import loads", "eval(x)", "os.system(x)", "run(x, shell=True)"],
)
def test_what_runs_data_would_be_seen(code: str) -> None:
    assert faults_of(ast.parse(code))


@pytest.mark.slow
def test_archives_are_not_opened() -> None:
    openers = {"zipfile", "tarfile", "gzip", "bz2", "lzma", "zlib"}
    reading = ("handlers/normalize/", "bot/commands/source", "bot/commands/importing")
    found = [
        name
        for name, tree in modules()
        if name.startswith(reading)
        and openers & {word for node in ast.walk(tree) for word in imported(node)}
    ]
    assert found == []


def test_every_locked_package_has_hashes() -> None:
    for file in ("requirements.lock", "requirements-extras.lock", "requirements-test.lock"):
        text = (ROOT / file).read_text(encoding="utf-8").replace("\\\n", " ")
        lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
        assert lines
        assert [line for line in lines if "==" not in line or "--hash=sha256:" not in line] == []


NASTY = (
    "'; DROP TABLE document; --",
    '"); DELETE FROM alert; --',
    "x' OR '1'='1",
    "\\'; ATTACH DATABASE '/tmp/x' AS y; --",
    "%_?:1 @a $b ?1 \x00\u202e",
)


async def test_whatever_is_stored_comes_back_and_no_table_is_gone(database_url: str) -> None:
    database = await open_database(database_url)
    now = datetime(2026, 1, 2, tzinfo=UTC)
    async with database.transaction() as tx:
        tables = await tx.fetch_all("SELECT name FROM sqlite_schema ORDER BY name")
        for number, text in enumerate(NASTY, 1):
            await subscribers.add_subscriber(tx, chat_id=number, name=text, username=text, now=now)
            await alerts.add_alert(tx, chat_id=number, query=text, now=now)
            await facts.set_value(tx, text, text)
            await channels.add_channel(tx, channel_id=number, username=text, title=text, now=now)
            assert await documents.find_document(tx, f"tg:@{text}/1") is None
            assert await channels.find_channel(tx, username=text) is not None
        kept = [await facts.find_value(tx, text) for text in NASTY]
        found = [(await alerts.list_alerts(tx, n))[0].query for n in range(1, len(NASTY) + 1)]
        names = [
            getattr(await subscribers.find_subscriber(tx, n + 1), "name", "") for n in range(5)
        ]
        after = await tx.fetch_all("SELECT name FROM sqlite_schema ORDER BY name")
    await database.close()
    # NUL is the one sign that PostgreSQL has no place for: it is replaced on both engines.
    assert kept == found == names == [text.replace("\x00", "\ufffd") for text in NASTY]
    assert [row["name"] for row in tables] == [row["name"] for row in after]


@pytest.mark.slow
def test_exported_files_are_named_by_number_and_hash(
    tmp_path: Path, put_database: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a post calls itself, its channel or what is attached to it."""
    name = "../../../etc/cron.d/x\u202egnp.exe"
    message = {
        "id": 5,
        "type": "message",
        "date_unixtime": "1795716000",
        "from": name,
        "from_id": "channel77",
        "text": name,
        "file": name,
        "file_name": name,
    }
    export = {"name": name, "type": "public_channel", "id": 77, "messages": [message]}
    (tmp_path / "result.json").write_text(json.dumps(export), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    put_database(tmp_path / "data" / "dateline.db")
    before = sorted(tmp_path.parent.iterdir())
    assert cli.main(["import", "result.json"]) == 0
    assert cli.main(["export", "--format", "txt", "-o", "out"]) == 0
    (file,) = (tmp_path / "out").iterdir()
    assert re.fullmatch(r"[0-9]{3}_[0-9a-f]{16}\.txt", file.name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "out", "result.json"]
    assert sorted(tmp_path.parent.iterdir()) == before


def page_of(text: str) -> str:
    """A web preview with one post."""
    return (
        '<div class="tgme_widget_message" data-post="harbour/5">'
        f'<div class="tgme_widget_message_text js-message_text">{text}</div>'
        '<a class="tgme_widget_message_date"><time datetime="2026-01-02T03:04:05+00:00"></time></a>'
        "</div>"
    )


def export_of(text: str) -> str:
    """An export of one message, whose text is this JSON."""
    head = '{"name":"Harbour","type":"public_channel","id":77,"messages":[{"id":1,"type":"message",'
    return f'{head}"date_unixtime":"1795716000","from":"H","from_id":"channel77","text":{text}}}]}}'


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
BOMBS = {
    "brackets.json": "[" * 1_000_000,
    "nested.json": export_of("[" * 200_000 + "]" * 200_000),
    "lines.json": export_of('"' + "a\\n" * 20_000 + '"'),
    "digits.json": export_of("1" * 100_000),
    "exponent.json": export_of("1e999999999"),
    "tags.html": page_of("<b>" * 200_000),
    "outside.html": "<div>" * 100_000 + page_of("harbour"),
    "entities.html": ENTITIES + page_of("&b;" * 100_000),
    "ampersands.html": page_of("&#" * 200_000 + "<!--" * 50_000),
    "declarations.html": page_of("<![CDATA[" * 50_000 + "<?" * 50_000),
    "attributes.html": page_of("<a " + "x=y " * 200_000 + ">z</a>"),
    "repeated.txt": ("Forwarded from Port\nTitle\n" + "line\n" * 1_900) * 5,
    "brackets.txt": " date 2026-01-02 Title\n\n" + "(" * 200_000 + "\n\n" + "—" * 200_000,
    "datelines.txt": "MOSCOW, " * 100_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_read_or_refused_soon(name: str) -> None:
    began = time.process_time()
    try:
        read = list(registry.read(io.BytesIO(BOMBS[name].encode()), name=name))
    except InputError:
        read = []
    assert time.process_time() - began < SECONDS
    assert sum(len(str(item)) for item in read) < 100 * len(BOMBS[name])
