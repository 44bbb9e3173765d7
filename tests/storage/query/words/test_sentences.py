"""Stretches of a text: what stands around what is said."""

import itertools

import pytest

from storage.query.words import sentences


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("«Порт закрыт»", "Порт закрыт"),
        ("«Порт закрыт». *", "Порт закрыт"),
        ("«Порт «Заря» закрыт»!", "Порт «Заря» закрыт"),
        ("«Порт» закрыт", "«Порт» закрыт"),
        ("«Порт» закрыт «Зарёй»", "«Порт» закрыт «Зарёй»"),
        ("«Порт закрыт", "«Порт закрыт"),
        ("Порт закрыт", "Порт закрыт"),
        ("", ""),
    ],
)
def test_marks_around_all_of_it_are_left_aside(text: str, bare: str) -> None:
    start, end = sentences.unquoted(f"Он: {text}", 4, 4 + len(text))
    assert f"Он: {text}"[start:end] == bare


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Порт открыт. Паром ушёл.", ["Порт открыт.", "Паром ушёл."]),
        ("Порт открыт! Паром ушёл? Да…", ["Порт открыт!", "Паром ушёл?", "Да…"]),
        ("С. Зорин ушёл. Марлин нет", ["С. Зорин ушёл.", "Марлин нет"]),
        ("Mr. Marlin left. Dr. No came", ["Mr. Marlin left.", "Dr. No came"]),
        ("«Порт открыт. Мы рады!» — сказал он. Да", ["«Порт открыт. Мы рады!» — сказал он.", "Да"]),
        ("«Порт открыт». Паром ушёл", ["«Порт открыт».", "Паром ушёл"]),
        ('He said "Go. Now." Then left.', ['He said "Go. Now."', "Then left."]),
        ("Порт. 5 судов", ["Порт.", "5 судов"]),
        ("Порт. «Паром»", ["Порт.", "«Паром»"]),
        ("Порт.* Паром", ["Порт.*", "Паром"]),
        ("Порт (открыт). Паром", ["Порт (открыт).", "Паром"]),
        *(
            (whole, [whole])
            for whole in (
                "Порт", "В 2024 г. Зорин ушёл", "5 тыс. Тонн ушло", "т. е. Порт открыт",
                "U.S. Navy left", "at 5 p.m. Marlin left", "Порт. паром", "Порт. — Паром",
                "Порт.Паром", "Он сказал: «Порт. Паром",
            )
        ),
        ("", []),
        ("  ", []),
    ],
)  # fmt: skip
def test_a_line_is_cut_where_sentences_end(text: str, parts: list[str]) -> None:
    before = "Раньше. "
    whole = f"{before}{text}"
    spans = list(sentences.split(whole, len(before), len(whole)))
    assert [whole[start:end].strip() for start, end in spans] == parts
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("• Порт,", "Порт"),
        (" — Порт —", "Порт"),
        ("⚡️Порт", "Порт"),
        ("- «Порт»*", "«Порт»"),
        ("Порт\u00a0,", "Порт"),
        ("Порт, пишет РИА.", "Порт"),
        ("Порт — сообщает Марлин Таймс", "Порт"),
        ("Порт, передают СМИ", "Порт"),
        ("Port, according to Marlin.", "Port"),
        ("Порт @harbour", "Порт"),
        ("Порт. @harbour ", "Порт"),
        ("№5 порт", "№5 порт"),
        ("$5", "$5"),
        ("(порт)", "(порт)"),
        ("", ""),
        (" ", ""),
    ],
)
def test_bullets_and_who_reports_it_are_left_aside(text: str, bare: str) -> None:
    start, end = sentences.stripped(f"Он. {text}", 4, 4 + len(text))
    assert f"Он. {text}"[start:end] == bare


@pytest.mark.parametrize(
    ("text", "bare"), [("Порт — ", "Порт"), ("Порт*_", "Порт"), ("Порт \u00a0–", "Порт"), ("-", "")]
)
def test_a_dash_at_the_end_is_left_aside(text: str, bare: str) -> None:
    assert text[: sentences.before_dash(text, 0, len(text))] == bare


@pytest.mark.parametrize(
    ("text", "opening", "closing"),
    [
        ("«А «Б» В»", 0, 8),
        ("«А «Б»", 3, 5),
        ('«А "Б" В»', 0, 8),
        ('он "А" и "Б"', 9, 11),
        ("„А“", 0, 2),
        ("“А”", 0, 2),
        ("Б»", None, None),
    ],
)
def test_where_a_quotation_begins_and_ends(
    text: str, opening: int | None, closing: int | None
) -> None:
    assert sentences.opening_of(text, 0, len(text) - 1) == opening
    if opening is not None:
        assert sentences.closing_of(text, opening, len(text)) == closing


@pytest.mark.parametrize("behind", ["", " да", ",", ".", "»", "!", "?"])
def test_a_mark_that_opens_and_closes_closes_before_what_ends_a_word(behind: str) -> None:
    text = f"„Порт“{behind}"
    assert sentences.closing_of(text, 0, len(text)) == 5
    assert sentences.opening_of(text, 0, 5) == 0


@pytest.mark.parametrize("behind", ["П", "5", "(", "«"])
def test_it_opens_before_anything_else(behind: str) -> None:
    text = f"“{behind}орт” да"
    assert sentences.closing_of(text, 0, len(text)) == (None if behind == "«" else 5)
    assert sentences.opening_of(text, 0, 0) is None


@pytest.mark.parametrize("before", ["", *"(*_—–[ \n"])
def test_a_straight_mark_opens_at_a_beginning(before: str) -> None:
    assert sentences.is_inside(f'{before}"Порт', 0, 3)


@pytest.mark.parametrize("before", ["да", "5", ".", "!", "?", ")", "…", ","])
def test_a_straight_mark_closes_behind_anything_else(before: str) -> None:
    text = f'"{before}" Порт'
    assert sentences.closing_of(text, 0, len(text)) == len(before) + 1


@pytest.mark.parametrize(
    ("text", "inside"),
    [("«Порт» да", "Порт"), ("«А «Б» В» Г", "А «Б» В"), ('"А" Б', "А"), ("“A” b", "A")],
)
def test_what_stands_in_marks(text: str, inside: str) -> None:
    letters = [at for at, char in enumerate(text) if char.isalpha()]
    found = [at for at in letters if sentences.is_inside(text, 0, at)]
    begin = text.index(inside)
    assert found == [at for at in letters if begin <= at < begin + len(inside)]
