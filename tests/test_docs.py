"""What the README says is what there is."""

import re
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bot import cli
from handlers import command_table
from handlers.queries import query_guide
from handlers.texts.languages import words_of
from storage.errors import UsageError

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
READMES = {"en": README, "ru": (ROOT / "README.ru.md").read_text(encoding="utf-8")}
TASKS = set(re.findall(r"^([a-z-]+)\(\) \{ # ", (ROOT / "do").read_text("utf-8"), re.MULTILINE))
HEADS = {
    "en": "| command | what it does | for example |",
    "ru": "| команда | что делает | например |",
}


def marked(name: str, language: str) -> str:
    match = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", READMES[language], re.DOTALL)
    assert match, f"the README in {language} has no part marked {name}"
    return match[1]


def command_rows(language: str) -> str:
    words = words_of(language)
    rows = [HEADS[language], "| --- | --- | --- |"]
    for command in command_table.COMMANDS:
        examples = ", ".join(f"`{example}`" for example in command.usage(words))
        rows.append(f"| `/{command.name}` | {command.summary(words)} | {examples} |")
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("language", READMES)
def test_the_commands_in_the_readme_are_those_of_the_table(language: str) -> None:
    assert marked("commands", language) == command_rows(language), "run: ./do docs"


@pytest.mark.parametrize("readme", READMES.values(), ids=READMES)
def test_every_command_of_the_command_line_is_in_the_readme(readme: str) -> None:
    actions = cli.build_parser()._subparsers
    assert actions is not None
    (commands,) = [action.choices for action in actions._group_actions]
    assert commands
    missing = [name for name in commands if not re.search(rf"\b{name}\b", readme)]
    assert not missing


@pytest.mark.parametrize("mark", ["demo", "test"])
def test_set_up_command_is_one_line_that_a_shell_can_parse(mark: str) -> None:
    match = re.search(rf"<!-- {mark} -->\n```sh\n(.*?)```", README, re.DOTALL)
    assert match
    assert match[1].count("\n") == 1
    subprocess.run(["bash", "-n", "-c", match[1]], check=True)


def code_of(readme: str) -> list[str]:
    """What can be copied from a page: its blocks, without the comments, and its commands."""
    blocks = re.findall(r"```(?:sh|console|ini)\n(.*?)```", readme, re.DOTALL)
    lines = [re.sub(r"\s+# .*", "", line) for block in blocks for line in block.splitlines()]
    return [*lines, *re.findall(r"^\| (`dateline [^|]*(?:\\\|[^|]*)*`)", readme, re.MULTILINE)]


def test_both_pages_give_the_same_commands_and_lead_to_the_same_files() -> None:
    assert code_of(READMES["en"]) == code_of(READMES["ru"])
    assert len(code_of(README)) > 20
    places = [re.findall(r"\]\(([^)]+)\)", readme) for readme in READMES.values()]
    assert set(places[0]) - set(places[1]) == {"README.ru.md"}
    assert set(places[1]) - set(places[0]) == {"README.md"}
    headings = [re.findall("^#+ ", readme, re.MULTILINE) for readme in READMES.values()]
    assert headings[0] == headings[1]


def test_files_that_the_readme_names_are_there() -> None:
    for name in ("requirements.lock", "requirements-test.lock", ".env.example"):
        assert name in README
        assert (ROOT / name).is_file()
    assert (ROOT / "storage" / "document.schema.json").is_file()


@pytest.mark.end_to_end
def test_module_and_script_are_the_same_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("dateline ")


PAGES = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").glob("*.md"))]
_QUOTED = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"(?:bot|handlers|storage|tests|benchmarks|docs|\.ci)/[\w./-]*")
_MODULE = re.compile(r"(?:bot|handlers|storage)(?:\.\w+)+")
_TASK = re.compile(r"\./do ([a-z-]+)")


def is_there(name: str) -> bool:
    """Whether a path or module is; one with a part in capitals stands for many."""
    if re.search(r"[A-Z]{3}", name):
        return True
    if _PATH.fullmatch(name):
        return (ROOT / name).exists()
    holder, names = ROOT, name.split(".")
    while names and (holder / names[0]).is_dir():
        holder /= names.pop(0)
    if not names:
        return True
    holder = (holder / names.pop(0)).with_suffix(".py")
    text = holder.read_text(encoding="utf-8") if holder.is_file() else ""
    return bool(text) and all(re.search(rf"\b{one}\b", text) for one in names)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_modules_and_tasks_that_a_page_names_are_there(page: Path) -> None:
    quoted = _QUOTED.findall(page.read_text(encoding="utf-8"))
    first = [text.removeprefix("python ").split(" ")[0] for text in quoted]
    named = {text for text in first if _PATH.fullmatch(text) or _MODULE.fullmatch(text)}
    assert [name for name in sorted(named) if not is_there(name)] == []
    tasks = {match[1] for text in quoted if (match := _TASK.match(text))}
    assert tasks <= TASKS


def test_modules_that_the_code_names_are_there() -> None:
    sources = [
        path for top in ("bot", "handlers", "storage") for path in (ROOT / top).rglob("*.py")
    ]
    named = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in sources
        for name in re.findall(r"``([\w.]+)``", path.read_text(encoding="utf-8"))
        if _MODULE.fullmatch(name)
    }
    assert len(named) > 10
    assert [place for place in sorted(named) if not is_there(place[1])] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_leads_to_is_there(page: Path) -> None:
    for place in re.findall(r"(?:\]\(|src=\")([^)\s\"]+)[)\"]", page.read_text("utf-8")):
        path, _, anchor = place.partition("#")
        if path.startswith("http"):
            continue
        target = page.parent / path if path else page
        assert target.is_file(), place
        titles = re.findall("^#+ (.*)", target.read_text("utf-8"), re.MULTILINE)
        slugs = [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]
        assert not anchor or anchor in slugs, place


_COMMAND = re.compile(r"^(?:\$ )?dateline (?=[a-z])(.*)$", re.MULTILINE)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_a_page_gives_are_understood(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:sh|console)\n(.*?)```", text, re.DOTALL)
    for line in (line for block in blocks for line in _COMMAND.findall(block)):
        command = re.sub(r"\s+(?:#|2>>).*", "", line)
        try:
            cli.build_parser().parse_args(shlex.split(command))
        except UsageError as error:
            pytest.fail(f"dateline {command}: {error}")
    actions = cli.build_parser()._subparsers
    assert actions is not None
    (commands,) = [action.choices for action in actions._group_actions]
    named = {line.split()[0] for line in _COMMAND.findall("\n".join(_QUOTED.findall(text)))}
    assert named <= set(commands or ())


def test_the_index_of_the_docs_leads_to_each_of_them() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    led = Counter(re.findall(r"\]\(([\w-]+\.md)\)", index))
    assert led == Counter(
        path.name for path in (ROOT / "docs").glob("*.md") if path.name != "README.md"
    )


if __name__ == "__main__":  # ./do docs: writes what is made from the code
    (ROOT / "docs" / "query-language.md").write_text(query_guide.page(), encoding="utf-8")
    for language, page in {"en": "README.md", "ru": "README.ru.md"}.items():
        before, _, rest = READMES[language].partition("<!-- commands -->\n")
        after = rest.partition("<!-- /commands -->")[2]
        rows = command_rows(language)
        text = f"{before}<!-- commands -->\n{rows}<!-- /commands -->{after}"
        (ROOT / page).write_text(text, encoding="utf-8")
