"""No more spans than Telegram keeps: of too many the last bold ones go, links stay."""

import pytest

from handlers.render.alerts.alerts import _limited
from handlers.render.text.messages import MESSAGE_SPANS
from handlers.render.text.rich import RichText, Span

URL = "https://example.org"


def text(bold: int, links: int) -> RichText:
    spans = [Span("bold", n, n + 1) for n in range(bold)]
    spans += [Span("link", bold + n, bold + n + 1, URL) for n in range(links)]
    return RichText("x" * (bold + links), tuple(spans))


@pytest.mark.parametrize(
    ("bold", "links", "left"),
    [
        (MESSAGE_SPANS - 5, 5, MESSAGE_SPANS - 5),
        (MESSAGE_SPANS - 4, 5, MESSAGE_SPANS - 5),
        (MESSAGE_SPANS, 5, MESSAGE_SPANS - 5),
        (5, MESSAGE_SPANS, 0),
        (3, MESSAGE_SPANS - 1, 1),
    ],
)
def test_what_is_too_much_of_the_bold_goes_first(bold: int, links: int, left: int) -> None:
    whole = text(bold, links)
    found = _limited(whole)
    assert found.text == whole.text
    assert [one for one in found.spans if one.kind == "bold"] == list(whole.spans[:left])
    assert [one for one in found.spans if one.kind == "link"] == list(whole.spans[bold:])


def test_where_there_are_links_alone_the_first_are_kept() -> None:
    whole = text(0, MESSAGE_SPANS + 3)
    assert _limited(whole).spans == whole.spans[:MESSAGE_SPANS]
