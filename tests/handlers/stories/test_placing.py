"""Where a post belongs for one reader: by what this reader got, and nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.stories import placing, standing
from handlers.stories.judgement import Verdict
from handlers.stories.placing import Judge, Placement
from storage.document import Reply
from storage.records import Told
from storage.structs import replace

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEWS = "The council of Marby sold the old lighthouse for 312 crowns, its treasurer said."
TEXTS = {
    "first": NEWS,
    "copy": f"❗️ {NEWS}",
    "corrected": NEWS.replace("312", "512"),
    "again": NEWS.replace("312", "412"),
    "longer": f"{NEWS} The buyer is a painter from Olda.",
    "other": "A bakery in Marby burned down, nobody was hurt.",
}


def judge() -> Judge:
    wordings = {
        name: placing.word(text, name == "copy", frozenset()) for name, text in TEXTS.items()
    }
    return Judge(wordings, lambda _: True)


def place(post: str, *got: Told, minutes: int = 1) -> Placement:
    return judge().place(post, got, now=NOON + timedelta(minutes=minutes))


FIRST = Told(post="first", at=NOON)
FOLLOWED = Told(post="corrected", at=NOON, follows=True, is_open=True)


@pytest.mark.parametrize("post", TEXTS)
def test_whoever_got_nothing_gets_everything(post: str) -> None:
    assert place(post).action == "send"


def test_a_copy_folds_onto_what_was_got() -> None:
    assert place("copy", FIRST) == Placement(action="fold", onto="first")
    assert place("copy", Told(post="corrected", at=NOON)).action == "follow"


def test_more_of_the_same_follows_it_with_what_is_new() -> None:
    found = place("longer", FIRST)
    assert (found.action, found.onto) == ("follow", "first")
    assert [TEXTS["longer"][a:b] for a, b in found.fresh] == ["The buyer is a painter from Olda"]


@pytest.mark.parametrize("got", [("late", "early"), ("early", "late")])
def test_it_follows_what_it_adds_least_to(got: tuple[str, str]) -> None:
    begun = "The harbour office and both banks had asked for it."
    later = "The buyer is a painter."
    texts = {
        "early": f"{NEWS} {begun}",
        "late": f"{NEWS} {later}",
        "post": f"{NEWS} {begun} {later}",
    }
    wordings = {name: placing.word(text, False, frozenset()) for name, text in texts.items()}
    judging = Judge(wordings, lambda _: True)
    found = judging.place("post", [Told(post=one, at=NOON) for one in got], now=NOON)
    assert (found.action, found.onto) == ("follow", "early")
    assert [texts["post"][a:b].rstrip(".") for a, b in found.fresh] == ["The buyer is a painter"]


def test_other_news_of_the_story_is_sent() -> None:
    assert place("other", FIRST, FOLLOWED).action == "send"


@pytest.mark.parametrize(
    ("last", "minutes", "action"),
    [
        (FOLLOWED, 9, "add"),
        (FOLLOWED, 10, "follow"),
        (
            Told(post="corrected", at=NOON, follows=True, added=placing.MOST_ADDED, is_open=True),
            1,
            "follow",
        ),
        (Told(post="corrected", at=NOON, follows=True), 1, "follow"),
        (Told(post="corrected", at=NOON), 1, "follow"),
    ],
)
def test_follow_ups_ring_at_most_every_ten_minutes(last: Told, minutes: int, action: str) -> None:
    found = place("again", FIRST, last, minutes=minutes)
    assert found.action == action
    assert found.rings is (action == "add" or minutes >= 10 or not last.follows)
    assert [TEXTS["again"][a:b] for a, b in found.fresh] == ["412"]


@pytest.mark.parametrize(
    ("pieces", "length", "host", "fits"),
    [
        (2, 20, 1500, True),
        (3, 20, 1500, False),
        (1, 200, 1500, True),
        (1, 201, 1500, False),
        (1, 20, 1501, False),
        (0, 20, 1500, False),
    ],
)
def test_little_is_added_to_a_follow_up_that_is_not_long(
    pieces: int, length: int, host: int, fits: bool
) -> None:
    judging = judge()
    judging.wordings["corrected"] = placing.word("x" * host, False, frozenset())
    fresh = tuple((at * 300, at * 300 + length // max(1, pieces)) for at in range(pieces))
    verdict = Verdict(kind="follow", fresh=fresh)
    assert judging._fits(FOLLOWED, verdict) is fits


def test_a_copy_of_the_follow_up_folds_onto_it() -> None:
    assert place("corrected", FIRST, FOLLOWED) == Placement(action="fold", onto="corrected")


TAKE_COVER, ALL_CLEAR = "Go to the nearest shelter.", "The danger is over."
ALARM = "Air raid: the whole district of Marby on the lower river"


def kind(one: placing.Wording, other: placing.Wording) -> str:
    return Judge({"one": one, "other": other}, lambda _: True).verdict("one", "other").kind


def test_a_line_that_both_posts_might_have_had_says_something() -> None:
    lines = frozenset(line for text in (TAKE_COVER, ALL_CLEAR) for line in standing.lines_of(text))
    one = placing.word(f"{ALARM}\n{TAKE_COVER}", 1, lines)
    for channel in (1, 2):
        other = placing.word(f"{ALARM}\n{ALL_CLEAR}", channel, lines)
        assert kind(one, other) == "send"
        assert kind(one, placing.word(one.text, channel, lines)) == "fold"


@pytest.mark.parametrize(
    ("channel", "hours", "origin", "found"),
    [
        (1, 0.1, None, "fold"),
        (1, 0.5, None, "send"),
        (2, 1.5, None, "fold"),
        (2, 3, None, "send"),
        (2, 20, "first", "fold"),
    ],
)
def test_the_same_words_long_after_are_news_but_as_a_forward(
    channel: int, hours: float, origin: str | None, found: str
) -> None:
    text = f"{ALARM}, where the mayor and the harbour office ask all to stay in their houses"
    one = replace(placing.word(text, 1, ()), at=NOON, origin="first")
    at = NOON + timedelta(hours=hours)
    other = replace(placing.word(text, channel, ()), at=at, origin=origin)
    assert kind(one, other) == found


@pytest.mark.parametrize(("minutes", "found"), [(3, "fold"), (19, "fold"), (31, "send")])
def test_an_alarm_that_another_channel_tells_later_is_the_next_one(
    minutes: int, found: str
) -> None:
    """The first one may be over since, in a post that nobody compares with it."""
    one = replace(placing.word(ALARM, 1, ()), at=NOON)
    other = replace(placing.word(ALARM, 2, ()), at=NOON + timedelta(minutes=minutes))
    assert kind(one, other) == found


@pytest.mark.parametrize(
    ("text", "origin", "found"),
    [
        (f"{NEWS}\nFollow the Marby desk", (7, 1), "fold"),
        ("No comment.\nFollow the Marby desk", (7, 1), "fold"),
        (f"{NEWS}\nFollow the Marby desk", (7, 2), "follow"),
        (f"{NEWS}\nFollow the Olda desk", (7, 1), "follow"),
    ],
)
def test_what_a_channel_writes_below_its_posts_is_nothing_new_in_a_forward(
    text: str, origin: tuple[int, int], found: str
) -> None:
    lines = frozenset(standing.lines_of("Follow the Marby desk"))
    first = text.replace("Olda", "Marby")
    one = replace(placing.word(first, 1, lines), origin=(7, 1))
    assert kind(one, replace(placing.word(text, 2, ()), origin=origin)) == found


def test_another_address_behind_the_same_words_is_news_in_its_channel() -> None:
    one, other = (
        replace(placing.word(NEWS, 1, ()), links=frozenset({f"https://marby.example/{n}"}))
        for n in (1, 2)
    )
    assert kind(one, other) == "send"
    assert kind(one, replace(other, channel=2)) == "fold"


@pytest.mark.parametrize(
    ("fields", "channel", "found"),
    [
        ({"answers": Reply(message_id=7)}, 1, "send"),
        ({"answers": Reply(message_id=7)}, 2, "fold"),
        ({"struck": ("lighthouse",)}, 1, "send"),
        ({"struck": ("lighthouse",)}, 2, "send"),
    ],
)
def test_what_a_post_answers_or_strikes_out_is_part_of_it(
    fields: dict[str, Any], channel: int, found: str
) -> None:
    one = placing.word(NEWS, 1, ())
    other = replace(placing.word(NEWS, channel, ()), **fields)
    assert kind(one, other) == found
    alike = replace(one, **fields)
    assert kind(alike, replace(alike, channel=channel)) == "fold"


@pytest.mark.parametrize(
    ("first", "copy", "action"),
    [
        ((), (), "fold"),
        (("plan pdf",), ("plan pdf",), "fold"),
        (("plan pdf", "map pdf"), ("map pdf",), "fold"),
        (("plan pdf",), (), "fold"),
        ((), ("plan pdf",), "send"),
        (("plan pdf",), ("map pdf",), "send"),
    ],
)
def test_the_same_words_with_something_else_attached_are_no_copy(
    first: tuple[str, ...], copy: tuple[str, ...], action: str
) -> None:
    wordings = dict(judge().wordings)
    wordings["first"] = replace(wordings["first"], attached=frozenset(first))
    wordings["copy"] = replace(wordings["copy"], attached=frozenset(copy))
    placed = Judge(wordings, lambda _: True).place("copy", [FIRST], now=NOON)
    assert placed.action == action
    forwarded = {name: replace(one, origin=(7, 1)) for name, one in wordings.items()}
    placed = Judge(forwarded, lambda _: True).place("copy", [FIRST], now=NOON)
    assert placed.action == "fold"


def test_a_post_of_few_words_is_compared_whole() -> None:
    lines = frozenset(standing.lines_of("Marby desk"))
    one = placing.word("No comment.\nMarby desk", 1, lines)
    assert kind(one, placing.word("No comment.", 2, ())) == "send"
    assert kind(one, placing.word("No comment.\nMarby desk!", 2, ())) == "fold"


def test_one_post_of_few_words_is_enough_to_compare_both_whole() -> None:
    signed = "Marby desk writes from the lower river."
    lines = frozenset(standing.lines_of(signed))
    one = placing.word(f"{signed}\nStill silent.", 1, lines)
    assert one.own == "Still silent."
    assert kind(one, placing.word(signed, 2, ())) == "fold"


@pytest.mark.parametrize(
    ("first", "later", "fresh"),
    [
        (NEWS, f"{NEWS} The buyer is a painter from Olda.", "The buyer is a painter from Olda"),
        (NEWS, NEWS.replace("312", "412"), "412"),
        ("Marby desk\nMarby: 2 dead", "Marby: 3 dead", "3"),
    ],
)
def test_what_is_new_is_shown_below_a_standing_line(first: str, later: str, fresh: str) -> None:
    one = placing.word(first, 1, ())
    other = placing.word(f"Marby desk\n{later}", 2, frozenset(standing.lines_of("Marby desk")))
    assert other.own == later
    found = Judge({"one": one, "other": other}, lambda _: True).verdict("one", "other")
    assert (found.kind, [other.text[a:b] for a, b in found.fresh]) == ("follow", [fresh])


PERMIT = "Bakanlık, yurttaşların Olda adasına seyahat etmesine bugün izin verdi"


@pytest.mark.parametrize(
    ("first", "later", "action", "rings"),
    [
        (NEWS, NEWS.replace("sold", "has not sold"), "follow", True),
        (NEWS, NEWS.replace("sold", "denies it sold"), "follow", True),
        (NEWS, NEWS.replace("old", "tall"), "follow", False),
        (NEWS, NEWS.replace("312", "412"), "add", True),
        (NEWS, NEWS.replace("lighthouse", "lighthuose"), "add", True),
        (NEWS, f"{NEWS} The buyer is a painter from Olda.", "add", True),
        (NEWS, f"{NEWS} It is not the first.", "follow", False),
        (NEWS, f"FAKE: {NEWS}", "follow", True),
        (NEWS, f"Officials deny that {NEWS}", "follow", True),
        (NEWS, f"It is not true that {NEWS}", "follow", True),
        (NEWS, f"Harbour office of Olda, Monday: {NEWS}", "add", True),
        (PERMIT, PERMIT.replace("verdi", "vermedi"), "follow", False),
    ],
)
def test_what_changes_a_statement_is_never_added_to_a_message_in_silence(
    first: str, later: str, action: str, rings: bool
) -> None:
    texts = {"first": first, "longer": f"{first} Harbour office.", "later": later}
    wordings = {name: placing.word(text, name, frozenset()) for name, text in texts.items()}
    got = [Told(post="first", at=NOON), Told(post="longer", at=NOON, follows=True, is_open=True)]
    found = Judge(wordings, lambda _: True).place("later", got, now=NOON + timedelta(minutes=3))
    assert found.action == action
    assert action == "add" or found.rings is rings


def test_a_copy_folds_onto_the_message_that_has_its_words_alone() -> None:
    comment = f"Who believes that? Ask the treasurer of Olda about it.\n{NEWS}"
    texts = {"first": NEWS, "comment": comment, "copy": f"BREAKING: {NEWS}"}
    wordings = {name: placing.word(text, name, frozenset()) for name, text in texts.items()}
    got = [Told(post="first", at=NOON), Told(post="comment", at=NOON, follows=True)]
    found = Judge(wordings, lambda _: True).place("copy", got, now=NOON)
    assert found == Placement(action="fold", onto="first")
