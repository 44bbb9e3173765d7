"""The house itself: no circles, no crowded rooms, no long files or functions.

What follows whom is held by the import contracts in pyproject.toml; they see no circles between
files of one room, nor between rooms that no contract names. Imports for types only count as well.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import parsed
import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "handlers", "storage")
MOST_FILES, MOST_LINES, MOST_BODY_LINES = 18, 400, 40

Modules = dict[str, ast.Module]
Imports = dict[str, set[str]]


def read_modules(root: Path) -> Modules:
    """Give every module by its dotted name; a package is named as its folder."""
    found = {}
    known = parsed.list_modules() if root == ROOT else {}
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = known.get(path) or ast.parse(path.read_text(encoding="utf-8"))
    return found


def imports_of(modules: Modules) -> Imports:
    """Give what each module imports of the others, anywhere in its text."""
    return {name: set(_imported(tree, modules)) for name, tree in modules.items()}


def _imported(tree: ast.Module, modules: Modules) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module in modules:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules else node.module


def find_circle(imports: Imports) -> list[str] | None:
    """Give files or rooms that import one another, if two in the same folder do so.

    In each folder its files and its rooms stand beside each other; what is in a room counts as
    the room. Where no folder has a circle of these, neither files nor rooms have any.
    """
    beside: defaultdict[str, dict[str, set[str]]] = defaultdict(dict)
    for name, others in imports.items():
        for other in others:
            mine, theirs = name.split("."), other.split(".")
            common = next(
                (n for n, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), None
            )
            if common is not None:
                folder = beside[".".join(mine[:common])]
                folder.setdefault(mine[common], set()).add(theirs[common])
    for folder_name, below in beside.items():
        try:
            TopologicalSorter(below).prepare()
        except CycleError as error:
            return [f"{folder_name}.{name}" for name in error.args[1]]
    return None


def count_files(root: Path) -> dict[str, int]:
    """Give how many files there are in each room, ``__init__.py`` left out."""
    counts: defaultdict[str, int] = defaultdict(int)
    for package in PACKAGES:
        for path in (root / package).rglob("*.py"):
            counts[path.parent.relative_to(root).as_posix()] += path.name != "__init__.py"
    return dict(counts)


def count_lines(root: Path) -> dict[str, int]:
    """Give the length of each file."""
    return {
        path.relative_to(root).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for package in PACKAGES
        for path in (root / package).rglob("*.py")
    }


def body_lines(modules: Modules) -> dict[str, int]:
    """Give the length of each function's body, its docstring left out; of two by one name in a
    file the longer one's."""
    lengths: dict[str, int] = {}
    for name, tree in modules.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                size = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
                key = f"{name} {node.name}"
                lengths[key] = max(lengths.get(key, 0), size)
    return lengths


def too_large(sizes: dict[str, int], most: int) -> dict[str, int]:
    return {name: size for name, size in sizes.items() if size > most}


@pytest.fixture(scope="module")
def modules() -> Modules:
    found = read_modules(ROOT)
    assert len(found) > 400
    return found


@pytest.mark.slow
def test_nothing_imports_in_circles(modules: Modules) -> None:
    imports = imports_of(modules)
    assert sum(map(len, imports.values())) > 2000
    assert find_circle(imports) is None


def test_no_room_is_crowded() -> None:
    assert too_large(count_files(ROOT), MOST_FILES) == {}


def test_no_file_is_long() -> None:
    assert too_large(count_lines(ROOT), MOST_LINES) == {}


@pytest.mark.slow
def test_no_function_is_long(modules: Modules) -> None:
    lengths = body_lines(modules)
    assert len(lengths) > 3000
    assert too_large(lengths, MOST_BODY_LINES) == {}


@pytest.mark.slow
def test_what_is_a_value_is_frozen(modules: Modules) -> None:
    """Who was given one may keep it, and a set may hold it: nobody changes it meanwhile."""
    classes = [
        (f"{name}.{node.name}", node)
        for name, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and {"Struct", "Texts"} & set(map(ast.unparse, node.bases))
    ]
    assert len(classes) > 400
    frozen = {name for name, node in classes if "frozen=True" in map(ast.unparse, node.keywords)}
    assert [name for name, _ in classes if name not in frozen] == []


NAMING = frozenset({
    "DamagedError", "NotFoundError", "SchemaTooNewError", "ServiceError", "StorageError",
    "UnavailableError", "UsageError",
})  # fmt: skip
ADVISING = frozenset({"DamagedError", "SchemaTooNewError", "ServiceError", "UsageError"})
PLACED_LATER = frozenset({"bot.setting_file", "bot.commands.setup.setup"})
NOTHING_TO_DO = frozenset({
    "bot.commands.backfill", "bot.commands.evidence.verifying", "bot.commands.probing.chat",
    "bot.commands.setup.setup", "bot.demo.demo", "bot.demo.process", "bot.process.required",
    "bot.sandbox.server",
})  # fmt: skip


@pytest.mark.slow
def test_an_error_says_where_it_happened_and_what_to_do(modules: Modules) -> None:
    """But where whoever raises it knows no place, or nothing can be done about it."""
    made = [
        (name, node.lineno, node.func.id, {keyword.arg for keyword in node.keywords})
        for name, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMING
    ]
    assert len(made) > 150
    nowhere = [one for one in made if "where" not in one[3] and one[0] not in PLACED_LATER]
    helpless = [
        one
        for one in made
        if one[2] in ADVISING and "hint" not in one[3] and one[0] not in NOTHING_TO_DO
    ]
    assert (nowhere, helpless) == ([], [])


@pytest.mark.parametrize(
    ("texts", "circle"),
    [
        # Two files of a room, the one for types only.
        (
            {
                "bot.a.one": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
                "    from bot.a.two import Two",
                "bot.a.two": "import bot.a.one",
            },
            {"bot.a.one", "bot.a.two"},
        ),
        # Two rooms, by files of which none imports one that imports it.
        (
            {
                "bot.a.one": "from bot.b import one",
                "bot.b.two": "def f():\n    from bot.a import two",
                "bot.a.two": "",
                "bot.b.one": "",
            },
            {"bot.a", "bot.b"},
        ),
        # A room and a file beside it.
        (
            {"bot.a.one": "from bot.b import thing", "bot.b": "import bot.a.two", "bot.a.two": ""},
            {"bot.a", "bot.b"},
        ),
        ({"bot.a.one": "import bot.b", "bot.b": "import bot.c.one", "bot.c.one": ""}, None),
    ],
)
def test_circles_are_found(texts: dict[str, str], circle: set[str] | None) -> None:
    trees = {name: ast.parse(text) for name, text in texts.items()}
    packages = {name.rpartition(".")[0]: ast.parse("") for name in texts}
    found = find_circle(imports_of(packages | trees))
    assert (None if found is None else set(found)) == circle


def test_what_is_too_large_is_found(tmp_path: Path) -> None:
    room = tmp_path / "bot" / "room"
    room.mkdir(parents=True)
    for number in range(MOST_FILES + 1):
        (room / f"file_{number}.py").write_text("", encoding="utf-8")
    body = "    x = 1\n" * (MOST_BODY_LINES + 1)
    text = f"def short():\n    return 1\n\n\ndef long():\n    '''Say.'''\n{body}"
    (room / "file_0.py").write_text(text + "#\n" * MOST_LINES, encoding="utf-8")

    assert set(too_large(count_files(tmp_path), MOST_FILES)) == {"bot/room"}
    assert set(too_large(count_lines(tmp_path), MOST_LINES)) == {"bot/room/file_0.py"}
    lengths = too_large(body_lines(read_modules(tmp_path)), MOST_BODY_LINES)
    assert set(lengths) == {"bot.room.file_0 long"}
