import subprocess
import sys

import pytest

from bot import cli
from bot.process import terminal
from storage.version import __version__


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
        (["search", "x", "--lim", "5"], "dateline: unrecognized arguments: --lim"),
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
        "print({'asyncio', 'telethon', 'babel', 'structlog', 'ssl'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
