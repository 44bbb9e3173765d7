"""A large event that is several: names that all of a day's posts have hold nothing together."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from handlers.outlines import parting
from handlers.outlines.parting import part
from handlers.outlines.posted import Posted
from handlers.outlines.weight import count_terms
from handlers.stories.gist import Frequencies, read
from storage.document import Document, Source

FREQUENCIES = Frequencies()
NAMES = "Vestria and Norland"
FERRY = ("ferry sinks off the coast", "divers look for the ferry off the coast", "ferry raised")
GRAIN = ("grain deal is offered", "answer on the grain deal", "grain deal is refused")
OTHER = [f"other{n} matters{n} entirely{n}" for n in range(30)]


def posted(number: int, text: str, *, story: str = "") -> Posted:
    document = Document(
        kind="post",
        doc_id=f"tg:1/{number}",
        source=Source(type="telethon"),
        content_hash=f"{number:016x}",
    )
    gist = FREQUENCIES.weigh(read(text).times)
    return Posted(document=document, story=story or document.doc_id, event=5, gist=gist)


def parts_of(group: list[Posted], others: Sequence[Posted] = ()) -> list[set[int]]:
    counts: Counter[int] = count_terms([*group, *others])
    found = part(group, counts, len(group) + len(others))
    return [{int(post.document.doc_id.rpartition("/")[2]) for post in one} for one in found]


def test_what_has_only_the_names_of_the_day_in_common_is_taken_apart() -> None:
    texts = [f"{NAMES}: {text}" for text in (*FERRY, *GRAIN)]
    rest = [posted(n, f"{NAMES} {other}") for n, other in enumerate(OTHER, 100)]
    assert parts_of([posted(n, text) for n, text in enumerate(texts)], rest) == [
        {0, 1, 2},
        {3, 4, 5},
    ]


def test_few_posts_and_a_rate_that_rises_stay_whole() -> None:
    texts = [f"{NAMES}: {text}" for text in (*FERRY[:2], *GRAIN)]
    assert len(parts_of([posted(n, text) for n, text in enumerate(texts)])) == 1
    rates = [posted(n, f"The dollar rises above {n} marks") for n in range(90, 99)]
    assert len(parts_of(rates)) == 1


def test_copies_stay_together() -> None:
    texts = [f"{NAMES}: {text}" for text in (*FERRY, *GRAIN)]
    rest = [posted(n, f"{NAMES} {other}") for n, other in enumerate(OTHER, 100)]
    group = [posted(n, text, story="x" if n in (0, 5) else "") for n, text in enumerate(texts)]
    assert any({0, 5} <= found for found in parts_of(group, rest))


@given(
    st.lists(
        st.tuples(st.sampled_from([*FERRY, *GRAIN, *OTHER, ""]), st.sampled_from("abc")),
        max_size=parting.MOST + 2,
    )
)
def test_every_post_is_in_one_part(rows: list[tuple[str, str]]) -> None:
    group = [posted(n, text, story=f"{text}{copy}") for n, (text, copy) in enumerate(rows)]
    numbers = [number for found in parts_of(group) for number in found]
    assert sorted(numbers) == list(range(len(group)))
