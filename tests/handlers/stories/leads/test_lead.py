"""What the first sentence of a text tells, of whom, and who says so. All texts are invented."""

import pytest

from handlers.stories import tokens
from handlers.stories.leads import lead


@pytest.mark.parametrize(
    ("text", "words", "names", "speakers"),
    [
        ("The old ferry Mellen sank in Brun. Nobody swims.", "old ferry sank", "mellen brun", ""),
        ("Ferry sank. Nobody of Brun swims.", "sank swims", "ferry brun", ""),
        ("Old ferry of Brun sank. Nobody swims.", "ferry sank", "old brun", ""),
        ("Mellen's ferry sank near Brun today", "ferry sank near", "mellen brun", ""),
        ("It is on the ferry of 12 days in June", "ferry", "", ""),
        # Who says it stands before a colon, or behind a dash at the end.
        ("Mellen: the old ferry sank near Brun", "old ferry sank near", "brun", "mellen"),
        ("Mayor of Mellen: the old ferry sank in Brun", "old ferry sank", "brun", "mellen"),
        ("By a mill of Mellen: old ferry sank in Brun", "mill old ferry sank", "brun", ""),
        ("By the mill of Mellen: ferry sank in Brun", "mill ferry sank", "brun", ""),
        ("By the big mill of Mellen: ferry sank in Brun", "mill ferry sank", "mellen brun", ""),
        ("A video of long docks: the ferry sank in Brun", "ferry sank", "brun", ""),
        ("A long video of docks: ferry sank in Brun", "long docks ferry sank", "brun", ""),
        ("The ferry: Brun sank it", "ferry sank", "brun", ""),
        ("The old ferry sank near Brun — Mellen", "old ferry sank near", "brun", "mellen"),
        ("The old ferry sank near Brun - Mellen", "old ferry sank near", "brun", "mellen"),
        ("The old ferry sank near Brun-Mellen", "old ferry sank near", "brun mellen", ""),
        ("Old ferry sank near Brun — mayor of Mellen", "ferry sank near", "old brun", "mellen"),
        ("Old ferry sank near Brun — mill of Mellen", "ferry sank near mill", "old brun", ""),
        ("Old ferry sank near Brun — witness of Mellen", "ferry sank near", "old brun", ""),
        ("The ferry sank in Brun — mill of Mellen burnt out", "ferry sank mill burnt", "brun", ""),
        (
            "A ferry sank in Brun — mill of Mellen burnt by fire",
            "ferry sank mill burnt",
            "brun mellen",
            "",
        ),
        ("The ferry sank in Brun by -700", "ferry sank", "brun", ""),
        ("The ferry sank — Mellen", "ferry sank", "mellen", ""),
        ("The ferry sank in Brun — Mellen", "ferry sank", "brun", "mellen"),
        # Whose words they are stands beside the word for saying.
        ("Old ferry sank, Ann Roe said today", "ferry sank", "old", "ann roe"),
        ("Old ferry sank, said Ann Roe of Mellen", "ferry sank", "old mellen", "ann roe"),
        ("Old ferry sank, said, Ann Roe of Mellen", "ferry sank", "old ann roe mellen", ""),
        ("Ann Roe, said ferry sank near Brun", "ferry sank near", "ann roe brun", ""),
        ("Ann of the town said ferry sank", "town ferry sank", "ann", ""),
        ("Ann of town said ferry sank in Brun", "town ferry sank", "brun", "ann"),
        ("said the one old Ann that ferry sank", "old ferry sank", "ann", ""),
        ("said the old Ann that ferry sank", "old ferry sank", "", "ann"),
        ("Ann said Mellen sank in the sea", "sank", "mellen", "ann"),
    ],
)
def test_what_a_text_begins_with(text: str, words: str, names: str, speakers: str) -> None:
    found = lead.read(text, tokens.read(text), 0)
    assert list(found.words) == words.split()
    assert found.names == tuple(names.split())
    assert found.speakers == frozenset(speakers.split())


def test_words_stand_where_they_stand_in_the_whole_post() -> None:
    text = "Ferry sank near Brun today"
    found = lead.read(text, tokens.read(text), 100)
    assert found.words == {"sank": (106, 110), "near": (111, 115)}
