"""A story's head is a sentence or title of one of its posts, and one that can stand alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.stories import heads

NEWS = "Пожарные потушили горевшую пекарню у порта в Меллене."
ENGLISH = "Firemen put out the burning bakery near the port of Mellen."


@pytest.mark.parametrize(
    ("text", "head"),
    [
        (f"{NEWS} Никто не пострадал.", NEWS),
        (f"⚡️ {NEWS}", NEWS),
        (f"Наберитесь терпения.\n\n{NEWS}", NEWS),
        (f"Бургомистр на вопрос о ремонте моста через реку:\n{NEWS}", NEWS),
        (f"Что случилось сегодня утром в порту Меллена? {NEWS}", NEWS),
        (f"TUCSON, Ariz. {ENGLISH}", ENGLISH),
        (f"He said so to the council on Sunday. {ENGLISH}", ENGLISH),
        (
            "Bakery burned down. Firemen of Mellen saved its books. "
            "The bakery of Mellen will open again soon.",
            "Firemen of Mellen saved its books.",
        ),
        (f"Mr. Brack and gen. Mole saw it. {ENGLISH}", ENGLISH),
        (f"{NEWS} @mellen_news", NEWS),
        ("Пекарню у порта Меллена потушил вчера вечером @mellen_brack", None),
        ("Дом на ул. Моховой принял гостей из г. Меллена.", None),
        ("No comment.", None),
        (f"https://example.org/a-b {NEWS}", f"https://example.org/a-b {NEWS}"),
        (f"https://example.org/a-b\n\n{NEWS}", NEWS),
        (f"{NEWS} @mellen_news", NEWS),
        ("Об этом сообщает издание @mellen_news", None),
        ("https://t.me/+Aa0 @mellen_news", ""),
        (f"⚡️Ann Example:\n\n{NEWS}", f"Ann Example: {NEWS}"),
        ("Ann Example:\n\nNo.", "Ann Example: No."),
        ("Ann:\n⚡️ Example:\n⚡️ No.", "Ann: Example: No."),
        ("Why the bread is dear this year:\nflour", "Why the bread is dear this year: flour"),
        ("", ""),
        ("🔥", ""),
    ],
)
def test_the_lead_stands_unless_it_is_none(text: str, head: str | None) -> None:
    assert heads.choose_head(text) == (text if head is None else head)


@pytest.mark.parametrize(
    ("title", "stands"),
    [
        ("Пекарня сгорела дотла", True),
        ("🎙 Remarks by the Mayor of Mellen", True),
        ("Другие заявления бургомистра о ремонте:", False),
        ("Пожар", False),
        ("Who burned the bakery?", False),
    ],
)
def test_a_title_stands_if_it_tells_something(title: str, stands: bool) -> None:
    head = heads.choose_head(NEWS, title=title)
    assert head == (title.removeprefix("🎙 ") if stands else NEWS)


@pytest.mark.parametrize("title", ["Ann Example:", "Deputy minister Ann Example:"])
def test_a_few_words_and_a_colon_say_whose_the_words_are(title: str) -> None:
    assert heads.choose_head(NEWS, title=title) == f"{title} {NEWS}"
    longer = f"Answers of {title}"
    assert heads.choose_head(NEWS, title=f"And now the {longer}") == NEWS


@given(st.text(max_size=300), st.none() | st.text(max_size=40))
def test_nothing_is_made_up(text: str, title: str | None) -> None:
    head = heads.choose_head(text, title=title)
    assert count_pieces(head.split(), " ".join(f"{title or ''} {text}".split())) <= 3


def count_pieces(words: list[str], text: str) -> int:
    """Of how many stretches of a text these words are: a label, whose words follow it, is one."""
    pieces = start = 0
    while start < len(words):
        ends = range(len(words), start, -1)
        start = next(end for end in ends if " ".join(words[start:end]) in text)
        pieces += 1
    return pieces


def test_whose_words_a_head_is_stands_before_it() -> None:
    said = "I asked the council to mend the bridge at Mellen before the winter."
    head = heads.choose_head(f"{said} It was agreed.", title="💬 Mayor of Mellen Ann Brack:")
    assert head == f"Mayor of Mellen Ann Brack: {said}"
    assert heads.choose_head("", title="💬 Ann Brack:") == "Ann Brack:"
    assert heads.choose_head(said, title="Other statements of the mayor:") == said


def test_the_post_nearest_to_all_speaks_for_them() -> None:
    odd, middle, other = {2: 200, 4: 150}, {4: 180, 6: 180}, {6: 200, 8: 150}
    assert heads.nearest([odd, middle, other]) == 1
    assert heads.nearest([odd, odd]) == 0
    assert heads.nearest([odd, odd, odd], later=0.2) == 2
    assert heads.nearest([middle, odd], later=0.01) == 0
    assert heads.nearest([odd], later=0.2) == 0


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("Ann Roe:", "Ann Roe:"),
        ("The ferry of Mellen sank. Ann Roe:", "The ferry of Mellen sank."),
        ("Ann Roe:\nThe ferry of Mellen sank near Brun today.",
         "Ann Roe: The ferry of Mellen sank near Brun today."),
        ("Ann Roe of Brun:\nThe ferry of Mellen sank near Brun today.",
         "Ann Roe of Brun: The ferry of Mellen sank near Brun today."),
        ("The mayor of Old Brun:\nThe ferry of Mellen sank near Brun today.",
         "The ferry of Mellen sank near Brun today."),
    ],
)  # fmt: skip
def test_who_says_it_stands_before_it_or_alone(text: str, head: str) -> None:
    assert heads.choose_head(text) == head


@pytest.mark.parametrize(
    ("words", "stands"), [(4, False), (5, False), (6, True), (40, True), (41, False)]
)
def test_a_sentence_of_too_few_or_many_words_gives_way(words: int, stands: bool) -> None:
    sentence = f"Bakery {' '.join(['of'] * (words - 2))} Mellen."
    assert heads.choose_head(f"{sentence} {ENGLISH}") == (sentence if stands else ENGLISH)
    assert heads.choose_head(f"{NEWS} {sentence}") == NEWS


@pytest.mark.parametrize(("words", "stands"), [(2, False), (3, True), (40, True), (41, False)])
def test_a_title_of_too_few_or_many_words_is_none(words: int, stands: bool) -> None:
    title = " ".join(["bakery"] * words)
    assert heads.is_title(title) is stands
    assert not any(heads.is_title(f"{title}{end}") for end in ":?,;")
    assert heads.choose_head(ENGLISH, title=title) == (title if stands else ENGLISH)


@pytest.mark.parametrize(("before", "chosen"), [(1, True), (2, True), (3, False)])
def test_the_first_three_sentences_are_considered(before: int, chosen: bool) -> None:
    text = f"{'No bakery. ' * before}{ENGLISH}"
    assert heads.choose_head(text) == (ENGLISH if chosen else "No bakery.")


@pytest.mark.parametrize(
    "title",
    ["奥尔达地震死亡人数升至多人", "外務省、オルダ全域に退避勧告", "แผ่นดินไหวที่โอลดามีผู้เสียชีวิต"],
)
def test_a_title_without_spaces_is_a_title(title: str) -> None:
    assert heads.choose_head("关注 @olda", title=title) == title
    assert heads.choose_head(f"{title}\n关注 @olda") == title
