"""What the README says is what there is."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot import cli
from handlers import registry
from handlers.texts.languages import words_of

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def marked(name: str) -> str:
    match = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", README, re.DOTALL)
    assert match, f"README.md has no part marked {name}"
    return match[1]


def command_rows() -> str:
    words = words_of("en")
    rows = ["| command | what it does | for example |", "| --- | --- | --- |"]
    for command in registry.COMMANDS:
        examples = ", ".join(f"`{example}`" for example in command.usage(words))
        rows.append(f"| `/{command.name}` | {command.summary(words)} | {examples} |")
    return "\n".join(rows) + "\n"


def test_the_commands_in_the_readme_are_those_of_the_table() -> None:
    assert marked("commands") == command_rows()


def test_every_command_of_the_command_line_is_in_the_readme() -> None:
    actions = cli.build_parser()._subparsers
    assert actions is not None
    (commands,) = [action.choices for action in actions._group_actions]
    assert commands
    missing = [name for name in commands if not re.search(rf"\b{name}\b", README)]
    assert not missing


@pytest.mark.parametrize("mark", ["demo", "test"])
def test_set_up_command_is_one_line_that_a_shell_can_parse(mark: str) -> None:
    match = re.search(rf"<!-- {mark} -->\n```sh\n(.*?)```", README, re.DOTALL)
    assert match
    assert match[1].count("\n") == 1
    subprocess.run(["bash", "-n", "-c", match[1]], check=True)


def test_files_that_the_readme_names_are_there() -> None:
    for name in ("requirements.lock", "requirements-test.lock", ".env.example"):
        assert name in README
        assert (ROOT / name).is_file()
    assert (ROOT / "storage" / "document.schema.json").is_file()


def test_module_and_script_are_the_same_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("dateline ")
