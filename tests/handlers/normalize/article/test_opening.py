"""Which lines above an article's text are its title and its deck. All texts are invented."""

import pytest

from handlers.normalize.article import opening, source
from handlers.normalize.article.article import read_article
from handlers.normalize.post import guards
from storage.document import Document

BRIDGE = (
    "The two towns have opened a bridge that took nine years to build, the mayor told reporters."
)
TOLL = '"The toll falls by half," she said. "We hope that many will walk."'
DATED = f"SPRINGFIELD, May 5. /TASS/. {BRIDGE}"


def read(text: str) -> Document:
    return read_article(text, file="article.txt", file_hash="cd" * 32)


def body(document: Document) -> list[str]:
    return [block.text for block in document.body]


@pytest.mark.parametrize(
    ("above", "title", "deck", "section"),
    [
        # A label of one or two words stands over a headline of at least two words more.
        (("Bridge opens", "Toll falls again"), "Bridge opens", "Toll falls again", None),
        (("Bridge opens", "Toll falls in spring"), "Toll falls in spring", None, "Bridge opens"),
        (("Bridge", "Toll falls"), "Bridge", "Toll falls", None),
        (("Bridge", "Toll falls again"), "Toll falls again", None, "Bridge"),
        (("The bridge opens", "Toll falls by half in spring"),
         "The bridge opens", "Toll falls by half in spring", None),
    ],
)  # fmt: skip
def test_a_short_headline_over_a_short_deck_is_no_section(
    above: tuple[str, str], title: str, deck: str | None, section: str | None
) -> None:
    document = read("\n\n".join([*above, DATED]))
    assert (document.title, document.deck, body(document)) == (title, deck, [BRIDGE])
    sections = [item.text for item in document.furniture if item.kind == "section"]
    assert sections == ([section] if section else [])


TIMED = " date 2024-05-05 Towns open their bridge\n5 May 2024, 16:30\n"


@pytest.mark.parametrize(
    ("between", "deck", "texts"),
    [
        (["The first walkers"], None, ["The first walkers", BRIDGE, TOLL]),
        (["The first walkers", "More about the bridge"], "The first walkers",
         ["More about the bridge", BRIDGE, TOLL]),
        ([], None, [BRIDGE, TOLL]),
    ],
)  # fmt: skip
def test_a_line_right_above_the_text_heads_it_and_one_above_that_is_the_deck(
    between: list[str], deck: str | None, texts: list[str]
) -> None:
    document = read(TIMED + "\n".join([*between, BRIDGE, TOLL]))
    assert (document.title, document.published_at) == (
        "Towns open their bridge",
        "2024-05-05T16:30",
    )
    assert (document.deck, body(document)) == (deck, texts)


def test_a_line_above_a_dateline_is_a_deck_and_so_is_one_above_which_no_time_stands() -> None:
    dated = read(TIMED + f"The first walkers\n{DATED}\n{TOLL}")
    assert (dated.deck, body(dated)) == ("The first walkers", [BRIDGE, TOLL])
    untimed = read(f" date 2024-05-05 Towns open their bridge\n\nThe first walkers\n\n{BRIDGE}")
    assert (untimed.deck, body(untimed)) == ("The first walkers", [BRIDGE])


@pytest.mark.parametrize(
    ("roles", "title", "deck", "count"),
    [
        (("title", "body"), "line 0", None, 1),
        (("title", "deck", "body"), "line 0", "line 1", 1),
        (("deck", "title", "body"), "line 1", "line 0", 1),
        (("title", "title", "body"), "line 0", None, 2),
        (("title", "deck", "title", "body"), "line 0", "line 1", 2),
        (("title", "deck", "deck", "body"), "line 0", "line 1", 2),
        (("body", "title"), None, None, 2),
        (("title",), "line 0", None, 0),
    ],
)
def test_of_lines_that_say_what_they_are_the_second_title_is_text(
    roles: tuple[guards.Role, ...], title: str | None, deck: str | None, count: int
) -> None:
    rows = [guards.assign(f"line {at}", role) for at, role in enumerate(roles)]
    document = read("\n\n".join(rows))
    assert (document.title, document.deck) == (title, deck)
    assert body(document) == [f"line {at}" for at in range(len(roles))][len(roles) - count :]


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_headline_that_is_printed_twice_is_one_title(between: str) -> None:
    document = read(f"Towns open a bridge{between}Towns open a bridge\n\n{DATED}")
    assert (document.title, document.deck, body(document)) == (
        "Towns open a bridge",
        None,
        [BRIDGE],
    )
    assert [(item.kind, item.text) for item in document.furniture] == [
        ("nav", "Towns open a bridge")
    ]


HEAD = "Towns open bridge"
BUILT = "It took nine years."


@pytest.mark.parametrize(
    ("text", "is_deck"),
    [
        (f"{HEAD}\n{BUILT}\n{BRIDGE}", True),
        (f"{HEAD}\n\n{BUILT}\n{BRIDGE}", False),
        (f"{HEAD}\n{BUILT}\n\n{BRIDGE}", False),
        (f"{HEAD}\n{BUILT} So.\n{BRIDGE}", False),
        (f"{HEAD}\n{'D' * 249}.\n{BRIDGE * 5}", True),
        (f"{HEAD}\n{'D' * 250}.\n{BRIDGE * 5}", False),
        (f"{HEAD}\n{'a' * 19}.\n{'b' * 26}.", True),
        (f"{HEAD}\n{'a' * 20}.\n{'b' * 26}.", False),
        (f"{HEAD}\n{BUILT}\n{BUILT} So.", True),
        (f"{HEAD}\n{BUILT}\n{BUILT}", False),
        (f"{HEAD}\n{BUILT}", False),
        (f"{HEAD}\nSPRINGFIELD, May 5. /TASS/. {BUILT}\n{BRIDGE}", False),
        (f"{HEAD}\n{BUILT}\n5 May 2024, 16:30\n{BRIDGE}", False),
        (f"{HEAD}\n\u200bForwarded from Ann.\n{BRIDGE}", False),
    ],
)
def test_one_sentence_glued_between_title_and_text_is_the_deck(text: str, is_deck: bool) -> None:
    found = opening.read(source.split(text).items)
    assert (found.title, found.deck, found.start) == ((0, 1, 2) if is_deck else (0, None, 1))


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        (["The bridge of old at dawn", "The bridge of old", "© Ann Roe/TASS"],
         {1: "alt_text", 2: "caption", 3: "credit"}),
        (["More of it", "The bridge of old", "© Ann Roe/TASS"], {2: "caption", 3: "credit"}),
        (["More of it", "The bridge © Ann Roe/TASS", "© Ann Roe/TASS"],
         {2: "alt_text", 3: "credit"}),
        (["The bridge of old", "© Ann Roe/TASS"], {2: "credit"}),
    ],
)  # fmt: skip
def test_what_stands_above_a_photographs_credit(lines: list[str], kinds: dict[int, str]) -> None:
    rows = [HEAD, "\n".join(lines), BRIDGE]
    assert opening.read(source.split("\n\n".join(rows)).items).kinds == kinds
