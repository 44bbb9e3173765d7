"""What a channel writes above and below whatever it posts is learned, and nothing else."""

from collections.abc import Collection

import pytest

from handlers.stories import standing

FOOTER = "Peakside Wire | news of the valley"
NEWS = [
    "The tram to Ostrow is late.",
    "A bakery burned down.",
    "Two bridges are closed.",
    "The mayor opened a school.",
    "Snow is expected in the hills.",
    "The choir sings on Sunday.",
]


def own_text(text: str, found: Collection[standing.Line]) -> str:
    return text[slice(*standing.own_span(text, found))]


def learned(posts: list[str]) -> frozenset[standing.Line]:
    return standing.learn([standing.lines_of(post) for post in posts])


@pytest.mark.parametrize("count", [4, 5, 6])
def test_a_line_below_differing_bodies_is_learned(count: int) -> None:
    found = learned([f"{news}\n\n{FOOTER}" for news in NEWS[:count]])
    assert own_text(f"Something else.\n\n{FOOTER}", found) == "Something else."


def test_three_times_is_not_enough() -> None:
    assert not learned([f"{news}\n\n{FOOTER}" for news in NEWS[:3]])


def test_a_line_of_fewer_than_three_in_ten_is_none() -> None:
    many = [f"News number {number} from the harbour" for number in range(30)]
    assert not learned([*many, *(f"{news}\n{FOOTER}" for news in NEWS)])


@pytest.mark.parametrize(
    "post",
    ["No comment.", "🔴 Air raid: Mellen district.\nGo to the nearest shelter."],
)
def test_a_post_that_recurs_whole_is_no_standing_line(post: str) -> None:
    assert not learned([post] * 6)


def test_a_rubric_with_other_emoji_is_the_same_line() -> None:
    found = learned([f"NIGHT DESK\n\n{news}" for news in NEWS])
    assert own_text("🌙 NIGHT DESK 🌙\n\nA yacht drifts.", found) == "A yacht drifts."


def test_lines_in_the_middle_stay() -> None:
    found = learned([f"{news}\n\n{FOOTER}" for news in NEWS])
    text = f"First.\n{FOOTER}\nLast."
    assert own_text(text, found) == text


def test_a_post_that_is_nothing_else_is_its_whole_text() -> None:
    found = learned([f"{news}\n\n{FOOTER}" for news in NEWS])
    assert own_text(FOOTER, found) == FOOTER


def test_addresses_at_the_ends_say_nothing() -> None:
    text = "A yacht drifts.\n\nhttps://example.org/1\n⚡️"
    assert own_text(text, ()) == "A yacht drifts."


def test_a_hashtag_stands_where_it_recurs_and_names_something_where_it_does_not() -> None:
    found = learned([f"{news}\n\n#security #place{n}" for n, news in enumerate(NEWS)])
    assert own_text("A yacht drifts.\n#security", found) == "A yacht drifts."
    text = "A yacht drifts.\n#security #Marby"
    assert own_text(text, found) == text


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (f"Something else.\n\n{FOOTER}", "Something else."),
        (f"Something else.\n{FOOTER}\nIt went on.\n⚡️", "Something else.\nIt went on."),
        (FOOTER, FOOTER),
        ("", ""),
    ],
)
def test_standing_lines_can_be_left_out_wherever_they_stand(text: str, own: str) -> None:
    found = learned([f"{news}\n\n{FOOTER}" for news in NEWS])
    assert standing.without(text, found) == own


@pytest.mark.parametrize(("lines", "learns"), [(1, True), (2, True), (3, False)])
def test_two_lines_are_the_head_of_a_post(lines: int, learns: bool) -> None:
    posts = [
        "\n".join(
            [*[f"{news} {n}" for n in range(1, lines)], FOOTER, *(f"{news} {n}" for n in "abcdef")]
        )
        for news in NEWS
    ]
    assert bool(learned(posts)) is learns


@pytest.mark.parametrize(("lines", "learns"), [(1, True), (6, True), (7, False)])
def test_six_lines_are_the_foot_of_a_post(lines: int, learns: bool) -> None:
    posts = [
        "\n".join([f"{news} a", f"{news} b", FOOTER, *(f"{news} {n}" for n in range(1, lines))])
        for news in NEWS
    ]
    assert bool(learned(posts)) is learns
