"""Which stories of several languages may be the same, by names and figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.outlines.briefs import Brief, Briefs
from handlers.outlines.posted import Posted
from handlers.outlines.tongues import find_families
from storage.document import Document, Source

FERRY = "Ferry Aurelina collides with a cargo ship off the port of Olma"
OTHERS = [
    (f"They discuss the matters of {one}{other} there", "en")
    for one in ("Larn", "Brun", "Mell", "Marb", "Kal", "Ast")
    for other in ("gord", "sten", "vik", "dom", "pula")
]


def group(text: str, lang: str | None, *, hour: int = 9) -> list[Posted]:
    document = Document(
        kind="post",
        doc_id=f"tg:1/{abs(hash((text, lang, hour)))}",
        source=Source(type="telethon"),
        title=text,
        lang=lang,
        published_at=f"2026-11-22T{hour:02}:00:00Z",
        content_hash="1" * 16,
    )
    return [Posted(document=document, story=document.doc_id)]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Паром «Аурелина» столкнулся с сухогрузом у порта Ольма", "ru"),
        ("Пором «Ауреліна» зіткнувся з суховантажем у порту Ольма", "uk"),
        ("Un ferry, l'« Aurelina », en collision avec un cargo au large d'Olma", "fr"),
        ("Vor dem Hafen von Olma ist die Fähre „Aurelina“ mit einem Frachter kollidiert", "de"),
        ("Olma limanı açıklarında Aurelina feribotu Olma yakınında çarpıştı", "tr"),
    ],
)
def test_the_same_names_in_another_language_may_be_the_same(text: str, lang: str) -> None:
    groups = [group(FERRY, "en"), *(group(*other) for other in OTHERS), group(text, lang)]
    assert find_families(groups) == {0: (len(groups) - 1,)}


@pytest.mark.parametrize(
    ("text", "lang", "hour"),
    [
        ("Ferry Aurelina is raised off the port of Olma", "en", 9),
        ("Паром «Аурелина» столкнулся с сухогрузом у порта Ольма", "ru", 23),
        ("Паром «Аурелина» столкнулся с сухогрузом", "ru", 9),
        ("Паром «Аурелина» столкнулся с сухогрузом у порта Ольма", None, 9),
        ("“奥雷利亚”号渡轮在奥尔马港外与货船相撞 Aurelina Olma", "zh", 9),
        ("", "ru", 9),
    ],
)
def test_one_language_another_time_or_one_name_are_not(text: str, lang: str, hour: int) -> None:
    groups = [
        group(FERRY, "en"),
        *(group(*other) for other in OTHERS),
        group(text, lang, hour=hour),
    ]
    assert find_families(groups) == {}


def test_names_that_all_have_are_of_no_one_story() -> None:
    quarrel = "Norland und Vestrien streiten"
    groups = [group(f"Norland and Vestrien, again{n}", "en") for n in range(12)]
    assert find_families([*groups, group(quarrel, "de")]) == {}


@given(
    st.lists(
        st.tuples(
            st.sampled_from([FERRY, "Fähre Aurelina bei Olma", "Паром «Аурелина» у порта Ольма"]),
            st.sampled_from(["en", "de", "ru", None]),
            st.integers(0, 23),
        ),
        max_size=8,
    )
)
def test_each_story_is_of_one_family_at_most(rows: list[tuple[str, str | None, int]]) -> None:
    groups = [group(text, lang, hour=hour) for text, lang, hour in rows]
    families = find_families(groups)
    members = [place for places in families.values() for place in places]
    assert len(members) == len(set(members))
    assert families.keys().isdisjoint(members)
    assert all(place > head for head, places in families.items() for place in places)


def test_lines_stand_below_the_story_that_they_may_be_the_same_as() -> None:
    briefs = Briefs(2, {0: (3,), 2: (5, 6)})
    lines = [Brief(doc_id=f"tg:1/{n}", text=f"Line {n}", channels=1) for n in range(7)]
    briefs.head(0)
    taken = [n for n in (1, 2, 3, 4, 5, 6) if briefs.has_room(n) and not briefs.take(n, [lines[n]])]
    assert taken == [1, 2, 3, 5, 6]
    assert [line.doc_id for line in briefs.abroad(0)] == ["tg:1/3"]
    assert [(line.doc_id, line.also) for line in briefs.lines()] == [
        ("tg:1/1", False),
        ("tg:1/2", False),
        ("tg:1/5", True),
        ("tg:1/6", True),
    ]
