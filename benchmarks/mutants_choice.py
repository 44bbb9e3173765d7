"""Which tests may notice a fault: by names and imports alone, so that nothing need be run before.

Near is the file that mirrors it (``tests/ROOM/test_FILE.py``), those that import it, and those that
mirror the function's callers; behind them come the rest of the mirrored room and the files that
share most words with the lines of the fault, rare words counting most. Tests that start processes
come last.
"""

import ast
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from mutations import Mutation

_WORD = re.compile(r"[A-Za-z]{3,}")
_NAME = re.compile(r"[A-Za-z_]{4,}")
_TOPS = ("bot", "handlers", "storage")
_FEW = 8
_FAR = 4
"""Steps from a test to what it imports, beyond which one is as far as the other."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Paths of test files, the likeliest first."""

    near: list[str]
    far: list[str]
    whole: list[str]
    """Those that start processes or speak to the sandbox."""


@dataclass
class Tests:
    """The test files of a tree."""

    root: Path
    _steps: dict[str, dict[str, int]] = field(default_factory=dict)

    def choose(self, mutation: Mutation) -> Choice:
        """The tests that may notice a fault."""
        said = self._said(mutation)
        points = {test: self._points(test, mutation.path, said) for test in self._words}
        near = [test for test in points if self._is_near(test, mutation)]
        callers = [path for path in self._callers(mutation) if path != mutation.path]
        near += [
            test
            for test in points
            if test not in near and any(_mirrors(test, path) for path in callers)
        ]
        near.sort(key=lambda test: (not _mirrors(test, mutation.path), -points[test]))
        rest = sorted(set(points) - set(near), key=lambda test: (-points[test], test))
        whole = [test for test in rest if test.startswith("tests/end_to_end/")]
        return Choice(near, [test for test in rest if test not in whole], whole)

    def _is_near(self, test: str, mutation: Mutation) -> bool:
        if _mirrors(test, mutation.path):
            return True
        return mutation.path in self._imports(test) and not test.startswith("tests/end_to_end/")

    def _callers(self, mutation: Mutation) -> list[str]:
        """The files of the program that say the function's name, where few do."""
        name = mutation.within.rpartition(".")[2]
        found = [path for path, names in self._names.items() if name in names]
        return found if name and len(found) <= _FEW else []

    @cached_property
    def _names(self) -> dict[str, set[str]]:
        return {
            path.relative_to(self.root).as_posix(): set(_NAME.findall(_read(path)))
            for top in _TOPS
            for path in (self.root / top).rglob("*.py")
        }

    def _points(self, test: str, path: str, said: Counter[str]) -> float:
        words = self._words[test]
        same = sum(weight * self._rarity(word) for word, weight in said.items() if word in words)
        room = Path("tests", path).parent
        is_neighbour = room == Path(test).parent or room in Path(test).parents
        steps = self._distances(test).get(path, _FAR)
        return same / math.sqrt(20 + len(words)) * (2 if is_neighbour else 1) / (1 + steps / 2)

    def _rarity(self, word: str) -> float:
        return math.log((1 + len(self._words)) / (1 + self._holders[word]))

    def _said(self, mutation: Mutation) -> Counter[str]:
        """The words of a fault's path, function and line, the last of most weight."""
        raw = (self.root / mutation.path).read_bytes()
        begin = raw.rfind(b"\n", 0, mutation.start) + 1
        end = raw.find(b"\n", mutation.end)
        line = raw[begin : end if end >= 0 else len(raw)].decode()
        said: Counter[str] = Counter(_words(_source_of(raw.decode(), mutation.within)))
        said = Counter(dict.fromkeys(said, 1))
        said.update(dict.fromkeys(_words(mutation.path.replace("/", " ")), 4))
        said.update(dict.fromkeys(_words(mutation.within), 3))
        said.update(dict.fromkeys(_words(line), 4))
        return said

    @cached_property
    def _words(self) -> dict[str, set[str]]:
        return {
            path.relative_to(self.root).as_posix(): set(_words(path.as_posix() + _read(path)))
            for path in sorted((self.root / "tests").rglob("test_*.py"))
        }

    @cached_property
    def _holders(self) -> Counter[str]:
        return Counter(word for words in self._words.values() for word in words)

    def _distances(self, test: str) -> dict[str, int]:
        """How many imports lead from a test to each file of the program."""
        if test not in self._steps:
            found: dict[str, int] = {}
            layer = self._imports(test)
            for steps in range(_FAR):
                layer = {path for path in layer if path not in found}
                found |= dict.fromkeys(layer, steps)
                layer = {path for one in layer for path in self._imports(one)}
            self._steps[test] = found
        return self._steps[test]

    def _imports(self, path: str) -> set[str]:
        if path not in self._imported:
            tree = ast.parse(_read(self.root / path))
            names = {name for node in ast.walk(tree) for name in _imported(node)}
            files = {name.replace(".", "/") + ".py" for name in names}
            self._imported[path] = {file for file in files if (self.root / file).is_file()}
        return self._imported[path]

    @cached_property
    def _imported(self) -> dict[str, set[str]]:
        return {}


def _mirrors(test: str, path: str) -> bool:
    return Path(test) == Path("tests", path).with_name(f"test_{Path(path).name}")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _words(text: str) -> Iterator[str]:
    """Names as they stand, and the words they are made of."""
    yield from _NAME.findall(text)
    for word in _WORD.findall(text):
        yield word.lower()


def _source_of(source: str, within: str) -> str:
    """What a function or class says; nothing where it is all of the file."""
    node: ast.AST = ast.parse(source)
    for name in filter(None, within.split(".")):
        for inner in ast.walk(node):
            if getattr(inner, "name", None) == name and hasattr(inner, "lineno"):
                node = inner
                break
    return "" if isinstance(node, ast.Module) else ast.get_source_segment(source, node) or ""


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (one.name for one in node.names if one.name.startswith(_TOPS))
    elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_TOPS):
        yield str(node.module)
        yield from (f"{node.module}.{one.name}" for one in node.names)
