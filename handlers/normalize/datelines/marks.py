"""The letters, dashes and stops that datelines are made of."""

import re

SPACE = " \t\xa0"
UPPER = "A-ZÀ-ÖØ-ÞА-ЯЁĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĻŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽƏȘȚІЇЄҐЎӘҒҚҢӨҰҮҺ"
DASH = re.compile(r"[ \t\xa0]*(?:-{1,3}|[–—―_])(?=\s|$)|[ \t\xa0]+(?:--|[–—―])")
TIGHT_DASH = re.compile(r"[ \t\xa0]*(?:-{1,3}|[–—―_])")
STOP = re.compile(r"\.(?=\s|$)|\.(?=[-–—\"“«A-ZА-ЯЁ])")


def find_end(window: str, at: int, *, tight: bool) -> int | None:
    """Where a full stop, a dash or a colon ends the dateline. ``tight``: a dash needs no space."""
    dash = (TIGHT_DASH if tight else DASH).match(window, at)
    if dash is not None:
        return dash.end()
    stop = STOP.match(window, at)
    if stop is not None:
        dash = TIGHT_DASH.match(window, stop.end()) or DASH.match(window, stop.end())
        return dash.end() if dash else stop.end()
    return at + 1 if window[at : at + 1] == ":" else None


def skip(window: str, at: int, marks: str) -> int:
    """Past one of the marks, and the spaces after it."""
    if window[at : at + 1] and window[at] in marks:
        at += 1
    while at < len(window) and window[at] in SPACE:
        at += 1
    return at
