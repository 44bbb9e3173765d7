import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot import cli
from bot.commands.parsing import Handler, read_settings
from bot.process import terminal
from storage.version import __version__

DAY = timedelta(days=1)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = cli.main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ([], "dateline: "),
        (["sing"], "dateline: "),
        (["normalize"], "dateline normalize: "),
        (["normalize", "--format", "pdf", "x"], "dateline normalize: "),
        (["normalize", "--form", "text", "x"], "dateline"),
        (["import"], "dateline import: "),
        (["search"], "dateline search: "),
        (["search", "x", "--limit", "0"], "dateline search: "),
        (["search", "x", "--sort", "oldest"], "dateline search: "),
        (["export", "--format", "pdf", "-o", "x"], "dateline export: "),
        (["export", "--format", "csv"], "dateline export: "),
        (["search", "x", "--lim", "5"], "dateline search: unrecognized arguments: --lim"),
        (["run", "now"], "dateline"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], where: str
) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith(f"dateline: error: {where}")
    assert err.count("\n") == 1
    assert "--help" in err


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out == f"dateline {__version__}\n"


@pytest.mark.parametrize("command", ["import", "search", "export", "login", "check", "run"])
def test_every_settings_problem_has_its_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("ACCESS", "perhaps")
    monkeypatch.setenv("TIMEZONE", "Nowhere")
    arguments = {
        "import": ["x"],
        "search": ["x"],
        "export": ["--format", "csv", "-o", "-"],
    }.get(command, [])
    status, out, err = run(capsys, command, *arguments)
    assert (status, out) == (2, "")
    assert [line.split(":")[2] for line in err.splitlines()] == [" ACCESS", " TIMEZONE"]


def test_hostile_text_in_an_error_stays_on_one_harmless_line() -> None:
    assert terminal.one_line("a\nb\x1b[31m\u202ec\x9b") == "a b [31m c "


@pytest.mark.end_to_end
def test_help_waits_for_nothing_that_takes_long_to_import() -> None:
    code = (
        "import sys; from bot import cli; cli.build_parser()\n"
        "slow = {'asyncio', 'telethon', 'babel', 'structlog', 'ssl', 'msgspec', 'bot.settings'}\n"
        "print(slow & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize(
    ("line", "handler", "expected"),
    [
        ("normalize a b", cli._normalize, {"paths": [Path("a"), Path("b")], "canonical": False}),
        ("normalize a --canonical", cli._normalize, {"canonical": True, "format": None}),
        ("normalize a --format text --channel x", cli._normalize, {"channel": "x"}),
        ("render", cli._render, {"file": "-", "replay": False}),
        ("render --replay a", cli._render, {"file": "a", "replay": True}),
        ("import a", cli._import, {"all_chats": False, "json": False, "channel": None}),
        ("import a --all-chats --json", cli._import, {"all_chats": True, "json": True}),
        ("search ice", cli._search, {"limit": 10, "sort": "newest", "json": False}),
        ("search ice --sort relevance --limit 3", cli._search, {"limit": 3, "sort": "relevance"}),
        ("search -- -ice", cli._search, {"query": "-ice"}),
        ("digest", cli._digest, {"query": None, "since": DAY, "limit": 10, "format": "text"}),
        ("digest --since 2w --format html x", cli._digest, {"since": 14 * DAY, "query": "x"}),
        ("redact a b", cli._redact, {"posts": ["a", "b"], "reason": "", "json": False}),
        ("export --format csv -o x", cli._export, {"output": "x", "query": None}),
        ("export --format txt --output x ice", cli._export, {"output": "x", "query": "ice"}),
        ("login", cli._login, {"account": "user", "phone": None, "password_stdin": False}),
        ("login --code 1 --password-stdin", cli._login, {"code": "1", "password_stdin": True}),
        ("setup", cli._setup, {"env_file": None, "account": "user"}),
        ("setup --account north", cli._setup, {"account": "north"}),
        ("--env-file a setup", cli._setup, {"env_file": Path("a")}),
        ("--env-file a setup --env-file b", cli._setup, {"env_file": Path("b")}),
        ("check", cli._check, {"without_account": False, "env_file": None}),
        ("check --account north", cli._check, {"account": "north"}),
        ("check --without-account", cli._check, {"without_account": True}),
        ("upgrade-check --json", cli._upgrade_check, {"json": True}),
        ("probe", cli._probe, {"json": False, "account": "user"}),
        ("run --account north", cli._run, {"account": "north"}),
        ("backfill @a --account north", cli._backfill, {"account": "north"}),
        ("run", cli._run, {"without_account": False, "new_database": False}),
        ("run --new-database", cli._run, {"without_account": False, "new_database": True}),
        ("run --without-account", cli._run, {"without_account": True, "new_database": False}),
        ("demo", cli._demo, {"posts": None, "query": None, "picture": None}),
        ("demo --posts a --picture b", cli._demo, {"posts": Path("a"), "picture": Path("b")}),
        ("channels add @a @b", cli._channels_change, {"change": "add", "names": ["@a", "@b"]}),
        ("channels remove @a", cli._channels_change, {"change": "remove", "json": False}),
        ("channels official @a", cli._channels_change, {"change": "official"}),
        ("channels unofficial @a", cli._channels_change, {"change": "unofficial"}),
        ("channels guess @a --json", cli._channels_change, {"change": "guess", "json": True}),
        ("channels list", cli._channels_list, {"json": False}),
        ("channels status --json", cli._channels_status, {"json": True}),
        ("backfill @a", cli._backfill, {"channel": "@a", "since": None, "limit": None}),
        ("backfill @a --limit 5 --since 7d", cli._backfill, {"since": "7d", "limit": 5}),
        ("outbox", cli._outbox, {"action": None, "row": None, "json": False}),
        ("outbox retry all", cli._outbox, {"action": "retry", "row": "all"}),
        ("outbox drop 7 --json", cli._outbox, {"action": "drop", "row": "7", "json": True}),
        ("problems", cli._problems, {"action": None, "row": None, "json": False}),
        ("problems retry 7", cli._problems, {"action": "retry", "row": "7"}),
    ],
)
def test_a_line_is_understood(line: str, handler: Handler, expected: dict[str, object]) -> None:
    options = vars(cli.build_parser().parse_args(line.split()))
    assert options["handler"] is handler
    assert {name: options[name] for name in expected} == expected


@pytest.mark.parametrize(
    "command",
    ["login", "setup", "check", "run", "probe", "backfill @a"],
    ids=lambda text: text.split()[0],
)
def test_each_command_that_uses_an_account_uses_that_of_the_name(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    command: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1/news")
    options = cli.build_parser().parse_args([*command.split(), "--account", "north"])
    assert read_settings(options).data_dir == Path("data/account-north")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///news.db")
    status, _, err = run(capsys, *command.split(), "--account", "north")
    assert (status, "over SQLite one account watches" in err) == (2, True)


@pytest.mark.parametrize("command", ["outbox", "problems"])
@pytest.mark.parametrize("action", ["retry", "drop"])
def test_a_change_of_a_row_names_the_row(
    capsys: pytest.CaptureFixture[str], command: str, action: str
) -> None:
    status, _, err = run(capsys, command, action)
    assert status == 2
    assert err.startswith(f"dateline: error: {command}: {action} which ")
    assert "name its id" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serach", "ferry"], "did you mean search? see `dateline --help`"),
        (["xyzzy"], "(choose from "),
        (["channels", "lst"], "did you mean list? see `dateline channels --help`"),
        (["digest", "--format", "jsonl"], "did you mean json? see `dateline digest --help`"),
        (
            ["search", "ferry", "--jsno"],
            "dateline search: unrecognized arguments: --jsno; did you mean --json? see `dateline",
        ),
        (
            ["verify", "a", "b"],
            "dateline: error: dateline verify: unrecognized arguments: b; see `dateline verify",
        ),
    ],
)
def test_what_is_mistyped_names_what_is_near(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert said in err


@pytest.mark.parametrize(
    "arguments", [["search"], ["search", "a", "--limit", "0"], ["search", "a", "--limit=x"]]
)
def test_no_advice_is_given_that_nothing_calls_for(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    _, _, err = run(capsys, *arguments)
    assert "stands behind --" not in err


@pytest.mark.parametrize(
    "command", [["search"], ["digest"], ["export", "--format", "csv", "-o", "-"]]
)
def test_a_query_that_a_shell_has_cut_is_met_with_what_to_do(
    capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    status, _, err = run(capsys, *command, "ice", "fog")
    assert status == 2
    assert "several words of a query stand in quotation marks; see" in err


def test_a_query_that_looks_like_an_option_is_met_with_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, _, err = run(capsys, "search", "-ice")
    assert status == 2
    assert "a query that begins with - stands behind --; see" in err
