"""How a review is made of what was counted."""

import pytest

from handlers.reviews import review as reviews
from handlers.reviews.review import Changed, Deleted, Repeated
from handlers.reviews.tally import Tally, Trend
from handlers.reviews.words import read_words


def tally(*posts: tuple[int, str, str]) -> Tally:
    made = Tally()
    for number, (channel, story, text) in enumerate(posts):
        made.add(f"p{number}", channel, story, read_words(text))
    return made


@pytest.mark.parametrize(
    ("word", "topical"),
    [
        ("паром", True),
        ("россия", True),
        ("заявить", False),
        ("новый", False),
        ("заявить|заявление", True),
        ("рыбосвист", True),  # no dictionary has it
        ("ferri", True),
        ("nato", True),
    ],
)
def test_russian_words_are_topics_where_they_are_nouns(word: str, topical: bool) -> None:
    assert reviews.is_topical(word) == topical


def test_a_trend_leads_to_the_statement_that_most_channels_tell() -> None:
    made = tally((1, "a", "the ferry"), (1, "b", "a ferry"), (2, "b", "a ferry"), (3, "c", "ferry"))
    trend = Trend(words=("ferri",), places=(0, 1, 2, 3), posts=3, before=4)
    texts = {"p0": "the ferry", "p1": "a ferry"}
    told = reviews.tell_trend(trend, made, 2.0, texts)
    assert (told.words, told.doc_id, told.channels, told.before) == (("ferry",), "p1", 3, 2.0)


def test_samples_are_spread_over_all() -> None:
    made = tally(*((1, f"s{n}", "ferry") for n in range(100)))
    names = reviews.sample(made, range(100))
    assert len(names) <= reviews.SAMPLE
    assert names[0] == "p0"
    assert int(names[-1][1:]) > 80


def test_new_names_have_posts_and_channels_and_were_in_no_post_before() -> None:
    def named(name: str, posts: int, channels: int) -> list[tuple[int, str, str]]:
        return [(n % channels, f"{name}{n}", f"said {name} today") for n in range(posts)]

    now = tally(
        *named("Brandt", 6, 3),
        *named("Lisvik", 3, 2),
        *named("Ottosen", 6, 1),
        *named("Marek", 2, 2),
        *named("Ines", 6, 3),
        *((n, "one", "said Copied today") for n in range(5)),
    )
    before = tally((1, "x", "with ines"))
    assert reviews.list_unmet(now, before) == ["brandt", "lisvik"]


def test_names_of_several_words_are_told_once() -> None:
    texts = [(n, f"s{n}", "says Ida Brandt of Lisvik") for n in range(4)]
    now = tally(*texts)
    by_name = {f"p{n}": text for n, (_, _, text) in enumerate(texts)}
    found = reviews.tell_names(["brandt", "ida", "lisvik"], now, by_name)
    assert [(one.name, one.posts, one.doc_id) for one in found] == [
        ("Ida Brandt", 4, "p0"),
        ("Lisvik", 4, "p0"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "once"),
    [
        # Posts that say the name are those with its number: of "Ida Brandt", and of "Otto Brandt".
        (range(4), range(2, 6), True),  # half of both are the same
        (range(4), range(3, 7), False),
        (range(8), range(6, 8), True),
        (range(3), range(2, 3), True),
    ],
)
def test_two_names_of_one_word_are_one_where_half_of_their_posts_are(
    first: range, second: range, once: bool
) -> None:
    texts = [
        " and ".join(
            name
            for name, said in (("says Ida Brandt", first), ("says Otto Brandt", second))
            if n in said
        )
        or "nothing"
        for n in range(10)
    ]
    now = tally(*((n, f"s{n}", text) for n, text in enumerate(texts)))
    by_name = {f"p{n}": text for n, text in enumerate(texts)}
    found = reviews.tell_names(["ida", "otto"], now, by_name)
    assert [one.name for one in found] == ["Ida Brandt", *([] if once else ["Otto Brandt"])]


def test_statements_of_many_channels_are_ranked_one_an_event() -> None:
    now = tally(
        *((n, "a", "ferry") for n in range(3)),
        *((n, "b", "crane") for n in range(5)),
        *((n, "c", "quay") for n in range(4)),
        *((1, "d", "boat") for _ in range(9)),
    )
    ranked = reviews.rank_repeated(now)
    assert [(one.doc_id, one.channels, one.posts) for one in ranked] == [
        ("p3", 5, 5),
        ("p8", 4, 4),
        ("p0", 3, 3),
    ]
    events = {"p3": 1, "p8": 1}
    assert [one.doc_id for one in reviews.one_an_event(ranked, events)] == ["p3", "p0"]
    many = [Repeated(doc_id=f"q{n}", posts=3, channels=3) for n in range(20)]
    assert len(reviews.one_an_event(many, {})) == reviews.ENTRIES


def test_the_weightiest_changes_are_told_and_all_are_counted() -> None:
    def edit(name: str, old: str, new: str) -> tuple[Changed, str, str]:
        return Changed(doc_id=name, old=old, new=new, at="2026-11-21T10:00:00Z"), old, new

    told, count = reviews.rank_changes(
        [
            edit("words", "The captain of the ferry was dismissed", "The ferry is late"),
            edit("figures", "40 people and 12 cars", "45 people and 13 cars"),
            edit("nothing", "The ferry", "The ferry!"),
            edit("advertised", "Реклама: 40 tickets", "Реклама: 45 tickets"),
        ]
    )
    assert [one.doc_id for one in told] == ["figures", "words"]
    assert count == 2


def test_deleted_posts_are_told_by_how_many_tell_them_still() -> None:
    def gone(name: str, others: int, channel: int, text: str = "The ferry sails no more today"):
        return Deleted(doc_id=name, at="2026-11-21T10:00:00Z", others=others), channel, text

    told, count = reviews.rank_deleted(
        [
            gone("a", 0, 1),
            gone("b", 5, 2),
            *(gone(f"c{n}", 1, 3) for n in range(4)),
            gone("short", 9, 4, "Soon"),
            gone("sold", 9, 5, "Tickets for the ferry, sponsored by us"),
        ]
    )
    assert [one.doc_id for one in told] == ["b", "c0", "c1", "a"]
    assert count == 6


def test_what_channels_write_around_their_posts_is_no_trend() -> None:
    bodies = (
        "the crane fell",
        "the quay is dry",
        "a barge sank",
        "rain at noon",
        "the ferry sails",
    )
    texts = {f"p{n}": f"{body}\nfollow the ferry desk" for n, body in enumerate(bodies)}
    made = tally(*((n, f"s{n}", text) for n, text in enumerate(texts.values())))

    def trend(word: str) -> Trend:
        return Trend(words=(word,), places=(0,), posts=5, before=1)

    assert reviews.is_furnished(trend("desk"), made, texts)
    assert reviews.is_furnished(trend("ferri"), made, texts)
    assert not reviews.is_furnished(trend("crane"), made, texts)
    # Posts that are not at hand are left out.
    assert reviews.is_furnished(trend("desk"), made, {**texts, "p0": "x", "p9": "y"})
    assert not reviews.is_furnished(trend("crane"), made, {"p0": texts["p0"]})
    assert not reviews.is_furnished(trend("crane"), made, {})
