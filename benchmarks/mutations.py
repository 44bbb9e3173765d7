"""Small faults that can be made in a program: each changes one place of one file.

Only what a person would not see at once is worth making: no docstring, annotation, log line or text
for people is touched.
"""

import ast
import io
import itertools
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

KINDS = ("comparison", "boolean", "constant", "arithmetic", "statement", "argument", "sql")

_COMPARISONS = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "is not": "is", "is": "is not", "not in": "in", "in": "not in",
}  # fmt: skip
_SIGNS: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "//"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.BitOr: ("|", "&"),
    ast.BitAnd: ("&", "|"),
}
_EVEN = frozenset({"max", "min"})
"""They give the same whatever the order of what they are given."""
_LOGS = frozenset({"log", "logger", "_log"})

# What is found in SQL, and what stands there instead.
_SQL = re.compile(
    r"\b(SELECT|UPDATE|INSERT|DELETE|WHERE|AND|ORDER BY|SET|FROM|JOIN|UNION|VALUES)\b"
)
_SQL_FAULTS: tuple[tuple[str, str], ...] = (
    (r" <= ", " < "),
    (r" >= ", " > "),
    (r" < ", " <= "),
    (r" > ", " >= "),
    (r" <> ", " = "),
    (r"(?<=\w) = (?=')", " <> "),
    (r" AND (?=[a-z(])", " OR "),
    (r" OR (?=[a-z(])", " AND "),
    (r" AND [a-z_.]+ (?:=|<>|<=|>=|<|>) (?:'\w+'|\?|[a-z_.]+|\d+)(?![\w(])", ""),
    (r" AND [a-z_.]+ IS (?:NOT )?NULL", ""),
    (r" IS NULL", " IS NOT NULL"),
    (r" IS NOT NULL", " IS NULL"),
    (r"\bNOT EXISTS\b", "EXISTS"),
    (r"\bNOT IN\b", "IN"),
    (r" DESC\b", ""),
    (r"(?<=ORDER BY )[a-z_.]+, ", ""),
    (r"(?<=ORDER BY )([a-z_.]+), [a-z_.]+", r"\1"),
    (r"\bmax\(", "min("),
    (r"\bmin\(", "max("),
    (r" \+ 1\b", " + 2"),
    (r" - 1\b", " - 2"),
    (r" \+ \?", " - ?"),
    (r" - \?", " + ?"),
    (r"\bLEFT JOIN\b", "JOIN"),
    (r"\bDISTINCT ", ""),
    (r" LIMIT 1\b", ""),
    (r"\bDO NOTHING\b", "DO UPDATE SET rowid = rowid"),
    (r"\bUNION ALL\b", "UNION"),
    (r"\b0\b", "1"),
    (r"\b1\b", "0"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """The bytes from ``start`` to ``end`` of a file become ``new``; ``within`` names the function
    or class around them, as Python qualifies it."""

    path: str
    kind: str
    within: str
    start: int
    end: int
    new: bytes

    def apply(self, source: bytes) -> bytes:
        """The file's content with this fault."""
        return source[: self.start] + self.new + source[self.end :]


def find_mutations(path: str, source: bytes) -> list[Mutation]:
    """All faults that can be made in a file; few of them leave no program (``is_program``)."""
    return list(_Finder(path, source).find())


def is_program(source: bytes) -> bool:
    """Whether Python can read it."""
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


class _Finder:
    """Goes through one file."""

    def __init__(self, path: str, source: bytes) -> None:
        self._path = path
        self._source = source
        self._starts = [0]
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._within: list[str] = []
        self._sql_lines: dict[int, str] = {}

    def find(self) -> Iterator[Mutation]:
        tree = ast.parse(self._source)
        yield from self._visit(tree)
        yield from self._sql()

    def _visit(self, node: ast.AST) -> Iterator[Mutation]:
        if _is_silent(node):
            return
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if named:
            self._within.append(node.name)  # type: ignore[attr-defined]
            for line in range(node.lineno, (node.end_lineno or 0) + 1):  # type: ignore[attr-defined]
                self._sql_lines[line] = self._name()
        finder = _FINDERS.get(type(node))
        if finder is not None:
            yield from finder(self, node)
        for child in _looked_into(node):
            yield from self._visit(child)
        if named:
            self._within.pop()

    def _name(self) -> str:
        return ".".join(self._within)

    def _at(self, line: int, column: int) -> int:
        return self._starts[line - 1] + column

    def _begin(self, node: Any) -> int:
        return self._at(node.lineno, node.col_offset)

    def _end(self, node: Any) -> int:
        return self._at(node.end_lineno, node.end_col_offset)

    def _text(self, node: Any) -> bytes:
        return self._source[self._begin(node) : self._end(node)]

    def _made(self, kind: str, start: int, end: int, new: bytes | str) -> Mutation:
        written = new.encode() if isinstance(new, str) else new
        return Mutation(
            path=self._path, kind=kind, within=self._name(), start=start, end=end, new=written
        )

    def _between(self, kind: str, left: Any, right: Any, old: str, new: str) -> Iterator[Mutation]:
        """An operator between two expressions."""
        start, end = self._end(left), self._begin(right)
        match = re.search(rb"(?<![\w<>=!])" + re.escape(old.encode()) + rb"(?![\w=])",
                          self._source[start:end])  # fmt: skip
        if match:
            yield self._made(kind, start + match.start(), start + match.end(), new)

    def comparison(self, node: ast.Compare) -> Iterator[Mutation]:
        sides = [node.left, *node.comparators]
        for left, right in itertools.pairwise(sides):
            gap = self._source[self._end(left) : self._begin(right)].decode()
            for old in sorted(_COMPARISONS, key=len, reverse=True):
                if re.search(rf"(?<![\w<>=!]){re.escape(old)}(?![\w=])", gap):
                    yield from self._between("comparison", left, right, old, _COMPARISONS[old])
                    break

    def boolean(self, node: ast.BoolOp) -> Iterator[Mutation]:
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            yield from self._between("boolean", left, right, old, new)

    def negation(self, node: ast.UnaryOp) -> Iterator[Mutation]:
        if isinstance(node.op, ast.Not):
            begin = self._begin(node)
            yield self._made("boolean", begin, self._begin(node.operand), b"")

    def condition(self, node: ast.If | ast.While | ast.IfExp) -> Iterator[Mutation]:
        if not isinstance(node.test, ast.UnaryOp | ast.Compare | ast.BoolOp | ast.Constant):
            text = self._text(node.test)
            yield self._made(
                "boolean", self._begin(node.test), self._end(node.test), b"not (" + text + b")"
            )

    def constant(self, node: ast.Constant) -> Iterator[Mutation]:
        value = node.value
        if isinstance(value, bool):
            yield self._made("boolean", self._begin(node), self._end(node), str(not value))
        elif isinstance(value, int | float):
            changed = "1" if value == 0 else "0" if value == 1 else repr(value + 1)
            yield self._made("constant", self._begin(node), self._end(node), changed)
        elif isinstance(value, str) and value.strip() and not re.search(r"\s", value):
            yield self._made("constant", self._begin(node), self._end(node), repr(f"{value}?"))

    def arithmetic(self, node: ast.BinOp | ast.AugAssign) -> Iterator[Mutation]:
        signs = _SIGNS.get(type(node.op))
        if signs is None:
            return
        old, new = signs
        if isinstance(node, ast.AugAssign):
            yield from self._between("arithmetic", node.target, node.value, f"{old}=", f"{new}=")
        else:
            yield from self._between("arithmetic", node.left, node.right, old, new)

    def statement(self, node: ast.stmt) -> Iterator[Mutation]:
        if isinstance(node, ast.Assign) and all(isinstance(t, ast.Name) for t in node.targets):
            return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant | ast.Yield):
            return
        yield self._made("statement", self._begin(node), self._end(node), b"pass")

    def argument(self, node: ast.Call) -> Iterator[Mutation]:
        is_even = isinstance(node.func, ast.Name) and node.func.id in _EVEN
        for left, right in () if is_even else itertools.pairwise(node.args):
            if isinstance(left, ast.Starred) or isinstance(right, ast.Starred):
                continue
            if self._text(left) == self._text(right):
                continue
            between = self._source[self._end(left) : self._begin(right)]
            swapped = self._text(right) + between + self._text(left)
            yield self._made("argument", self._begin(left), self._end(right), swapped)
        for keyword in node.keywords:
            if keyword.arg is not None:
                start, end = self._at(keyword.lineno, keyword.col_offset), self._end(keyword)
                tail = re.match(rb"\s*,\s*", self._source[end:])
                end += len(tail.group()) if tail else 0
                yield self._made("argument", start, end, b"")

    def _sql(self) -> Iterator[Mutation]:
        """Fragments of SQL, which the syntax tree does not show."""
        for token in tokenize.tokenize(io.BytesIO(self._source).readline):
            if token.type != tokenize.STRING or not _SQL.search(token.string):
                continue
            if token.line.lstrip().startswith('"""'):
                continue  # a docstring
            begin = self._at(token.start[0], len(token.line[: token.start[1]].encode()))
            self._within = [self._sql_lines.get(token.start[0], "")]
            yield from self._sql_faults(token.string, begin)
        self._within = []

    def _sql_faults(self, text: str, begin: int) -> Iterator[Mutation]:
        for pattern, new in _SQL_FAULTS:
            for match in re.finditer(pattern, text):
                start = begin + len(text[: match.start()].encode())
                changed = match.expand(new)
                yield self._made("sql", start, start + len(match.group().encode()), changed)


def _is_silent(node: ast.AST) -> bool:
    """Whether it is a log line."""
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    called = node.value.func
    return (
        isinstance(called, ast.Attribute)
        and isinstance(called.value, ast.Name)
        and called.value.id in _LOGS
    )


def _looked_into(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node but for annotations and what an f-string says: its parts have no place
    of their own."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list") or isinstance(node, ast.JoinedStr):
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, ast.AST):
                yield one


_FINDERS: dict[type[ast.AST], Callable[[_Finder, Any], Iterator[Mutation]]] = {
    ast.Compare: _Finder.comparison,
    ast.BoolOp: _Finder.boolean,
    ast.UnaryOp: _Finder.negation,
    ast.If: _Finder.condition,
    ast.While: _Finder.condition,
    ast.IfExp: _Finder.condition,
    ast.Constant: _Finder.constant,
    ast.BinOp: _Finder.arithmetic,
    ast.AugAssign: _Finder.arithmetic,
    ast.Expr: _Finder.statement,
    ast.Assign: _Finder.statement,
    ast.Raise: _Finder.statement,
    ast.Continue: _Finder.statement,
    ast.Break: _Finder.statement,
    ast.Delete: _Finder.statement,
    ast.Call: _Finder.argument,
}
