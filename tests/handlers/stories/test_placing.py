"""Where a post belongs for one reader: by what this reader got, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.stories import placing
from handlers.stories.placing import Judge, Placement
from storage.records import Told

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


def test_a_copy_of_the_follow_up_folds_onto_it() -> None:
    assert place("corrected", FIRST, FOLLOWED) == Placement(action="fold", onto="corrected")
