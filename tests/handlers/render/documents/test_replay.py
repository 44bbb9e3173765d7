"""Replay: a file made again from its documents alone."""

import hashlib
from pathlib import Path

import pytest

from handlers.normalize.text import read_text
from handlers.render.documents.replay import replay
from storage.document import Document, from_json, to_json

BRIDGE = (
    "The two towns have opened a bridge that took nine years to build, the mayor told reporters."
)
HIDDEN = "Please open Telegram to view this post\nVIEW IN TELEGRAM"
EXACT = "Forwarded from Old Town\n🎙 Head\nKey points:\n🔹 One\nKey points:\n🔹 One"
BIG = "Media is too big\nVIEW IN TELEGRAM\nFerry leaves\nIt leaves at nine.\nIt leaves at nine."
LOSSY = (
    "Head of news\n🔹 One walks.\nThe lamp 🔦 is lit.\nRead in full\nThe lamp\nRead in full\n"
    + HIDDEN
)
HEADER = "The Old Town\n1.2K subscribers\n5 photos\nTown news\n\nand more\nDownload Telegram"


def stored(text: str) -> list[Document]:
    """The documents of a text, as they come back from JSON."""
    data = text.encode()
    digest = hashlib.sha256(data).hexdigest()
    return [from_json(to_json(item)) for item in read_text(text, file="a.txt", file_hash=digest)]


@pytest.mark.parametrize("number", ["000", "001", "002", "003"])
def test_a_seed_comes_back_byte_for_byte(shared: Path, number: str) -> None:
    path = next((shared / "seeds").glob(f"{number}_*.txt"))
    assert replay(stored(path.read_bytes().decode())).encode() == path.read_bytes()


@pytest.mark.parametrize(
    "text",
    [
        EXACT,
        f"{EXACT}\n{BIG}\n{LOSSY}\n{EXACT}",
        f"{LOSSY}\n{BIG}\n{EXACT}",
        f"{EXACT}\nA lamp burns\n{BIG}",
        f"{EXACT}\nexample.org\nA page on bridges\nAll the bridges.\n{BIG}",
        f"{EXACT}\n👍62👏2\n{BIG}",
        f"{BIG}\nOld Town\nIt leaves at nine\n{EXACT}",
        EXACT[:-3],
        f"{BIG}\nForwarded from Harbour\nHead\nfirst body, cut he",
        f"{HIDDEN}\n{EXACT}",
        BIG.replace("Media is too big", "This media is not supported in your browser"),
        f"Forwarded from Harbour\n{BIG}",
        " date 2024-02-09 \nForwarded from Harbour\nHead\nbody",
        f"{HEADER}\nHead\n\nbody\n\n#Tag\nForwarded from Harbour\nHead\n\none\ntwo\n\nend",
        f"{HEADER}\nHead\n\nbody\n{HIDDEN}\nNext head\nbody",
        "\u200bForwarded from Old Town\nbody",
    ],
)
def test_a_page_comes_back(text: str) -> None:
    assert replay(stored(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        f" date 2025-04-17 SPRINGFIELD, April 17. /TASS/. {BRIDGE}\n\n{BRIDGE}",
        f" date 2022-05-05 5 May. 16:30\n\n{BRIDGE}\n\n{BRIDGE}",
        f" date 2022-05-05 {BRIDGE}\n{BRIDGE}\n\n{BRIDGE}",
        f"All news\n\nTowns open a bridge\n\nThe toll falls\n\nUN, May 5. /TASS/. {BRIDGE}",
        f"All news\n\nTowns open a bridge\n\nThe toll falls\nThe mayor Ann Lee/X\nThe mayor\n"
        f"© Ann Lee/X\n\nUN, May 5. /TASS/. {BRIDGE}\nHeading here\n{BRIDGE}",
        f" date 2021-12-22 BAKU, Azerbaijan, Dec. 22\n\nTrend:\n\n{BRIDGE}",
        f" date 2022-07-28 World\n\nTowns open a bridge in spring\n\nUN, May 5. /TASS/. {BRIDGE}",
        f"UN, May 5. /TASS/. {BRIDGE}\n\n{BRIDGE}\n\nComments\n\ncomments",
        f"UN, May 5 (SPN):{BRIDGE}\n\n{BRIDGE}",
        f"Towns open a bridge\n\nUN, May 5 (SPN) -\n{BRIDGE}\n\n{BRIDGE}",
        f" date 2024-01-01 3.42 RUB\nThe mayor meets with builders\n{BRIDGE}",
        f"News\n\nPorts\n\nBridge opens\n\n5 May 2024, 16:30\n\n{BRIDGE}\n\n{BRIDGE}",
        f"News\n\nPorts\n\nWorld\n\nBridge opens over river\n\n5 May 2024, 16:30\n\n{BRIDGE}\n\n"
        f"{BRIDGE}\n\nRead also\n\n© Elm News, 2024",
        f"Bridge opens over river\n\n5 May 2024, 16:30\n\nPhoto: Ann Roe\n\nElm Images\n\nShare"
        f"\n\n{BRIDGE}\n\n{BRIDGE}\n\n© Elm News",
        f"Bridge opens over river\n\nShare\n\nPhoto: Ann Roe\n\n5 May 2024, 16:30\n\nThe deck of"
        f" it is long enough to be one\n\n{BRIDGE}\n\n{BRIDGE}\n\n© Elm News",
    ],
)
def test_an_article_comes_back(text: str) -> None:
    assert replay(stored(text)) == text


def test_the_order_given_does_not_matter() -> None:
    text = f"{EXACT}\n{BIG}"
    assert replay(reversed(stored(text))) == text


def test_no_documents_are_no_text() -> None:
    assert replay([]) == ""
