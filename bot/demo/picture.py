"""The demo's dialogue as a picture: an SVG of a chat, light or dark as the viewer's system is.

No letter can be measured here, for every machine draws with fonts of its own: widths are those of
common ones without serifs, with some room left.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Literal, TypeAlias

from msgspec import Struct
from rich.text import Text

Side: TypeAlias = Literal["in", "out", "note"]
Letters: TypeAlias = list[tuple[str, str]]
"""Characters, each with the classes of its style."""

WIDTH = 480
MARGIN = 14
GAP = 10
BUBBLE = 404
PADDING = 12
SIZE = 15
LINE = 21
BUTTON = 34
BUTTON_GAP = 4
HEADER = 54
BLANK = 10
MOST_LINES = 6
"""The most lines of a message, blank ones not counted, that are shown as they were sent."""
_CLASSES = {"bold": "b", "italic": "i", "cyan": "c", "underline": "a"}
_WIDTHS = {
    0.30: "ijlIft.,:;'|!()[]/·•-‘’ \u00a0r",
    0.45: "гткг*",
    0.51: "ckJsvxyzасуэз«»–",
    0.68: "ABEKPSVXYжмы+<>=",
    0.74: "CDGHNOQRUwАБВГЕКНПРСТУХЧЭЯ",
    0.88: "mMWшщюфДЖЛМОФШЩЫЮ@—…",
}
_WIDTH_OF = {char: width for width, chars in _WIDTHS.items() for char in chars}

STYLE = """\
:root { --page: #dfe7ee; --in: #ffffff; --out: #dcf3c9; --text: #14181c; --dim: #5c6a77;
  --link: #1c6aa8; --button: #c9d6e1; --note: #6f8294; --on-note: #ffffff; --bar: #ffffff; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0e161e; --in: #1b2733; --out: #2b5278; --text: #eef2f5; --dim: #93a4b3;
    --link: #7cc0f4; --button: #22364a; --note: #2c3b49; --on-note: #d5dee6; --bar: #17212b; }
}
text { font: 15px -apple-system, "Segoe UI", Roboto, Helvetica, Arial, "Noto Color Emoji",
  sans-serif; fill: var(--text); white-space: pre; }
.b { font-weight: 700; } .i { font-style: italic; } .a { fill: var(--link); }
.c { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 14px;
  fill: var(--link); }
.m { text-anchor: middle; } .s { font-size: 13px; } .dim { fill: var(--dim); }
.rim { fill: none; stroke: var(--button); }
.n { fill: var(--on-note); font-size: 13px; } .k { fill: var(--link); }"""


class Bubble(Struct, frozen=True):
    """What somebody said, with the rows of buttons below it; or a note between."""

    side: Side
    text: Text
    buttons: tuple[tuple[str, ...], ...] = ()


class Picture:
    """Gathers a dialogue; ``svg()`` draws it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._bubbles: list[Bubble] = []

    def note(self, text: str) -> None:
        """A line between that says what happens."""
        self._bubbles.append(Bubble("note", Text(text)))

    def wrote(self, text: str) -> None:
        """What the subscriber wrote."""
        self._bubbles.append(Bubble("out", Text(text)))

    def received(self, text: Text, buttons: Sequence[Sequence[str]]) -> None:
        """What the subscriber was sent, with the labels of its rows of buttons."""
        self._bubbles.append(Bubble("in", text, tuple(map(tuple, buttons))))

    def svg(self) -> str:
        """The whole picture, as high as it is."""
        drawn: list[str] = []
        y = HEADER + GAP
        for bubble in self._bubbles:
            lines, height = _draw(bubble, y)
            drawn += [f'<g class="{bubble.side}">', *lines, "</g>"]
            y += height + GAP
        title = f"A chat with {self._name}"
        rim = f'<rect x=".5" y=".5" width="{WIDTH - 1}" height="{y - 1}" rx="13.5" class="rim"/>'
        return "\n".join([*_frame(title, y), *_header(self._name), *drawn, rim, "</svg>", ""])


def _frame(title: str, height: int) -> list[str]:
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" aria-label="{escape(title)}">',
        f"<title>{escape(title)}</title>",
        f"<style>\n{STYLE}\n</style>",
        f'<rect width="{WIDTH}" height="{height}" rx="14" fill="var(--page)"/>',
    ]


def _header(name: str) -> list[str]:
    bar = f"M0 {HEADER}V14A14 14 0 0 1 14 0H{WIDTH - 14}A14 14 0 0 1 {WIDTH} 14V{HEADER}Z"
    return [
        f'<path d="{bar}" fill="var(--bar)"/>',
        '<circle cx="34" cy="27" r="17" fill="var(--link)"/>',
        '<text x="34" y="33" class="m" style="fill: var(--bar); font-weight: 700">D</text>',
        f'<text x="62" y="25" class="b">{escape(name)}</text>',
        '<text x="62" y="42" class="s dim">bot</text>',
    ]


def _draw(bubble: Bubble, y: int) -> tuple[list[str], int]:
    """A bubble from ``y`` on: its elements, and its height."""
    if bubble.side == "note":
        return _draw_note(bubble.text.plain, y)
    lines = list(_lines(bubble.text, BUBBLE - 2 * PADDING))
    width = round(max(_width(line) for line in lines)) + 2 * PADDING
    if bubble.buttons:
        width = BUBBLE
    x = MARGIN if bubble.side == "in" else WIDTH - MARGIN - width
    below = y + PADDING + SIZE - 3
    written = []
    for line in lines:
        if line:
            written.append(f'<text x="{x + PADDING}" y="{below}">{_spans(line)}</text>')
        below += LINE if line else BLANK
    height = below - y - SIZE + PADDING - 3
    drawn = [_box(x, y, width, height, f"var(--{bubble.side})"), *written]
    for row in bubble.buttons:
        drawn += _draw_row(row, x, y + height + BUTTON_GAP, width)
        height += BUTTON_GAP + BUTTON
    return drawn, height


def _draw_note(text: str, y: int) -> tuple[list[str], int]:
    width = round(_width([(char, "") for char in text]) * 13 / SIZE) + 2 * PADDING
    return [
        _box((WIDTH - width) // 2, y, width, 26, "var(--note)", radius=13),
        f'<text x="{WIDTH // 2}" y="{y + 18}" class="m n">{escape(text)}</text>',
    ], 26


def _draw_row(row: Sequence[str], x: int, y: int, width: int) -> list[str]:
    each = (width - BUTTON_GAP * (len(row) - 1)) // len(row)
    drawn = []
    for number, text in enumerate(row):
        left = x + number * (each + BUTTON_GAP)
        drawn.append(_box(left, y, each, BUTTON, "var(--button)", radius=9))
        middle = f'x="{left + each // 2}" y="{y + 22}"'
        needed = _width([(char, "") for char in text]) / SIZE
        size = min(14.0, (each - PADDING) / max(needed, 1.0))
        style = f'style="font-size: {size:.1f}px"'
        drawn.append(f'<text {middle} class="m k" {style}>{escape(text)}</text>')
    return drawn


def _box(x: int, y: int, width: int, height: int, fill: str, *, radius: int = 13) -> str:
    place = f'x="{x}" y="{y}" width="{width}" height="{height}"'
    return f'<rect {place} rx="{radius}" fill="{fill}"/>'


def _lines(text: Text, width: float) -> Iterator[Letters]:
    """The lines of a message as they fit; what is too much is left out."""
    paragraphs = list(_paragraphs(_letters(text)))
    full = [at for at, paragraph in enumerate(paragraphs) if paragraph]
    for paragraph in paragraphs[: max(full[:MOST_LINES], default=0) + 1]:
        yield from _wrap(paragraph, width)
    if len(full) > MOST_LINES:
        yield [("…", "")]


def _letters(text: Text) -> Letters:
    classes: list[set[str]] = [set() for _ in text.plain]
    for span in text.spans:
        for at in range(span.start, min(span.end, len(classes))):
            classes[at].add(_CLASSES.get(str(span.style), ""))
    return [
        (char, " ".join(sorted(kinds - {""})))
        for char, kinds in zip(text.plain, classes, strict=True)
    ]


def _paragraphs(letters: Letters) -> Iterator[Letters]:
    ends = [at for at, (char, _) in enumerate(letters) if char == "\n"]
    for before, end in pairwise([-1, *ends, len(letters)]):
        yield letters[before + 1 : end]


def _wrap(letters: Letters, width: float) -> Iterator[Letters]:
    """A paragraph in lines, broken at spaces."""
    begun, space, reached = 0, -1, 0.0
    for at, (char, classes) in enumerate(letters):
        reached += _advance(char, classes)
        if reached > width and at > begun:
            end = space if space > begun else at
            yield letters[begun:end]
            begun = end + 1 if end == space else end
            reached = _width(letters[begun : at + 1])
        if char == " ":
            space = at
    yield letters[begun:]


def _width(letters: Letters) -> float:
    return sum(_advance(char, classes) for char, classes in letters)


def _advance(char: str, classes: str) -> float:
    """How far a character reaches, in units of the picture."""
    if char in "\u200d\ufe0f":
        return 0.0
    if "c" in classes.split():
        return 8.5
    wide = 1.12 if "b" in classes.split() else 1.0
    if ord(char) > 0x2190:
        return SIZE * 1.3
    usual = 0.67 if char.isupper() else 0.57
    return SIZE * _WIDTH_OF.get(char, usual) * wide


def _spans(line: Letters) -> str:
    """A line as text with its styles."""
    pieces: list[tuple[str, str]] = []
    for char, classes in line:
        if pieces and pieces[-1][1] == classes:
            pieces[-1] = (pieces[-1][0] + char, classes)
        else:
            pieces.append((char, classes))
    return "".join(
        f'<tspan class="{classes}">{escape(text)}</tspan>' if classes else escape(text)
        for text, classes in pieces
    )
