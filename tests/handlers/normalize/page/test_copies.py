"""Which lines of a stretch are whose, and how far-fetched each reading is. All texts are invented.

Each row: the lines, what is known of the stretch, and its readings as ``head-body_end copy(keep)
copy_end-end cost``, with ``?`` where another reading is as good.
"""

import pytest

from handlers.normalize.page.copies import WINDOW, Reading, Stretch, explain, whole

LINES = {
    "P": "The ferry leaves at nine.",
    "Q": "It comes back at ten.",
    "T": "The pier is dry.",
    "A": "🔹 Alpha goes to sea.",
    "B": "🔹 Beta stays at home.",
    "C": "The crew is paid now.",
}


def stretch(text: str, known: str) -> Stretch:
    return Stretch(
        lines=text.format(**LINES).split("|"),
        hidden="hidden" in known,
        last="last" in known,
        opened="opened" in known,
        terse="wordy" not in known,
    )


def told(reading: Reading) -> str:
    kept = ",".join(str(at) if end is None else f"{at}[:{end}]" for at, end in reading.keep)
    copy = f"{reading.copy}({kept})" if kept else reading.copy
    lines = f"{reading.head}-{reading.body_end} {copy} {reading.copy_end}-{reading.end}"
    return f"{lines} {reading.cost:.3g}{'?' if reading.guessed else ''}"


def check(text: str, known: str, expected: str) -> None:
    assert "; ".join(map(told, explain(stretch(text, known)))) == expected


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("{P}", "", "0-1 none 1-1 1"),
        ("#Ferry", "", "0-1 none 1-1 2.5"),
        ("Read in full", "", "0-1 none 1-1 2.5"),
        ("📍 Springfield", "", "0-1 none 1-1 2.5"),
        ("💬 Ann: Why?", "", "0-1 none 1-1 1"),
        ("Key points:", "", "0-1 none 1-1 1"),
        ("{P}|{Q}", "", "0-1 none 1-1 1; 1-2 none 2-2 1"),
        ("{P}|{Q}|{Q}", "", "0-2 exact 3-3 0.01"),
        ("{P}|{Q}|{T}|{Q}|{T}", "", "0-3 exact 5-5 0.01"),
        ("{P}|1234567|1234567", "", "0-2 exact 3-3 1"),
        ("{P}|12345678|12345678", "", "0-2 exact 3-3 0.01"),
        ("{P}|1234|5678|1234|5678", "", "0-3 exact 5-5 0.01"),
        ("💬 Ann: {P}|{Q}|{Q}", "", "0-2 exact 3-3 0.41"),
        ("📍 Springfield, May 5|{Q}|{Q}", "", "0-2 exact 3-3 0.81"),
        ("#Ferry|{Q}|{Q}", "", "0-2 exact 3-3 0.81"),
        ("Key points:|{Q}|{Q}", "", "0-2 exact 3-3 0.81"),
        ("🔹 {P}|{Q}|{Q}", "", "0-2 exact 3-3 0.01"),
        ("{P}|Key points:|{Q}|{T}|{Q}|{T}|Key points:|{Q}|{T}|{Q}|{T}", "", "0-6 exact 11-11 1.26"),
        (
            "{P}|{C}|{Q}|{T}|{Q}|{T}|{C}|{Q}|{T}|{Q}|{T}",
            "",
            "0-1 none 1-1 1?; 1-4 exact 6-6 0.01; 6-9 exact 11-11 0.01",
        ),
        ("{P}|Key points:|{Q}|{Q}|Key points:|{Q}|{Q}", "", "0-4 exact 7-7 0.01"),
        ("{P}|{Q}|{T}|{Q}|{T}|{Q}|{T}|{Q}|{T}", "", "0-5 exact 9-9 0.01"),
        (
            "{P}|Key points:|{Q}|{T}|{Q}|{T}|{C}|Key points:|{Q}|{T}|{Q}|{T}|{C}",
            "",
            "0-7 exact 13-13 0.01",
        ),
    ],
)
def test_a_line_alone_and_an_exact_copy(text: str, known: str, expected: str) -> None:
    check(text, known, expected)


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("{P}|{A}|{A}|example.org", "", "0-2 exact 3-4 0.81?"),
        ("{P}|{A}|{A}|example.org", "hidden", "0-2 exact 3-4 2.31?"),
        ("{P}|{A}|{A}|example.org|A page", "", "0-2 exact 3-5 0.51"),
        ("{P}|{A}|{A}|example.org|A page", "hidden", "0-2 exact 3-5 2.01"),
        ("{P}|{A}|{A}|example.org|A page|Of bridges.", "", "0-2 exact 3-6 0.21"),
        ("{P}|{A}|{A}|example.org|A page|Of bridges.", "hidden", "0-2 exact 3-6 1.71"),
        (
            "{P}|{A}|{A}|example.org|A page|Of bridges.|More of it.",
            "",
            "0-2 exact 3-6 0.21; 6-7 none 7-7 1",
        ),
        (
            "{P}|{A}|{A}|example.org|A page|Of bridges.|More of it.",
            "hidden",
            "0-2 exact 3-6 0.21; 6-7 none 7-7 2.5",
        ),
        ("{P}|{A}|{A}|Harbour Daily|A page|Of bridges.", "", "0-2 exact 3-6 2.21"),
        ("{P}|{A}|{A}|Harbour Daily|A page|Of bridges.", "hidden", "0-2 exact 3-6 3.71"),
        ("{P}|{A}|{A}|example.org|Key points:|Of bridges.", "", "0-2 exact 3-6 0.81"),
        ("{P}|{A}|{A}|example.org|Key points:|Of bridges.", "hidden", "0-2 exact 3-6 2.31"),
        ("{P}|{A}|{A}|example.org|Key points:|Read in full", "", "0-2 exact 3-6 1.41"),
        ("{P}|{A}|{A}|example.org|Key points:|Read in full", "hidden", "0-2 exact 3-6 2.91"),
        ("{P}|example.org|A page|Of bridges.", "", "0-1 none 1-4 1.2"),
        ("{P}|example.org|A page|Of bridges.", "hidden", "0-1 none 1-4 2.7"),
    ],
)
def test_a_preview_is_rare_where_little_of_it_stands(text: str, known: str, expected: str) -> None:
    check(text, known, expected)


# Few emoji open single posts; those of lists, and such as come again near by, open items.
@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("{P}|💬 Ann: The tide decides.", "hidden", "0-2 none 2-2 1.1?"),
        ("{P}|📍 Springfield, March 13, 2023", "hidden", "0-2 none 2-2 1.1?"),
        ("{P}|🔦 #Ferry", "hidden", "0-2 none 2-2 1.4?"),
        ("{P}|🔦 Read in full", "hidden", "0-2 none 2-2 1.4?"),
        ("{P}|🔦 Key points:", "hidden", "0-2 none 2-2 1.4?"),
        ("{P}|🔦 Question: Why?", "hidden", "0-2 none 2-2 2.1?"),
        ("{P}|🔹 One walks.", "hidden", "0-2 none 2-2 1.4?"),
        ("{P}|🔹Glued.", "hidden", "0-1 none 1-1 1?; 1-2 none 2-2 2.5"),
        ("{P}|⚡ One.", "hidden", "0-2 none 2-2 2.1?"),
        ("{P}|⚡\ufe0f One.", "hidden", "0-2 none 2-2 2.1?"),
        ("{P}|❗ One.", "hidden", "0-2 none 2-2 2.1?"),
        ("{P}|🎙 One.", "hidden", "0-2 none 2-2 2.1?"),
        ("{P}|‼ One.", "hidden", "0-2 none 2-2 2.1?"),
        ("{P}|🔦 One walks.", "hidden", "0-2 none 2-2 2.1?"),
        ("{P}|✅\ufe0f Done.", "hidden", "0-2 none 2-2 1.4?"),
        ("{P}|🔦  📍 Springfield", "hidden", "0-2 none 2-2 1.4?"),
        ("{P}|🇫🇷 France", "hidden", "0-1 none 1-1 1?; 1-2 none 2-2 1"),
        ("{P}|One walks.", "hidden", "0-1 none 1-1 1?; 1-2 none 2-2 2.5"),
        ("{P}|🔦 A walk.|🔦 B walk.", "hidden", "0-3 none 3-3 1.2?"),
        ("{P}|🔦 A walk.|🔦 B walk.|🔦 C walk.", "hidden", "0-4 none 4-4 1.3?"),
        (
            "{P}|🔦 A walk.|🔦 B walk.|🔹 C.|🔹 D.|🔹 E.|🔹 F.|🔦 G walk.",
            "hidden",
            "0-8 none 8-8 1.7?",
        ),
        ("{P}|🔦 A walk.|🔹 1.|🔹 2.|🔹 3.|🔦 B walk.", "hidden", "0-6 none 6-6 1.5?"),
        ("{P}|🔦 A walk.|🔹 1.|🔹 2.|🔹 3.|🔹 4.|🔦 B walk.", "hidden", "0-7 none 7-7 1.6?"),
        (
            "{P}|🔦 A walk.|🔹 1.|🔹 2.|🔹 3.|🔹 4.|🔹 5.|🔦 B walk.",
            "hidden",
            "0-1 none 1-1 1?; 1-8 none 8-8 2.6?",
        ),
        ("{P}|⚡ A walk.|⚡ B walk.", "hidden", "0-1 none 1-1 1?; 1-3 none 3-3 2.1?"),
        ("{P}|⚡ A walk.|⚡ B walk.|⚡ C walk.", "hidden", "0-4 none 4-4 1.3?"),
        (
            "{P}|⚡ A walk.|⚡ B walk.|🔹 C.|🔹 D.|🔹 E.|🔹 F.|⚡ G walk.",
            "hidden",
            "0-1 none 1-1 1?; 1-8 none 8-8 2.6?",
        ),
        (
            "{P}|⚡ A walk.|🔹 1.|🔹 2.|🔹 3.|⚡ B walk.",
            "hidden",
            "0-1 none 1-1 1?; 1-6 none 6-6 2.4?",
        ),
        (
            "{P}|⚡ A walk.|🔹 1.|🔹 2.|🔹 3.|🔹 4.|⚡ B walk.",
            "hidden",
            "0-1 none 1-1 1?; 1-7 none 7-7 2.5?",
        ),
        (
            "{P}|⚡ A walk.|🔹 1.|🔹 2.|🔹 3.|🔹 4.|🔹 5.|⚡ B walk.",
            "hidden",
            "0-1 none 1-1 1?; 1-8 none 8-8 2.6?",
        ),
    ],
)
def test_a_line_without_a_copy_is_dear_unless_marked(text: str, known: str, expected: str) -> None:
    check(text, known, expected)


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("{P}", "last", "0-1 none 1-1 1"),
        ("{P}", "last, opened", "0-1 none 1-1 1"),
        ("{P}", "last, wordy", "0-1 none 1-1 1"),
        ("{P}", "last, opened, wordy", "0-1 none 1-1 1"),
        ("{P}|{Q}", "last", "0-1 none 1-1 1?; 1-2 none 2-2 1"),
        ("{P}|{Q}", "last, opened", "0-2 none 2-2 1.7?"),
        ("{P}|{Q}", "last, wordy", "0-2 none 2-2 1.9?"),
        ("{P}|{Q}", "last, opened, wordy", "0-2 none 2-2 1.7?"),
        ("{P}|{Q}|#Ferry", "last", "0-1 none 1-1 1?; 1-3 none 3-3 1.2?"),
        ("{P}|{Q}|#Ferry", "last, opened", "0-3 none 3-3 1.9?"),
        ("{P}|{Q}|#Ferry", "last, wordy", "0-3 none 3-3 2.1?"),
        ("{P}|{Q}|#Ferry", "last, opened, wordy", "0-3 none 3-3 1.9?"),
        ("{P}|Key points:|{Q}|{T}", "last", "0-4 none 4-4 1.8?"),
        ("{P}|Key points:|{Q}|{T}", "last, opened", "0-4 none 4-4 1.8?"),
        ("{P}|Key points:|{Q}|{T}", "last, wordy", "0-4 none 4-4 1.8?"),
        ("{P}|Key points:|{Q}|{T}", "last, opened, wordy", "0-4 none 4-4 1.8?"),
        ("{P}|{A}|{T}|{C}", "last", "0-4 none 4-4 2?"),
        ("{P}|{A}|{T}|{C}", "last, opened", "0-4 none 4-4 2?"),
        ("{P}|{A}|{T}|{C}", "last, wordy", "0-4 none 4-4 2?"),
        ("{P}|{A}|{T}|{C}", "last, opened, wordy", "0-4 none 4-4 2?"),
        (
            "{P}|{Q}|{T}|{C}",
            "last",
            "0-1 none 1-1 1?; 1-2 none 2-2 1?; 2-3 none 3-3 1?; 3-4 none 4-4 1",
        ),
        ("{P}|{Q}|{T}|{C}", "last, opened", "0-4 none 4-4 3.1?"),
        ("{P}|{Q}|{T}|{C}", "last, wordy", "0-4 none 4-4 3.7?"),
        ("{P}|{Q}|{T}|{C}", "last, opened, wordy", "0-4 none 4-4 3.1?"),
        ("{P}|{Q}|{Q}|{T}|{A}", "last", "0-2 exact 3-3 0.01; 3-5 none 5-5 1.2?"),
        ("{P}|{Q}|{Q}|{T}|{A}", "last, opened", "0-2 exact 3-3 0.01; 3-5 none 5-5 1.2?"),
        ("{P}|{Q}|{Q}|{T}|{A}", "last, wordy", "0-2 exact 3-3 0.01; 3-5 none 5-5 1.2?"),
        ("{P}|{Q}|{Q}|{T}|{A}", "last, opened, wordy", "0-2 exact 3-3 0.01; 3-5 none 5-5 1.2?"),
        ("{P}|{Q}|{Q}|{T}|{C}", "last", "0-2 exact 3-3 0.01; 3-4 none 4-4 1?; 4-5 none 5-5 1"),
        (
            "{P}|{Q}|{Q}|{T}|{C}",
            "last, opened",
            "0-2 exact 3-3 0.01; 3-4 none 4-4 1?; 4-5 none 5-5 1",
        ),
        ("{P}|{Q}|{Q}|{T}|{C}", "last, wordy", "0-2 exact 3-3 0.01; 3-5 none 5-5 1.9?"),
        ("{P}|{Q}|{Q}|{T}|{C}", "last, opened, wordy", "0-2 exact 3-3 0.01; 3-5 none 5-5 1.9?"),
    ],
)
def test_the_last_lines_may_be_one_post_that_was_cut(text: str, known: str, expected: str) -> None:
    check(text, known, expected)


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("{P}", "", "0-1 none 1-1 1"),
        ("{P}", "hidden", "0-1 none 1-1 2.5"),
        ("The ferry leaves 🔦 now", "", "0-1 none 1-1 1"),
        ("The ferry leaves 🔦 now", "hidden", "0-1 none 1-1 1"),
        ("🔦 The ferry", "", "0-1 none 1-1 1"),
        ("🔦 The ferry", "hidden", "0-1 none 1-1 2.5"),
        ("🔦 The ferry leaves 🔦 now", "", "0-1 none 1-1 1"),
        ("🔦 The ferry leaves 🔦 now", "hidden", "0-1 none 1-1 1"),
        ("{P}|{Q}|{Q}", "", "0-2 exact 3-3 0.01"),
        ("{P}|{Q}|{Q}", "hidden", "0-2 exact 3-3 1.51"),
        ("{P}|{A}|{A}", "", "0-2 exact 3-3 0.01"),
        ("{P}|{A}|{A}", "hidden", "0-2 exact 3-3 0.01"),
        ("{P}|Lit🔦|Lit🔦", "", "0-2 exact 3-3 1"),
        ("{P}|Lit🔦|Lit🔦", "hidden", "0-2 exact 3-3 1"),
        ("The ferry 🔦|{Q}|{Q}", "", "0-2 exact 3-3 0.01"),
        ("The ferry 🔦|{Q}|{Q}", "hidden", "0-2 exact 3-3 0.01"),
        ("🔦 The ferry|{Q}|{Q}", "", "0-2 exact 3-3 0.01"),
        ("🔦 The ferry|{Q}|{Q}", "hidden", "0-2 exact 3-3 1.51"),
        ("{P}|{Q}|{Q}|{T}|{A}|{A}", "", "0-2 exact 3-3 0.01; 3-5 exact 6-6 0.01"),
        ("{P}|{Q}|{Q}|{T}|{A}|{A}", "hidden", "0-2 exact 3-3 0.01; 3-5 exact 6-6 0.01"),
    ],
)
def test_the_hidden_pair_asks_for_a_custom_emoji(text: str, known: str, expected: str) -> None:
    check(text, known, expected)


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("{P}|{A}|{C}|{C}", "", "0-1 none 1-1 1; 1-3 exact 4-4 0.01"),
        ("{P}|{A}|{C}|{C}", "hidden", "0-3 lossy(1) 4-4 0.7"),
        ("{P}|{A}|{C}|{B}|{T}|{C}|{T}", "", "0-5 lossy(1,3) 7-7 1.2"),
        ("{P}|{A}|{C}|{B}|{T}|{C}|{T}", "hidden", "0-5 lossy(1,3) 7-7 0.5"),
        ("{P}|{A}|Paid now.12|Paid now.12", "", "0-1 none 1-1 1; 1-3 exact 4-4 0.01"),
        ("{P}|{A}|Paid now.12|Paid now.12", "hidden", "0-3 lossy(1) 4-4 1.2"),
        ("{P}|{A}|Paid now.123|Paid now.123", "", "0-1 none 1-1 1; 1-3 exact 4-4 0.01"),
        ("{P}|{A}|Paid now.123|Paid now.123", "hidden", "0-3 lossy(1) 4-4 0.7"),
        ("{P}|The lamp 🔦 is lit.|{C}|The lamp|{C}", "", "0-3 lossy(0[:8],1) 5-5 0.95"),
        ("{P}|The lamp 🔦 is lit.|{C}|The lamp|{C}", "hidden", "0-3 lossy(0[:8],1) 5-5 0.35"),
        ("{P}|The lamp of old is lit.|{C}|The lamp|{C}", "", "0-3 lossy(0[:8],1) 5-5 1.4"),
        ("{P}|The lamp of old is lit.|{C}|The lamp|{C}", "hidden", "0-3 lossy(0[:8],1) 5-5 0.8"),
        ("{P}|{A}|The lamp 🔦 is lit.|The lamp", "", "0-3 lossy(1[:8]) 4-4 2.05"),
        ("{P}|{A}|The lamp 🔦 is lit.|The lamp", "hidden", "0-3 lossy(1[:8]) 4-4 1.25"),
        ("💬 Ann: {P}|{A}|{C}|{C}", "", "0-1 none 1-1 1; 1-3 exact 4-4 0.01"),
        ("💬 Ann: {P}|{A}|{C}|{C}", "hidden", "0-3 lossy(1) 4-4 1.1"),
        ("Key points:|{A}|{C}|{C}", "", "0-1 none 1-1 1; 1-3 exact 4-4 0.01"),
        ("Key points:|{A}|{C}|{C}", "hidden", "0-3 lossy(1) 4-4 1.5"),
        ("{P}|{C}|{T}|{C}", "", "0-3 lossy(0) 4-4 2.7"),
        ("{P}|{C}|{T}|{C}", "hidden", "0-3 lossy(0) 4-4 3"),
        ("{P}|{T}|{C}|{C}", "", "0-1 none 1-1 1; 1-3 exact 4-4 0.01"),
        ("{P}|{T}|{C}|{C}", "hidden", "0-1 none 1-1 1; 1-3 exact 4-4 1.51"),
        ("{P}|{Q}|{A}|{C}|{B}|{Q}|{C}", "", "0-5 lossy(0,2) 7-7 1.2"),
        ("{P}|{Q}|{A}|{C}|{B}|{Q}|{C}", "hidden", "0-5 lossy(0,2) 7-7 0.5"),
        ("{P}|{A}|{C}|{T}|{B}|{T}", "", "0-5 lossy(2) 6-6 3?"),
        ("{P}|{A}|{C}|{T}|{B}|{T}", "hidden", "0-5 lossy(2) 6-6 1.7"),
        ("{P}|{A}|{C}|{C}|{Q}", "", "0-1 none 1-1 1; 1-3 exact 4-4 0.01; 4-5 none 5-5 1"),
        ("{P}|{A}|{C}|{C}|{Q}", "hidden", "0-1 none 1-1 1; 1-3 exact 4-4 0.01; 4-5 none 5-5 2.5"),
        (
            "{P}|{Q}|{C}|{T}|{A}|{B}|{Q}|{T}|{Q}",
            "",
            "0-1 none 1-1 1; 1-2 none 2-2 1; 2-7 lossy(0,3) 9-9 1.2",
        ),
        (
            "{P}|{Q}|{C}|{T}|{A}|{B}|{Q}|{T}|{Q}",
            "hidden",
            "0-1 none 1-1 1; 1-2 none 2-2 1?; 2-7 lossy(0,3) 9-9 0.5",
        ),
    ],
)
def test_a_copy_lacks_what_custom_emoji_hide(text: str, known: str, expected: str) -> None:
    check(text, known, expected)


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("{P}|{Q}|{T}|{Q}", "last", "0-3 cut(0) 4-4 0.4"),
        ("{P}|{Q}|{T}|{Q}", "last, hidden", "0-3 cut(0) 4-4 0.4"),
        ("{P}|{Q}|{T}|{Q}|The p", "last", "0-3 cut(0,1[:5]) 5-5 0.4"),
        ("{P}|{Q}|{T}|{Q}|The p", "last, hidden", "0-3 cut(0,1[:5]) 5-5 0.4"),
        ("{P}|{Q}|{T}|{Q}|The s", "last", "0-3 lossy(0) 4-4 2.7; 4-5 none 5-5 1"),
        ("{P}|{Q}|{T}|{Q}|The s", "last, hidden", "0-3 lossy(0) 4-4 2.7; 4-5 none 5-5 2.5"),
        ("{P}|{Q}|{T}|{Q}|{T}", "last", "0-3 exact 5-5 0.01"),
        ("{P}|{Q}|{T}|It comes ba", "last", "0-3 cut(0[:11]) 4-4 1.1"),
        ("{P}|{Q}|{T}|It comes ba", "last, hidden", "0-3 cut(0[:11]) 4-4 1.1"),
        ("{P}|{Q}|{T}|It comes bac", "last", "0-3 cut(0[:12]) 4-4 0.4"),
        ("{P}|{Q}|{T}|It comes bac", "last, hidden", "0-3 cut(0[:12]) 4-4 0.4"),
        (
            "{P}|{Q}|{T}|I",
            "last",
            "0-1 none 1-1 1?; 1-2 none 2-2 1?; 2-3 none 3-3 1?; 3-4 none 4-4 1",
        ),
        (
            "{P}|{Q}|{T}|I",
            "last, hidden",
            "0-1 none 1-1 1; 1-2 none 2-2 1; 2-3 none 3-3 1?; 3-4 none 4-4 2.5",
        ),
        ("{P}|{Q}|{T}|It", "last", "0-3 cut(0[:2]) 4-4 1.1"),
        ("{P}|{Q}|{T}|It", "last, hidden", "0-3 cut(0[:2]) 4-4 1.1"),
        ("{P}|{Q}|{T}|{Q}|{T}|{C}", "last", "0-3 exact 5-5 0.01; 5-6 none 6-6 1"),
        ("{P}|{Q}|{T}|{Q}|{T}|{C}", "last, hidden", "0-3 exact 5-5 0.01; 5-6 none 6-6 2.5"),
        (
            "{P}|{Q}|{Q}|{T}|{A}|{C}|{A}|The c",
            "last",
            "0-2 exact 3-3 0.01; 3-6 cut(0,1[:5]) 8-8 0.4",
        ),
        (
            "{P}|{Q}|{Q}|{T}|{A}|{C}|{A}|The c",
            "last, hidden",
            "0-2 exact 3-3 0.01; 3-6 cut(0,1[:5]) 8-8 0.4",
        ),
        ("{P}|{Q}|It comes", "last", "0-2 cut(0[:8]) 3-3 1.1"),
        ("{P}|{Q}|It comes", "last, hidden", "0-2 cut(0[:8]) 3-3 1.1"),
        ("{P}|{A}|{T}|{A}", "last", "0-3 cut(0) 4-4 0.4"),
        ("{P}|{A}|{T}|{A}", "last, hidden", "0-3 cut(0) 4-4 0.4"),
    ],
)
def test_the_end_of_the_file_cuts_a_copy(text: str, known: str, expected: str) -> None:
    check(text, known, expected)


def numbered(count: int) -> list[str]:
    return [f"Line number {at} of the post." for at in range(count)]


@pytest.mark.parametrize(("size", "is_cut"), [(WINDOW, True), (WINDOW + 1, False)])
def test_no_message_is_longer_than_the_window(size: int, is_cut: bool) -> None:
    body = numbered(size)
    found = explain(Stretch(lines=["Head", *body, body[0]], last=True))
    assert (found[0].copy == "cut") is is_cut


@pytest.mark.parametrize(("size", "is_one"), [(WINDOW, True), (WINDOW + 1, False)])
def test_what_has_no_copy_is_no_longer_either(size: int, is_one: bool) -> None:
    lines = ["Head", *(f"🔹 {text}" for text in numbered(size - 1))]
    (*_, last) = explain(Stretch(lines=lines, hidden=True))
    assert (last.body_end - last.head == size) is is_one


@pytest.mark.slow
@pytest.mark.parametrize(("size", "copy"), [(4000, "lossy"), (4001, "none")])
def test_lossy_copies_are_looked_for_in_what_may_be_a_channel_page(size: int, copy: str) -> None:
    post = ["Head of it", "🔹 Alpha goes to sea.", "The crew is paid now.", "The crew is paid now."]
    lines = [*numbered(size - len(post)), *post]
    found = explain(Stretch(lines=lines, hidden=True))
    assert [reading.copy for reading in found if reading.head == size - 4] == [copy]


def test_a_page_that_repeats_nothing_is_one_post() -> None:
    (reading,) = whole(Stretch(lines=numbered(3)))
    assert told(reading) == "0-3 none 3-3 0"
    assert whole(Stretch(lines=())) == explain(Stretch(lines=())) == ()
